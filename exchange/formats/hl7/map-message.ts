/**
 * One HL7 v2 message as events for the door: one for each SARS-CoV-2 test, and a reason for each result that isn't
 * taken. Pure, and never throws, whatever the bytes. What it returns beside the events names no person.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { mapResult } from './map-result.ts';
import { parseMessage, type Segment } from './message.ts';
import { type Meaning, readObservation } from './observation.ts';
import { type Candidate, onePerSample } from './one-per-sample.ts';
import { type Observation, type Order, ordersOf } from './orders.ts';
import { decodeMessage } from './text-encoding.ts';
import { offsetOf } from './timestamp.ts';

/** A result (`OBX 2`), or '' for the whole message, and all that is wrong with it. */
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
}

interface Read extends Observation {
  readonly order: Order;
  readonly meaning: Meaning;
}

const CONTROL_ID_CHARS_MAX = 64;

export function mapMessage(bytes: Uint8Array, settings: MappingSettings): MappedMessage {
  const segments = parseMessage(decodeMessage(bytes));
  const msh = segments?.[0];
  if (segments === null || msh === undefined) {
    return {
      controlId: '',
      events: [],
      notes: [],
      refused: [
        whole(
          'MSH-2',
          'does not say how the message is delimited',
          'send MSH|^~\\&| or other delimiters that all differ',
        ),
      ],
    };
  }
  const controlId = printableControlId(msh, segments);
  if (!isOruR01(msh)) {
    return {
      controlId,
      events: [],
      notes: [],
      refused: [whole('MSH-9', `is ${messageType(msh)}, not ORU^R01`, 'only laboratory results are imported')],
    };
  }
  const reads = ordersOf(segments).flatMap((order) =>
    order.observations.map((at): Read => ({ ...at, order, meaning: readObservation(at.segment, order.obr) })),
  );
  const mapped = mapReads(msh, reads, { ...settings, timeZone: offsetOf(msh.text(7)) ?? settings.timeZone });
  const training = ['T', 'D'].includes(msh.text(11)) && mapped.events.length > 0;
  const notes = training
    ? [
        whole(
          'MSH-11',
          'says that this is no production message; it is taken all the same',
          'keep training messages out of a production exchange',
        ),
        ...mapped.notes,
      ]
    : mapped.notes;
  return { ...mapped, controlId, notes };
}

function mapReads(msh: Segment, reads: readonly Read[], settings: MappingSettings): Omit<MappedMessage, 'controlId'> {
  const refused = reads.flatMap(({ within, meaning }) => refusalOf(within, meaning));
  const notes: Refused[] = [];
  const candidates: Candidate[] = [];
  for (const [order, ofOrder] of Map.groupBy(testsOf(reads), (read) => read.order)) {
    const results = ofOrder.map((read) => ({
      read,
      mapped: mapResult(msh, order, read.segment, read.meaning.method, settings),
    }));
    // A gene that can't be read may be the one that was found: the others don't stand for the test then.
    const isBroken = results.some(({ read, mapped }) => read.meaning.kind === 'target' && !mapped.ok);
    for (const { read, mapped } of results) {
      if (!mapped.ok) refused.push({ within: read.within, faults: mapped.faults });
      else if (isBroken)
        refused.push({
          within: read.within,
          faults: [{ field: 'OBX-5', reason: 'another target of the same test can’t be read', hint: 'mend that one' }],
        });
      else
        candidates.push({
          within: read.within,
          isTarget: read.meaning.kind === 'target',
          event: mapped.event,
          origins: mapped.origins,
        });
      if (mapped.ok && mapped.notes.length > 0) notes.push({ within: read.within, faults: mapped.notes });
    }
  }
  const chosen = onePerSample(candidates);
  refused.push(...chosen.refused.map(({ within, fault }) => ({ within, faults: [fault] })));
  if (chosen.kept.length === 0 && refused.length === 0) refused.push(emptyRefusal(reads));
  return { events: chosen.kept, refused, notes };
}

type Test = Read & { readonly meaning: Extract<Meaning, { method: unknown }> };

/** The tests' own results; their genes only in an order that has nothing else. */
function testsOf(reads: readonly Read[]): readonly Test[] {
  const tests = reads.filter((read): read is Test => 'method' in read.meaning);
  const whole = new Set(tests.filter(({ meaning }) => meaning.kind === 'virus').map(({ order }) => order));
  return tests.filter(({ meaning, order }) => meaning.kind === 'virus' || !whole.has(order));
}

function refusalOf(within: string, meaning: Meaning): readonly Refused[] {
  if (meaning.kind === 'antibody')
    return [
      {
        within,
        faults: [
          { field: 'OBX-3', reason: 'reports antibodies, which is no test for the virus', hint: 'nothing to send' },
        ],
      },
    ];
  if (meaning.kind === 'unclear')
    return [
      {
        within,
        faults: [
          {
            field: 'OBX-3',
            reason: meaning.reason,
            hint: 'send the LOINC code of the test, such as 94500-6 (RNA) or 94558-4 (antigen)',
          },
        ],
      },
    ];
  return [];
}

function emptyRefusal(reads: readonly Read[]): Refused {
  const related = reads.find(({ meaning }) => meaning.kind === 'related');
  if (related !== undefined)
    return {
      within: related.within,
      faults: [
        {
          field: 'OBX-3',
          reason: 'covers all SARS-related viruses, not SARS-CoV-2 alone',
          hint: 'send the result for SARS-CoV-2',
        },
      ],
    };
  return whole(
    'OBX-3',
    'no observation of the message is a SARS-CoV-2 result',
    'nothing to send, unless the test has a code that names no virus: send its LOINC code',
  );
}

function whole(field: string, reason: string, hint: string): Refused {
  return { within: '', faults: [{ field, reason, hint }] };
}

function isOruR01(msh: Segment): boolean {
  return (
    msh.text(9, 1) === 'ORU' && (msh.text(9, 2) === 'R01' || (msh.text(9, 2) === '' && msh.text(9, 3) === 'ORU_R01'))
  );
}

function messageType(msh: Segment): string {
  const type = `${msh.text(9, 1)}^${msh.text(9, 2)}`;
  return /^[A-Z]{3}\^([A-Z]\d\d)?$/.test(type) ? type : 'another type of message';
}

/** Some senders build MSH-10 from the patient's number: what is the patient's is left out. */
function printableControlId(msh: Segment, segments: readonly Segment[]): string {
  const personal = segments
    .filter(({ id }) => id === 'PID')
    .flatMap(personalTextsOf)
    .toSorted((left, right) => right.length - left.length);
  const masked = personal.reduce((text, own) => text.replace(literally(own), '…'), msh.text(10));
  return masked.replace(/[^\u0021-\u007e…]/g, '').slice(0, CONTROL_ID_CHARS_MAX);
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[^A-Za-z0-9\u0080-\uffff]/g, '\\$&'), 'gi');
}

function personalTextsOf(pid: Segment): readonly string[] {
  const numbers = [2, 3, 4, 18, 19, 20].flatMap((field) =>
    pid.repetitions(field).map((repetition) => repetition.text(1)),
  );
  const names = [5, 6, 9].flatMap((field) =>
    pid.repetitions(field).flatMap((repetition) => [1, 2, 3].map((component) => repetition.text(component))),
  );
  return [...numbers, ...names].filter((text) => text.length >= 3);
}
