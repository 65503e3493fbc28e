/**
 * People of the simulated day on whom a mistake in the merge shows, whatever else the day brings: each has few events,
 * sent in a fixed order. What happens to the others is drawn and depends on the hour, so a mistake may find nobody
 * among them. It names the mistakes, and must never use the merge or what makes one of them.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { formatTime, HOUR_MS, shanghaiDayOf, startOfShanghaiDayMs } from '#core/field/time.ts';
import type { Document } from './people.ts';
import { resident } from './story.ts';

export interface Witness {
  /** A mistake that shows on this person; of some mistakes, on one of two people. */
  readonly against: string;
  /** Each is sent when the one before was accepted. */
  readonly sent: readonly SentLine[];
}

export interface SentLine {
  readonly province: ProvinceCode;
  readonly line: string;
}

interface Sent {
  readonly type: string;
  readonly province: ProvinceCode;
}

const HOME: ProvinceCode = '42';
const NEIGHBOUR: ProvinceCode = '43';
/** More than a view keeps of dated tests, and of codes. */
const TOO_MANY = 10;

export function witnessesOf(nowMs: number): readonly Witness[] {
  const { report, code, stay, ago } = writing(nowMs);
  const several = (make: (number: number) => Sent): Sent[] => Array.from({ length: TOO_MANY }, (_, at) => make(at));
  const histories: readonly (readonly [against: string, events: readonly Sent[]])[] = [
    [
      'the status rank is ignored: the later issue wins',
      [report({ issued: 10 }), report({ issued: 9, status: 'preliminary' })],
    ],
    // Which of the two counts is for their bytes to say: it comes first to the one, last to the other.
    ['the last to arrive wins among equals', [report({ result: 'negative' }), report({ result: 'invalid' })]],
    ['the last to arrive wins among equals', [report({ result: 'invalid' }), report({ result: 'negative' })]],
    [
      'a retraction deletes, so that a late report revives the register',
      [report({ issued: 9, status: 'retracted' }), report({ issued: 10 })],
    ],
    [
      'a retraction outranks whatever is issued after it',
      [report({ issued: 9, status: 'retracted' }), report({ issued: 8 })],
    ],
    [
      'a retraction is forgotten once a report stands after it',
      [report({ issued: 9, status: 'retracted' }), report({ issued: 8 }), report({ issued: 10, status: 'corrected' })],
    ],
    [
      'a report of a lower rank is forgotten though it was issued later',
      [report({ issued: 10, status: 'corrected' }), report({ issued: 8 }), report({ issued: 9, status: 'retracted' })],
    ],
    [
      'one bound for all publishers: a register that was cut returns when another’s leave',
      several((number) => report({ sampleId: `W${number}`, province: number % 2 === 0 ? HOME : NEIGHBOUR })),
    ],
    // The lowest number is cut first, and those after it were issued later.
    [
      'a cut remembers the first register that it dropped only',
      several((number) => report({ sampleId: `W${number}`, issued: 15 - number })),
    ],
    // The lowest number is cut, which was issued last.
    ['a cut forgets the latest issue', several((number) => report({ sampleId: `W${number}`, issued: 5 + number }))],
    [
      'the list is cut by time of issue instead of by key',
      several((number) => report({ sampleId: `W${number}`, issued: 5 + number })),
    ],
    // In the small hours it is still the day before in Greenwich.
    ['the day is that of UTC', [report({ sampledAtMs: startOfShanghaiDayMs(shanghaiDayOf(ago(18))) + 3 * HOUR_MS })]],
    [
      'a green takes the province’s older codes away, so that it matters which came first',
      [
        code({ decisionId: 'K1', assigned: 12, state: 'red' }),
        code({ decisionId: 'K2', assigned: 10, state: 'green' }),
      ],
    ],
    [
      'a decision is identified by its number alone, whichever province decided',
      [code({ decisionId: 'K1', assigned: 12 }), code({ decisionId: 'K1', assigned: 12, province: NEIGHBOUR })],
    ],
    [
      'what was cut of the codes isn’t remembered',
      several((number) => code({ decisionId: `K${number}`, assigned: 12 })),
    ],
    // The lowest number is cut, whose first version ended last.
    [
      'what was cut of the codes is remembered by the version that counted alone',
      [
        code({ decisionId: 'K0', assigned: 12, days: 20 }),
        code({ decisionId: 'K0', assigned: 12, recorded: 11 }),
        ...several((number) => code({ decisionId: `K${number + 1}`, assigned: 12 })),
      ],
    ],
    [
      'an exposure that has an end is never one without again',
      [stay({ to: 30, recorded: 12 }), stay({ to: null, recorded: 10, status: 'corrected' })],
    ],
  ];
  return histories.map(([against, events], index) => {
    const person = personOf(index);
    return {
      against,
      sent: events.map((event) => ({ province: event.province, line: JSON.stringify({ person, ...event }) })),
    };
  });
}

export function describeWitnesses(witnesses: readonly Witness[]): string {
  const mistakes = new Set(witnesses.map(({ against }) => against)).size;
  return `${witnesses.length} people, by the order of whose events each of ${mistakes} mistakes in the merge shows`;
}

function personOf(index: number): Document {
  return resident('420106', `197001${String(index + 1).padStart(2, '0')}`);
}

/** Events in which only what matters is said. Times are hours before now. */
function writing(nowMs: number) {
  const ago = (hours: number): number => nowMs - hours * HOUR_MS;
  const at = (hours: number): string => formatTime(ago(hours));
  return {
    ago,
    report: ({
      sampleId = 'W1',
      sampledAtMs = ago(20),
      issued = 5,
      status = 'final',
      result = 'negative',
      province = HOME,
    }: {
      sampleId?: string;
      sampledAtMs?: number;
      issued?: number;
      status?: string;
      result?: string;
      province?: ProvinceCode;
    }) => ({
      type: 'TestReported',
      province,
      laboratory: 'witness',
      sampleId,
      status,
      method: 'nucleic_acid',
      sampledAt: formatTime(sampledAtMs),
      reportIssuedAt: at(issued),
      result,
    }),
    code: ({
      decisionId,
      assigned,
      state = 'yellow',
      province = HOME,
      recorded = assigned,
      days = 7,
    }: {
      decisionId: string;
      assigned: number;
      state?: string;
      province?: ProvinceCode;
      recorded?: number;
      days?: number;
    }) => ({
      type: 'CodeAssigned',
      province,
      decisionId: `witness ${decisionId}`,
      state,
      reason: state === 'green' ? 'conditions_met' : 'exposure',
      authority: '武汉市疾病预防控制中心',
      legalBasis: '健康码赋码规则第五条',
      assignedAt: at(assigned),
      recordedAt: at(recorded),
      ...(state === 'green' ? {} : { expiresAt: at(assigned - days * 24), appealContact: '027-12345' }),
    }),
    stay: ({ to, recorded, status = 'final' }: { to: number | null; recorded: number; status?: string }) => ({
      type: 'ExposureRecorded',
      province: HOME,
      exposureId: 'witness',
      status,
      riskArea: '420106',
      level: 'high',
      from: at(48),
      to: to === null ? null : at(to),
      recordedAt: at(recorded),
    }),
  };
}
