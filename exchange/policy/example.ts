/**
 * An example history as JSON, for cases and for the command line: what a person's events would be, and the view and the
 * presented evidence that they come to. It makes no events for the exchange.
 */

import { type Static, Type } from '@sinclair/typebox';
import { EVENT_LIMITS, type PersonEvent, STATUSES, TEST_RESULTS } from '#core/events/events.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { type ParsedTime, parseTime } from '#core/field/time.ts';
import { CHANNELS, type Presented } from '#core/question/evidence.ts';
import { type Fault, noTime } from '#core/terms/fault.ts';
import { choice, closed } from '#core/terms/form.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';

const time = Type.String({ maxLength: 64, description: 'ISO 8601 with offset, or a date alone' });
const province = Type.Optional(choice(PROVINCE_CODES, 'whose; without it 43'));
const channel = Type.Optional(choice(CHANNELS, 'shown this way and not on record; without it on record'));
const name = Type.String({ minLength: 1, maxLength: EVENT_LIMITS.textCharsMax });
const status = Type.Optional(choice(STATUSES, 'without it final'));

export const HistorySchema = Type.Object(
  {
    tests: Type.Optional(
      Type.Array(
        Type.Object(
          {
            province,
            channel,
            status,
            sampledAt: Type.Optional(time),
            testedAt: Type.Optional(time),
            reportIssuedAt: time,
            result: Type.Optional(choice(TEST_RESULTS, 'without it negative')),
            method: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
            poolSize: Type.Optional(
              Type.Integer({ minimum: 1, maximum: EVENT_LIMITS.poolSizeMax, description: 'samples in the tube' }),
            ),
          },
          closed,
        ),
      ),
    ),
    samplings: Type.Optional(Type.Array(Type.Object({ province, channel, status, sampledAt: time }, closed))),
    doses: Type.Optional(
      Type.Array(Type.Object({ givenAt: time, doseNumber: Type.Integer({ minimum: 1, maximum: 20 }) }, closed)),
    ),
    codes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            province,
            status,
            state: name,
            reason: Type.Optional(name),
            authority: Type.Optional(name),
            legalBasis: Type.Optional(name),
            assignedAt: time,
            expiresAt: Type.Optional(time),
            appealContact: Type.Optional(name),
          },
          closed,
        ),
      ),
    ),
    exposures: Type.Optional(
      Type.Array(
        Type.Object({ province, status, riskArea: name, level: name, from: time, to: Type.Optional(time) }, closed),
        { description: 'stays on record; without `to` the person is still there' },
      ),
    ),
  },
  closed,
);
export type HistoryJson = Static<typeof HistorySchema>;

export interface History {
  readonly view: PersonView | null;
  readonly presented: readonly Presented[];
}

const TIMES: ReadonlySet<string> = new Set([
  'sampledAt',
  'testedAt',
  'reportIssuedAt',
  'givenAt',
  'assignedAt',
  'expiresAt',
  'from',
  'to',
]);

/** What has the form and is no time, such as 30 February. @param pointer of the history */
export function historyFaults(history: HistoryJson, pointer: string): Fault[] {
  return Object.entries(history).flatMap(([list, items]) =>
    items.flatMap((item, at) =>
      Object.entries(item).flatMap(([field, value]) =>
        TIMES.has(field) && parseTime(String(value)) === null ? [noTime(`${pointer}/${list}/${at}/${field}`)] : [],
      ),
    ),
  );
}

/** @throws RangeError naming the text that is no time */
export function readHistory({
  tests = [],
  samplings = [],
  doses = [],
  codes = [],
  exposures = [],
}: HistoryJson): History {
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
    const isPooled = (one.poolSize ?? 1) > 1;
    if (one.channel !== undefined)
      presented.push({ ...common, kind: 'result', channel: one.channel, issuedAtMs, isPooled });
    else
      events.push({
        ...common,
        ...DELIVERY,
        type: 'TestReported',
        sampleId: `T${index}`,
        tubeId: null,
        run: null,
        status: one.status ?? 'final',
        specimen: null,
        poolSize: one.poolSize ?? null,
        accessionedOnDay: null,
        reportIssuedAtMs: issuedAtMs,
      });
  }
  for (const [index, one] of samplings.entries()) {
    const sampled = timeOf(one.sampledAt);
    const common = {
      province: one.province ?? '43',
      sampledAtMs: sampled.atMs,
      sampledAtPrecision: sampled.precision,
    } as const;
    if (one.channel !== undefined)
      presented.push({ ...common, kind: 'sampling', channel: one.channel, laboratory: null });
    else
      events.push({
        ...common,
        ...DELIVERY,
        type: 'SamplingRecorded',
        site: 'example',
        sampleId: `S${index}`,
        tubeId: null,
        status: one.status ?? 'final',
        recordedAtMs: sampled.atMs,
      });
  }
  for (const [index, one] of doses.entries()) {
    const given = timeOf(one.givenAt);
    events.push({
      ...DELIVERY,
      type: 'VaccinationAdministered',
      province: '43',
      doseId: `D${index}`,
      status: 'final',
      product: 'example',
      manufacturer: 'example',
      doseNumber: one.doseNumber,
      givenAtMs: given.atMs,
      givenAtPrecision: given.precision,
      recordedAtMs: given.atMs,
    });
  }
  for (const [index, one] of codes.entries()) events.push(codeOf(one, `K${index}`));
  for (const [index, one] of exposures.entries()) events.push(exposureOf(one, `E${index}`));
  return { view: events.length === 0 ? null : events.reduce(merge, EMPTY_VIEW), presented };
}

type CodeJson = NonNullable<HistoryJson['codes']>[number];
type ExposureJson = NonNullable<HistoryJson['exposures']>[number];

function codeOf(
  {
    province: whose = '43',
    status: version = 'final',
    state,
    reason,
    authority,
    legalBasis,
    assignedAt,
    expiresAt,
    appealContact,
  }: CodeJson,
  decisionId: string,
): PersonEvent {
  const assignedAtMs = timeOf(assignedAt).atMs;
  const grounds = {
    reason: reason ?? null,
    authority: authority ?? null,
    legalBasis: legalBasis ?? null,
    appealContact: appealContact ?? null,
  };
  return {
    ...DELIVERY,
    ...grounds,
    type: 'CodeAssigned',
    province: whose,
    decisionId,
    status: version,
    state,
    assignedAtMs,
    expiresAtMs: expiresAt === undefined ? null : timeOf(expiresAt).atMs,
    recordedAtMs: assignedAtMs,
  };
}

function exposureOf(
  { province: whose = '43', status: version = 'final', riskArea, level, from, to }: ExposureJson,
  exposureId: string,
): PersonEvent {
  const fromMs = timeOf(from).atMs;
  const toMs = to === undefined ? null : timeOf(to).atMs;
  return {
    ...DELIVERY,
    type: 'ExposureRecorded',
    province: whose,
    exposureId,
    status: version,
    riskArea,
    level,
    fromMs,
    toMs,
    recordedAtMs: toMs ?? fromMs,
  };
}

/** When anything of it begins, on record or shown. @throws RangeError naming the text that is no time */
export function timesOf({ tests = [], samplings = [], doses = [], codes = [], exposures = [] }: HistoryJson): number[] {
  const texts = [
    ...tests.flatMap(({ reportIssuedAt, sampledAt = reportIssuedAt }) => [reportIssuedAt, sampledAt]),
    ...samplings.map(({ sampledAt }) => sampledAt),
    ...doses.map(({ givenAt }) => givenAt),
    ...codes.map(({ assignedAt }) => assignedAt),
    ...exposures.map(({ from }) => from),
  ];
  return texts.map((text) => timeOf(text).atMs);
}

const DELIVERY = {
  eventId: '01900000-0000-7000-8000-000000000000',
  acceptedAtMs: 0,
  producerInstance: '43-example',
} as const;

function timeOf(text: string): ParsedTime {
  const time = parseTime(text);
  if (time === null) throw new RangeError(`${text} is no time`);
  return time;
}
