/**
 * One message of a sender to its acknowledgement: read by the sender's profile, its events reported at the door, and
 * what the door says told by places of the message. It must never say AA before the door has accepted each event.
 */

import type { DoorReply } from '#exchange/door/post-events.ts';
import { describeFault, type FormatFault } from '#exchange/formats/format-fault.ts';
import { hl7 } from '#exchange/formats/hl7/reader.ts';
import { describePointer } from '#exchange/formats/location.ts';
import type { Item, MappingSettings, MessageSpot } from '#exchange/formats/reader.ts';
import type { ErrorCode, Trouble, Verdict } from './acknowledgement.ts';
import { placeOf, segmentsOf } from './places.ts';

export interface Door {
  /** Never throws. */
  post(events: readonly { readonly json: string }[]): Promise<DoorReply>;
}

type EventItem = Extract<Item, { kind: 'event' }>;

/** What keeps something from being taken, before its place in the message is looked for. */
interface Found {
  readonly within: string;
  /** The same in numbers; none for the whole. */
  readonly spot: MessageSpot | undefined;
  readonly field: string;
  readonly problem: string;
  readonly text: string;
}

/** So many things to mend are told; the last of them counts the others. */
const TROUBLES_MAX = 20;
/** As MLLP ends a message: so the reader knows that it is whole. */
const END = Buffer.from('\u001c\r');

export async function takeMessage(message: Buffer, settings: MappingSettings, door: Door): Promise<Verdict> {
  const found: Found[] = [];
  const events: EventItem[] = [];
  const messages = new Set<string>();
  let isWhole = true;
  for await (const item of hl7.read(endedBy(message), settings)) {
    if (item.kind === 'file_fault') {
      isWhole = false;
      found.push(foundOf(WHOLE, item.fault));
      continue;
    }
    messages.add(item.at);
    if (item.kind === 'event') events.push(item);
    if (item.kind !== 'refused') continue;
    // What is wrong with the header, or with the message as a whole, is wrong with all of it.
    if (item.within === '' || item.faults.some(({ field }) => field.startsWith('MSH-'))) isWhole = false;
    found.push(...item.faults.map((fault) => foundOf(item, fault)));
  }
  if (messages.size > 1) return refusedWhole([foundOf(WHOLE, ONE_MESSAGE)], message);
  if (!isWhole) return refusedWhole(found, message);
  if (events.length === 0) return verdictOf(found, message);
  return afterDoor(events, await door.post(events), found, message);
}

/** Nobody here can take it now, whatever it says. */
export function notNow(why: string): Verdict {
  return { code: 'AR', troubles: [{ place: null, code: 207, problem: '', text: `${why}. Send it again later` }] };
}

function afterDoor(events: readonly EventItem[], reply: DoorReply, found: readonly Found[], message: Buffer): Verdict {
  if (reply.kind === 'split') return refusedWhole([...found, foundOf(WHOLE, unread(reply.why))], message);
  if (reply.kind !== 'answered') return notNow(`the exchange does not take it now: ${reply.why}`);
  const refused: Found[] = [];
  for (const [index, event] of events.entries()) {
    const result = reply.results.get(index);
    if (result?.kind === 'refused') {
      const { pointer, code, detail, hint } = result;
      refused.push(foundOf(event, { field: describePointer(pointer, event.origins), reason: detail, hint }, code));
    } else if (result?.kind !== 'accepted' && result?.kind !== 'duplicate')
      return notNow('the exchange could not take all of it');
  }
  return verdictOf([...found, ...refused], message);
}

function verdictOf(found: readonly Found[], message: Buffer): Verdict {
  return { code: found.length === 0 ? 'AA' : 'AE', troubles: troublesOf(found, message) };
}

function refusedWhole(found: readonly Found[], message: Buffer): Verdict {
  return { code: 'AR', troubles: troublesOf(found, message) };
}

const WHOLE = { within: '' };

function foundOf({ within, spot }: Pick<EventItem, 'within' | 'spot'>, fault: FormatFault, problem = ''): Found {
  return { within, spot, field: fault.field, problem, text: describeFault(fault) };
}

function troublesOf(found: readonly Found[], message: Buffer): readonly Trouble[] {
  const isMore = found.length > TROUBLES_MAX;
  const segments = segmentsOf(message);
  const told = found
    .slice(0, isMore ? TROUBLES_MAX - 1 : TROUBLES_MAX)
    .map(({ within, spot, field, problem, text }): Trouble => ({
      place: placeOf(segments, spot, field),
      code: codeFor(field, text),
      problem,
      text: within === '' ? text : `${within}: ${text}`,
    }));
  if (!isMore) return told;
  const text = `${found.length - told.length} more things are to be mended: hutong import --check lists them all`;
  return [...told, { place: null, code: 102, problem: '', text }];
}

function codeFor(field: string, text: string): ErrorCode {
  if (field.startsWith('MSH-9')) return 200;
  if (field.startsWith('MSH-11')) return 202;
  if (/ (is missing|holds no|are missing)\b/.test(text)) return 101;
  if (/none of the known|no known|unknown/.test(text)) return 103;
  return /segment|belongs to no message/.test(text) ? 100 : 102;
}

const ONE_MESSAGE: FormatFault = {
  field: 'MSH',
  reason: 'stands more than once in one frame',
  hint: 'send each message in a frame of its own, and batches as files',
};

function unread(why: string): FormatFault {
  return { field: '', reason: `can’t be read by the exchange: ${why}`, hint: 'tell who runs it' };
}

async function* endedBy(message: Buffer): AsyncGenerator<Uint8Array> {
  yield message;
  yield END;
}
