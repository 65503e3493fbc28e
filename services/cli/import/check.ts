/**
 * `hutong import --check`: what the door would say of each record, without a door. It must never send anything, and
 * accounts for every record of a file exactly once.
 */

import { randomBytes } from 'node:crypto';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { readEventJson } from '#exchange/formats/json/read.ts';
import { describeLocation, describePointer } from '#exchange/formats/location.ts';
import type { Item } from '#exchange/formats/reader.ts';
import { callerHolding } from '#exchange/identity/caller.ts';
import { type Judge, judgeEvent } from '#exchange/intake/judge.ts';
import { refusalOf } from '#platform/problems.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { WHOLE } from '#services/cli/shared/items.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { type HowRead, openAll, readAs } from './import.ts';
import { sentence } from './report.ts';

export interface CheckSettings extends HowRead {
  readonly asJson: boolean;
  /** How far a sender's clock may be ahead, as a door takes it. */
  readonly clockSkewMs: number;
}

/** Stands for the ids that a door makes: none is printed. */
const NO_ID = '00000000-0000-7000-8000-000000000000';

/** What becomes of one record. */
interface Checked {
  /** File and place in it. */
  readonly place: string;
  readonly outcome: 'accepted' | 'refused' | 'ignored';
  /** Null: nothing is to be said of it. */
  readonly reason: string | null;
  /** As the door would take it; null where there is none to take. */
  readonly event: unknown;
}

/** @returns the exit status. @throws UsageError */
export async function checkFiles(
  paths: readonly string[],
  settings: CheckSettings,
  nowMs: number,
  print: Print = onConsole,
): Promise<number> {
  const judge = judgeAt(nowMs, settings.clockSkewMs);
  const counts = { accepted: 0, refused: 0, ignored: 0 };
  const take = (checked: Checked) => {
    counts[checked.outcome] += 1;
    if (settings.asJson) print(JSON.stringify(checked));
    else if (checked.reason !== null) print(`${checked.outcome}: ${checked.place}: ${checked.reason}`);
  };
  for (const opened of await openAll(paths, settings))
    if (opened.input === null) take(ofFile(opened.path, WHOLE, opened.fault));
    else for await (const checked of checkedOf(opened.path, readAs(opened.input, settings), judge)) take(checked);
  const { accepted, refused, ignored } = counts;
  if (!settings.asJson) print(`${accepted} accepted, ${refused} refused, ${ignored} ignored; nothing was sent`);
  return refused > 0 ? EXIT.failed : EXIT.ok;
}

async function* checkedOf(file: string, items: AsyncIterable<Item>, judge: Judge): AsyncGenerator<Checked> {
  // Notes come before the event that they are of, and are no records.
  const notes: FormatFault[] = [];
  for await (const item of items) {
    if (item.kind === 'note') notes.push(...item.faults);
    else if (item.kind === 'file_fault') yield ofFile(file, item.at, item.fault);
    else {
      const place = describeLocation({ file, at: item.at, within: item.within });
      if (item.kind === 'event') yield { place, ...judged(item, judge, notes.splice(0)) };
      else yield { place, outcome: item.kind, reason: item.faults.map(sentence).join('; '), event: null };
    }
  }
}

function ofFile(file: string, at: string, fault: FormatFault): Checked {
  const place = describeLocation({ file, at, within: '' });
  return { place, outcome: 'refused', reason: sentence(fault), event: null };
}

function judged(
  { json, origins }: Extract<Item, { kind: 'event' }>,
  judge: Judge,
  notes: readonly FormatFault[],
): Omit<Checked, 'place'> {
  const read = readEventJson(Buffer.from(json));
  const value = read.ok ? read.value : null;
  const taken = judgeEvent({ value, ...(read.ok ? {} : { refusal: refusalOf(read.why, read.pointer) }) }, judge);
  if (taken.ok)
    return { outcome: 'accepted', reason: notes.length === 0 ? null : notes.map(sentence).join('; '), event: value };
  const { pointer, code, detail = '', hint = '' } = taken.refusal;
  const reason = [describePointer(pointer, origins), `${detail} [${code}]`].filter((part) => part !== '').join(': ');
  return { outcome: 'refused', reason: hint === '' ? reason : `${reason}. To mend: ${hint}`, event: null };
}

/** Of any province: whether somebody may send for it is the door's to say. */
function judgeAt(nowMs: number, clockSkewMs: number): Judge {
  const delivery = { eventId: NO_ID, acceptedAtMs: nowMs, producerInstance: 'check' };
  return {
    caller: callerHolding('national', { provinces: 'all' }),
    served: PROVINCE_CODES,
    deliveryFor: () => delivery,
    speaksForNation: true,
    // Of this one run: nobody is to be recognised by it.
    options: { secrets: [randomBytes(32)], clockSkewMs },
  };
}
