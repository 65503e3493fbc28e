/**
 * Generated histories of one person, made to collide: few provinces, laboratories, sample ids, days and times of issue,
 * so that a few dozen events hold equal versions with different content, moved days, ties and more registers than fit.
 */

import fc from 'fast-check';
import { type RegisterEvent, STATUSES, TEST_RESULTS } from '#core/events/events.ts';
import type { SettledRecord } from '#core/view/unreadable.ts';
import { type UnreadableRecord, VIEW_LIMITS } from '#core/view/view.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Midnight in Shanghai, which is 16:00 UTC of the day before. */
const MIDNIGHT_MS = Date.UTC(2022, 7, 9, 16);

/** On both sides of midnight in Shanghai and of midnight in UTC, for a few days. */
const sampledAtMs = fc
  .tuple(fc.nat(5), fc.constantFrom(-1, 0, 1, HOUR_MS, 8 * HOUR_MS - 1, 8 * HOUR_MS, 13 * HOUR_MS, DAY_MS - 60_000))
  .map(([day, ms]) => MIDNIGHT_MS + day * DAY_MS + ms);
const issuedAtMs = fc.nat(6).map((step) => MIDNIGHT_MS + 7 * DAY_MS + step * 6 * HOUR_MS);
const precision = fc.constantFrom('day', 'minute', 'second', 'millisecond' as const);
const status = fc.constantFrom(...STATUSES);
const province = fc.constantFrom('43', '44', '65', '66' as const);
const sampleId = fc.constantFrom('S1', 'S2', 'S10', 's1', '样本');
const rarely = <T>(values: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: values });

/** Differs between copies of one event, and must leave no trace. */
const delivery = {
  eventId: fc.uuid({ version: 7 }),
  acceptedAtMs: fc.nat().map((ms) => MIDNIGHT_MS + 9 * DAY_MS + ms),
  producerInstance: fc.constantFrom('43-a', '44-a', '44-b'),
};

const testReported = fc
  .record({
    ...delivery,
    type: fc.constant('TestReported' as const),
    province,
    laboratory: fc.constantFrom('第一医院', 'KingMed'),
    sampleId,
    tubeId: rarely(fc.constantFrom('T1', 'T2')),
    run: rarely(fc.constantFrom('R1', 'R2')),
    status,
    method: fc.constantFrom('nucleic_acid', 'antigen'),
    specimen: rarely(fc.constant('nasopharyngeal_swab')),
    poolSize: rarely(fc.constantFrom(1, 10)),
    sampled: fc.option(fc.record({ atMs: sampledAtMs, precision }), { freq: 3 }),
    accessionedOnDay: rarely(fc.nat(5).map((day) => 19_214 + day)),
    testedAtMs: rarely(issuedAtMs),
    reportIssuedAtMs: issuedAtMs,
    result: fc.constantFrom(...TEST_RESULTS),
  })
  .map(({ sampled, ...event }) => ({
    ...event,
    sampledAtMs: sampled?.atMs ?? null,
    sampledAtPrecision: sampled?.precision ?? null,
  }));

const samplingRecorded = fc.record({
  ...delivery,
  type: fc.constant('SamplingRecorded' as const),
  province,
  site: fc.constantFrom('北门', '南门'),
  sampleId,
  tubeId: rarely(fc.constantFrom('T1', 'T2')),
  status,
  sampledAtMs,
  sampledAtPrecision: precision,
  recordedAtMs: issuedAtMs,
});

const vaccinationAdministered = fc.record({
  ...delivery,
  type: fc.constant('VaccinationAdministered' as const),
  province,
  doseId: fc.nat(17).map((number) => `D${number}`),
  status,
  product: fc.constantFrom('CoronaVac', 'BBIBP-CorV'),
  manufacturer: fc.constantFrom('Sinovac', 'Sinopharm'),
  doseNumber: fc.integer({ min: 1, max: 3 }),
  givenAtMs: sampledAtMs,
  givenAtPrecision: precision,
  recordedAtMs: issuedAtMs,
});

const codeAssigned = fc.record({
  ...delivery,
  type: fc.constant('CodeAssigned' as const),
  province,
  decisionId: fc.constantFrom('K1', 'K2', 'K10'),
  status,
  state: fc.constantFrom('green', 'yellow', 'red', 'label:3天2检'),
  reason: rarely(fc.constant('exposure')),
  authority: rarely(fc.constant('疾控中心')),
  legalBasis: rarely(fc.constant('第三十九条')),
  assignedAtMs: sampledAtMs,
  expiresAtMs: rarely(issuedAtMs),
  appealContact: rarely(fc.constant('12345')),
  recordedAtMs: issuedAtMs,
});

const exposureRecorded = fc.record({
  ...delivery,
  type: fc.constant('ExposureRecorded' as const),
  province,
  exposureId: fc.nat(11).map((number) => `E${number}`),
  status,
  riskArea: fc.constantFrom('三亚', '460200'),
  level: fc.constantFrom('high', 'low'),
  fromMs: sampledAtMs,
  toMs: rarely(issuedAtMs),
  recordedAtMs: issuedAtMs,
});

export const anyEvent: fc.Arbitrary<RegisterEvent> = fc.oneof(
  { weight: 7, arbitrary: testReported },
  { weight: 2, arbitrary: samplingRecorded },
  { weight: 2, arbitrary: vaccinationAdministered },
  { weight: 2, arbitrary: codeAssigned },
  { weight: 2, arbitrary: exposureRecorded },
);

/** What a second statement changes besides, by type: a time that may move its day, or what it says. */
const CHANGED: Readonly<Record<Exclude<RegisterEvent['type'], 'TestReported'>, fc.Arbitrary<Partial<RegisterEvent>>>> =
  {
    SamplingRecorded: fc.record({ sampledAtMs }),
    VaccinationAdministered: fc.record({ doseNumber: fc.integer({ min: 1, max: 3 }) }),
    CodeAssigned: fc.oneof(
      fc.record({ state: fc.constantFrom('green', 'red') }),
      fc.record({ assignedAtMs: sampledAtMs }),
      fc.record({ expiresAtMs: rarely(issuedAtMs) }),
    ),
    ExposureRecorded: fc.oneof(
      fc.record({ level: fc.constantFrom('high', 'low') }),
      fc.record({ fromMs: sampledAtMs }),
      fc.record({ toMs: rarely(issuedAtMs) }),
    ),
  };

/** A second statement about the same register: it mostly differs in one thing only, or not at all. */
function restated(event: RegisterEvent): fc.Arbitrary<RegisterEvent> {
  const changes: fc.Arbitrary<Partial<RegisterEvent>>[] = [
    fc.record({ eventId: delivery.eventId, acceptedAtMs: delivery.acceptedAtMs }),
    fc.record({ status }),
    fc.record({ status: fc.constant('retracted' as const) }),
  ];
  if (event.type === 'TestReported') {
    changes.push(
      fc.record({ result: fc.constantFrom(...TEST_RESULTS) }),
      fc.record({ reportIssuedAtMs: issuedAtMs }),
      fc.record({ reportIssuedAtMs: issuedAtMs, status }),
    );
    if (event.sampledAtMs !== null) changes.push(fc.record({ sampledAtMs }));
  } else {
    changes.push(fc.record({ recordedAtMs: issuedAtMs }));
    changes.push(CHANGED[event.type]);
  }
  return fc.oneof(...changes).map((change) => ({ ...event, ...change }) as RegisterEvent);
}

/** Of the same history, what is delivered in one run: every event at least once, in some order, some again. */
export interface Delivered {
  readonly events: readonly RegisterEvent[];
  /** Marks and settlements. */
  readonly unreadable: readonly (UnreadableRecord | SettledRecord)[];
}

export function marksOf({ unreadable }: Delivered): {
  readonly marked: readonly UnreadableRecord[];
  readonly settled: readonly SettledRecord[];
} {
  return {
    marked: unreadable.filter((mark) => !('through' in mark)),
    settled: unreadable.filter((mark) => 'through' in mark),
  };
}

const unreadableRecord = fc.record({ topic: fc.constantFrom('tests', 'tests', 'tests', 'codes'), offset: fc.nat(19) });
const settledRecord = fc
  .tuple(unreadableRecord, rarely(fc.nat(8)))
  .map(([record, through]) => ({ ...record, through }));

const some = (event: fc.Arbitrary<RegisterEvent>, maxLength = 30) => fc.array(event, { maxLength, size: 'max' });
/** Nearly all of one publisher, whose list is then too long. */
const ofOne = (events: fc.Arbitrary<RegisterEvent[]>) =>
  fc
    .tuple(events, province)
    .map(([all, one]) => all.map((event, index) => (index % 8 === 7 ? event : { ...event, province: one })));
const someEvents = fc.oneof(
  { weight: 5, arbitrary: some(anyEvent) },
  { weight: 2, arbitrary: ofOne(some(testReported, 40)) },
  { weight: 1, arbitrary: ofOne(some(samplingRecorded)) },
  { weight: 1, arbitrary: ofOne(some(vaccinationAdministered, 45)) },
  { weight: 1, arbitrary: ofOne(some(codeAssigned)) },
  { weight: 1, arbitrary: ofOne(some(exposureRecorded, 3 * VIEW_LIMITS.exposuresMax)) },
);

/** From a handful of events about one register to some dozens about more registers than a view keeps. */
export const anyHistory: fc.Arbitrary<Delivered> = fc
  .tuple(
    someEvents,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.oneof({ weight: 4, arbitrary: unreadableRecord }, { weight: 1, arbitrary: settledRecord }),
          { maxLength: 30, size: 'max' },
        ),
      },
    ),
  )
  .chain(([events, unreadable]) =>
    fc
      .tuple(...events.map((event) => fc.array(restated(event), { maxLength: 2 })))
      .map((more) => ({ events: [...events, ...more.flat()], unreadable })),
  );

/** A history and another delivery of it: permuted, with events repeated under other ids. */
export const historyTwice: fc.Arbitrary<readonly [Delivered, Delivered]> = anyHistory.chain((history) =>
  fc
    .tuple(
      fc
        .subarray([...history.events])
        .chain((again) =>
          shuffled([
            ...history.events,
            ...again.map((event) => ({ ...event, eventId: '01900000-0000-7000-8000-000000000000', acceptedAtMs: 1 })),
          ]),
        ),
      shuffled([...history.unreadable, ...history.unreadable.slice(0, 3)]),
    )
    .map(([events, unreadable]) => [history, { events, unreadable }] as const),
);

function shuffled<T>(values: T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray(values, { minLength: values.length });
}
