/**
 * An example history as JSON, for cases and for the command line: what a person's events would be, and the view and the
 * presented evidence that they come to. It makes no events for the exchange.
 */
import { type Static, Type } from '@sinclair/typebox';
import { CHANNELS, type Presented } from '#core/evidence.ts';
import { type PersonEvent, STATUSES, TEST_RESULTS } from '#core/events.ts';
import { merge } from '#core/merge.ts';
import { PROVINCE_CODES } from '#core/regions.ts';
import { type ParsedTime, parseTime } from '#core/time.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view.ts';
import { choice, closed } from './clause-schema.ts';

const time = Type.String({ maxLength: 64, description: 'ISO 8601 with offset, or a date alone' });
const province = Type.Optional(choice(PROVINCE_CODES, 'whose; without it 43'));
const channel = Type.Optional(choice(CHANNELS, 'shown this way and not on record; without it on record'));
const status = Type.Optional(choice(STATUSES, 'without it final'));

export const HistorySchema = Type.Object(
  {
    tests: Type.Optional(
      Type.Array(
        Type.Object({ province, channel, status, sampledAt: Type.Optional(time), testedAt: Type.Optional(time), reportIssuedAt: time, result: Type.Optional(choice(TEST_RESULTS, 'without it negative')), method: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })) }, closed),
      ),
    ),
    samplings: Type.Optional(Type.Array(Type.Object({ province, channel, status, sampledAt: time }, closed))),
    doses: Type.Optional(Type.Array(Type.Object({ givenAt: time, doseNumber: Type.Integer({ minimum: 1, maximum: 20 }) }, closed))),
  },
  closed,
);
export type HistoryJson = Static<typeof HistorySchema>;

export interface History {
  readonly view: PersonView | null;
  readonly presented: readonly Presented[];
}

/** @throws RangeError naming the text that is no time */
export function readHistory({ tests = [], samplings = [], doses = [] }: HistoryJson): History {
  const events: PersonEvent[] = [];
  const presented: Presented[] = [];
  for (const [index, one] of tests.entries()) {
    const sampled = one.sampledAt === undefined ? null : timeOf(one.sampledAt);
    const common = {
      province: one.province ?? '43',
      laboratory: 'example',
      method: one.method ?? 'nucleic_acid',
      result: one.result ?? 'negative',
      sampledAtMs: sampled?.atMs ?? null,
      sampledAtPrecision: sampled?.precision ?? null,
      testedAtMs: one.testedAt === undefined ? null : timeOf(one.testedAt).atMs,
    } as const;
    const issuedAtMs = timeOf(one.reportIssuedAt).atMs;
    if (one.channel !== undefined) presented.push({ ...common, kind: 'result', channel: one.channel, issuedAtMs });
    else events.push({ ...common, ...DELIVERY, type: 'TestReported', sampleId: `T${index}`, tubeId: null, status: one.status ?? 'final', specimen: null, poolSize: null, accessionedOnDay: null, reportIssuedAtMs: issuedAtMs });
  }
  for (const [index, one] of samplings.entries()) {
    const sampled = timeOf(one.sampledAt);
    const common = { province: one.province ?? '43', sampledAtMs: sampled.atMs, sampledAtPrecision: sampled.precision } as const;
    if (one.channel !== undefined) presented.push({ ...common, kind: 'sampling', channel: one.channel, laboratory: null });
    else events.push({ ...common, ...DELIVERY, type: 'SamplingRecorded', site: 'example', sampleId: `S${index}`, tubeId: null, status: one.status ?? 'final', recordedAtMs: sampled.atMs });
  }
  for (const [index, one] of doses.entries()) {
    const given = timeOf(one.givenAt);
    events.push({ ...DELIVERY, type: 'VaccinationAdministered', province: '43', doseId: `D${index}`, status: 'final', product: 'example', manufacturer: 'example', doseNumber: one.doseNumber, givenAtMs: given.atMs, givenAtPrecision: given.precision, recordedAtMs: given.atMs });
  }
  return { view: events.length === 0 ? null : events.reduce(merge, EMPTY_VIEW), presented };
}

const DELIVERY = { eventId: '01900000-0000-7000-8000-000000000000', acceptedAtMs: 0, producerInstance: '43-example' } as const;

function timeOf(text: string): ParsedTime {
  const time = parseTime(text);
  if (time === null) throw new RangeError(`${text} is no time`);
  return time;
}
