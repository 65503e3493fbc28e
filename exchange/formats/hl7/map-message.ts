/**
 * One HL7 v2 message as events for the door: one for each SARS-CoV-2 test, and a reason for each result that isn't
 * taken. Pure, and never throws, whatever the bytes. What it returns beside the events names no person.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { BROKEN_TARGET, type MappedResult, RELATED, RELATED_BESIDE } from '#exchange/formats/mapped-result.ts';
import { type Candidate, onePerSample, sharedSamplesIn } from '#exchange/formats/one-per-sample.ts';
import type { MappingSettings, MessageSpot } from '#exchange/formats/reader.ts';
import { controlIdOf } from './control-id.ts';
import { openOrdersOf } from './cut.ts';
import { mapResult } from './map-result.ts';
import type { Segment } from './message.ts';
import { type Meaning, readObservation } from './observation.ts';
import { type OrderFacts, orderFactsOf, personReader } from './order-facts.ts';
import { type Observation, type Order, ordersOf } from './orders.ts';
import { headerFaultOf, IGNORED, meaningFault, NO_OBSERVATION, NONE_YET, SPLIT_FAULTS } from './refusals.ts';
import { type LineFault, readSegments } from './segments.ts';
import type { Standing } from './standing.ts';
import { decodeMessage } from './text-encoding.ts';

/** A result (`OBX 2`), or '' for a message in which none can be told, and all that is wrong with it. */
export interface Refused {
  readonly within: string;
  readonly faults: readonly FormatFault[];
}

export interface MappedMessage {
  /** MSH-10, without whatever in it is also a name or number of the patient. */
  readonly controlId: string;
  readonly events: readonly Candidate[];
  readonly refused: readonly Refused[];
  /** What was overlooked in events that are taken. */
  readonly notes: readonly Refused[];
  /** Observations that are left out by design: another disease's, an answer to a question, a part of what is taken. */
  readonly ignored: readonly Refused[];
  /** Each `within` of these in numbers; none for the whole. */
  readonly spots: ReadonlyMap<string, MessageSpot>;
}

interface Read extends Observation {
  readonly order: Order;
  readonly meaning: Meaning;
}

const NOTHING = { events: [], refused: [], notes: [], ignored: [], spots: new Map() } as const;
const WHOLE: Standing = { ending: 'proven', isDoubtful: false };

export function mapMessage(bytes: Uint8Array, settings: MappingSettings, standing = WHOLE): MappedMessage {
  const read = readSegments(decodeMessage(bytes), standing.ending === 'open');
  if (typeof read === 'string') return { ...NOTHING, controlId: '', refused: [whole(SPLIT_FAULTS[read])] };
  const { segments, broken, noted, setAside, hasFragment } = read;
  const msh = segments[0] as Segment;
  const controlId = controlIdOf(msh, segments);
  const orders = ordersOf(segments);
  const reads = orders.flatMap((order) =>
    order.observations.map((at): Read => ({
      ...at,
      order,
      meaning: readObservation(at.segment, order.obr, at.isOfSpecimen, settings.testCodes),
    })),
  );
  const spots = new Map([...reads, ...broken, ...noted, ...setAside].map(({ within, spot }) => [within, spot]));
  const asText = setAside.map(({ within, fault }) => ({ within, faults: [fault] }));
  const headerFault = broken.length > 0 ? null : headerFaultOf(msh, settings, standing);
  if (headerFault !== null) return { ...NOTHING, controlId, spots, refused: all(reads, headerFault), ignored: asText };
  const ignored = [...asText, ...reads.flatMap(ignoredByDesign)];
  if (broken.length > 0) return { ...NOTHING, controlId, spots, refused: brokenRefusals(broken, reads), ignored };
  const open = openOrdersOf(segments, orders, standing.ending);
  const mapped = mapReads(msh, reads, open, settings);
  const notes = [...noted.map(({ within, fault }) => ({ within, faults: [fault] })), ...mapped.notes];
  if (mapped.events.length === 0 && mapped.refused.length === 0) {
    // Also a message of another disease is only known to be that where it came whole.
    const fault = reads.length === 0 ? NO_OBSERVATION : open.size > 0 || hasFragment ? NONE_YET : null;
    if (fault !== null) return { ...NOTHING, controlId, spots, refused: all(reads, fault), ignored: asText, notes };
  }
  return { ...mapped, controlId, spots, ignored: [...ignored, ...mapped.ignored], notes };
}

/** Each observation, so that none goes uncounted; the message where it has none. */
function all(reads: readonly Read[], fault: FormatFault): readonly Refused[] {
  return reads.length === 0 ? [whole(fault)] : reads.map(({ within }) => ({ within, faults: [fault] }));
}

function ignoredByDesign({ within, meaning }: Read): readonly Refused[] {
  return meaning.kind === 'other' ? [{ within, faults: [IGNORED[meaning.is]] }] : [];
}

/** Any line that can't be read might be the result that the others contradict. */
function brokenRefusals(broken: readonly LineFault[], reads: readonly Read[]): readonly Refused[] {
  const [first] = broken;
  const because = {
    field: '',
    reason: `isn’t taken, as the message holds something that can’t be read (${first?.within})`,
    hint: 'mend that, and send the message again',
  };
  return [
    ...broken.map(({ within, fault }) => ({ within, faults: [fault] })),
    ...reads.filter(({ meaning }) => meaning.kind !== 'other').map(({ within }) => ({ within, faults: [because] })),
  ];
}

function mapReads(
  msh: Segment,
  reads: readonly Read[],
  open: ReadonlyMap<Order, FormatFault>,
  settings: MappingSettings,
): Omit<MappedMessage, 'controlId' | 'spots'> {
  const refused: Refused[] = [];
  const notes: Refused[] = [];
  const candidates: Candidate[] = [];
  const personFor = personReader(settings);
  for (const [order, ofOrder] of Map.groupBy(reads, (read) => read.order)) {
    for (const { within, meaning } of ofOrder) {
      const fault = meaningFault(meaning);
      if (fault !== null) refused.push({ within, faults: [fault] });
    }
    const tests = ofOrder.filter(isTest);
    if (tests.length === 0) continue;
    const cut = open.get(order);
    if (cut !== undefined) {
      refused.push(...tests.map(({ within }) => ({ within, faults: [cut] })));
      continue;
    }
    const facts = orderFactsOf(msh, order, settings, personFor(order.pid));
    takeOrder(mapTests(msh, tests, facts, settings), candidates, refused, notes);
  }
  const shared = sharedSamplesIn(candidates);
  refused.push(...shared.map(({ within, fault }) => ({ within, faults: [fault] })));
  const isShared = new Set(shared.map(({ within }) => within));
  const chosen = onePerSample(
    shared.length === 0 ? candidates : candidates.filter(({ within }) => !isShared.has(within)),
    WORDS,
  );
  refused.push(...chosen.refused.map(({ within, fault }) => ({ within, faults: [fault] })));
  const ignored = chosen.ignored.map(({ within, fault }): Refused => ({ within, faults: [fault] }));
  const related = reads.filter(({ meaning }) => meaning.kind === 'related');
  if (chosen.kept.length > 0)
    ignored.push(...related.map(({ within }) => ({ within, faults: [{ field: 'OBX-3', ...RELATED_BESIDE }] })));
  else refused.push(...related.map(({ within }) => ({ within, faults: [{ field: 'OBX-3', ...RELATED }] })));
  return { events: chosen.kept, refused, notes, ignored };
}

type Test = Read & { readonly meaning: Extract<Meaning, { method: unknown }> };
type Tested = { readonly read: Test; readonly mapped: MappedResult };

function isTest(read: Read): read is Test {
  return 'method' in read.meaning;
}

function mapTests(
  msh: Segment,
  tests: readonly Test[],
  facts: OrderFacts,
  settings: MappingSettings,
): readonly Tested[] {
  return tests.map((read) => ({ read, mapped: mapResult(msh, facts, read.segment, read.meaning.method, settings) }));
}

function takeOrder(results: readonly Tested[], candidates: Candidate[], refused: Refused[], notes: Refused[]): void {
  const hasWhole = results.some(({ read }) => read.meaning.kind === 'virus');
  const isBroken = !hasWhole && results.some(({ mapped }) => !mapped.ok);
  for (const { read, mapped } of results) {
    const { within } = read;
    const isTarget = read.meaning.kind === 'target';
    if (!mapped.ok) refused.push({ within, faults: mapped.faults });
    else if (isBroken) refused.push({ within, faults: [{ field: 'OBX-5', ...BROKEN_TARGET }] });
    else {
      candidates.push({ within, isTarget, event: mapped.event, origins: mapped.origins });
      if (mapped.notes.length > 0) notes.push({ within, faults: mapped.notes });
    }
  }
}

const WORDS = {
  valueOf: () => 'OBX-5',
  apart: 'send the overall result alone, or give each test a sample id of its own in SPM-2',
};

function whole(fault: FormatFault): Refused {
  return { within: '', faults: [fault] };
}
