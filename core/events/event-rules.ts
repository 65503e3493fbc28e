/**
 * What makes an event impossible, whoever wrote it. The producer refuses such an event; the materialiser, which can't
 * refuse what is in the log, dead-letters it. Pure: the clock is an argument.
 */

import { isProvinceCode } from '#core/field/regions.ts';
import { DAY_MS, SHANGHAI_OFFSET_MS, shanghaiDayOf, TIME_PRECISIONS } from '#core/field/time.ts';
import { type EventFault, FAULTS } from './event-faults.ts';
import { FREE_TEXTS } from './event-texts.ts';
import {
  type CodeAssigned,
  ERASURE_REACH_MS,
  ERASURE_TAKES,
  EVENT_LIMITS,
  type EventType,
  type ExposureRecorded,
  GREEN,
  type PersonErased,
  type PersonEvent,
  STATUSES,
  TEST_RESULTS,
  type TestReported,
} from './events.ts';

/** No event of this exchange is older: the disease was not known. */
export const EARLIEST_MS = Date.UTC(2019, 11, 1);

/** The most that any producer may tolerate; what the log is held against, so that every reader judges alike. */
export const CLOCK_SKEW_MS_MAX = 3_600_000;

/**
 * The first rule that the event breaks, or null.
 * @param nowMs when it was taken: the producer's or the broker's clock
 * @param skewMs how far a clock elsewhere may be ahead
 */
export function eventFaultOf(event: PersonEvent, nowMs: number, skewMs: number): EventFault | null {
  return (
    listsFault(event) ??
    textFault(event) ??
    timesFault(event, nowMs + skewMs) ??
    OWN_RULES[event.type](event as never) ??
    recordFault(event)
  );
}

const OWN_RULES: { readonly [T in EventType]: (event: Extract<PersonEvent, { type: T }>) => EventFault | null } = {
  TestReported: testFault,
  SamplingRecorded: () => null,
  VaccinationAdministered: () => null,
  CodeAssigned: codeFault,
  ExposureRecorded: exposureFault,
  PersonErased: erasureFault,
};

function listsFault(event: PersonEvent): EventFault | null {
  if (!isProvinceCode(event.province)) return fault('province', FAULTS.unknownProvince);
  if (event.type === 'PersonErased')
    return ERASURE_TAKES.includes(event.takes) ? null : fault('takes', FAULTS.unknownTakes);
  if (!STATUSES.includes(event.status)) return fault('status', FAULTS.unknownStatus);
  if (event.type === 'TestReported' && !TEST_RESULTS.includes(event.result))
    return fault('result', FAULTS.unknownResult);
  if ('givenAtPrecision' in event && !TIME_PRECISIONS.includes(event.givenAtPrecision))
    return fault('givenAtPrecision', FAULTS.unknownPrecision);
  if (
    'sampledAtPrecision' in event &&
    event.sampledAtPrecision !== null &&
    !TIME_PRECISIONS.includes(event.sampledAtPrecision)
  )
    return fault('sampledAtPrecision', FAULTS.unknownPrecision);
  return null;
}

/** Those that no sender writes freely, where an event has them. */
const OTHER_TEXTS = ['eventId', 'producerInstance', 'reason'] as const;
/** By type. */
const TEXTS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(FREE_TEXTS).map(([type, fields]) => [type, [...OTHER_TEXTS, ...Object.keys(fields)]]),
);

function textFault(event: PersonEvent): EventFault | null {
  const texts = event as unknown as Readonly<Record<string, string | null>>;
  for (const field of TEXTS.get(event.type) ?? []) {
    if ((texts[field]?.length ?? 0) > EVENT_LIMITS.textCharsMax) return fault(field, FAULTS.textTooLong);
  }
  if (
    event.type === 'TestReported' &&
    event.poolSize !== null &&
    (event.poolSize < 1 || event.poolSize > EVENT_LIMITS.poolSizeMax)
  )
    return fault('poolSize', FAULTS.poolSizeOutOfRange);
  if (
    event.type === 'VaccinationAdministered' &&
    (event.doseNumber < 1 || event.doseNumber > EVENT_LIMITS.doseNumberMax)
  )
    return fault('doseNumber', FAULTS.doseNumberOutOfRange);
  return null;
}

// In the order in which they are looked at. An act stands before its record: where an event names no time of the
// record, that time is the act's, and the fault should name the field that the event has.
const TIME_FIELDS = [
  'sampledAtMs',
  'testedAtMs',
  'reportIssuedAtMs',
  'givenAtMs',
  'assignedAtMs',
  'fromMs',
  'toMs',
  'decidedAtMs',
  'recordedAtMs',
  'acceptedAtMs',
] as const;

function timesFault(event: PersonEvent, latestMs: number): EventFault | null {
  const times = event as unknown as Readonly<Record<string, number | null | undefined>>;
  for (const field of TIME_FIELDS) {
    const atMs = times[field];
    if (atMs === null || atMs === undefined) continue;
    if (atMs > latestMs) return fault(field, FAULTS.timeInFuture);
    if (atMs < EARLIEST_MS) return fault(field, FAULTS.timeBefore2019);
  }
  return null;
}

function testFault(event: TestReported): EventFault | null {
  const { sampledAtMs, sampledAtPrecision, testedAtMs, reportIssuedAtMs, accessionedOnDay } = event;
  if ((sampledAtMs === null) !== (sampledAtPrecision === null))
    return fault('sampledAtPrecision', FAULTS.precisionMissing);
  if (sampledAtMs !== null && reportIssuedAtMs < sampledAtMs)
    return fault('reportIssuedAtMs', FAULTS.reportBeforeSampling);
  if (sampledAtMs !== null && testedAtMs !== null && testedAtMs < sampledAtMs)
    return fault('testedAtMs', FAULTS.testBeforeSampling);
  if (testedAtMs !== null && reportIssuedAtMs < testedAtMs) return fault('reportIssuedAtMs', FAULTS.reportBeforeTest);
  if (accessionedOnDay !== null && accessionedOnDay * DAY_MS - SHANGHAI_OFFSET_MS > reportIssuedAtMs)
    return fault('accessionedOnDay', FAULTS.accessionAfterReport);
  if (accessionedOnDay !== null && sampledAtMs !== null && accessionedOnDay < shanghaiDayOf(sampledAtMs))
    return fault('accessionedOnDay', FAULTS.accessionBeforeSampling);
  return null;
}

const GROUNDS = ['reason', 'authority', 'legalBasis', 'expiresAtMs'] as const;

/** Green may leave all of it out: it takes nothing from anyone. */
function codeFault(event: CodeAssigned): EventFault | null {
  const { state, assignedAtMs, expiresAtMs } = event;
  const missing = state === GREEN ? undefined : GROUNDS.find((field) => event[field] === null || event[field] === '');
  if (missing !== undefined) return fault(missing, FAULTS.codeWithoutGrounds);
  if (expiresAtMs === null) return null;
  if (expiresAtMs <= assignedAtMs) return fault('expiresAtMs', FAULTS.expiryBeforeAssignment);
  return expiresAtMs - assignedAtMs > EVENT_LIMITS.codeValidityMsMax
    ? fault('expiresAtMs', FAULTS.validityTooLong)
    : null;
}

function exposureFault({ fromMs, toMs }: ExposureRecorded): EventFault | null {
  return toMs !== null && toMs < fromMs ? fault('toMs', FAULTS.departureBeforeArrival) : null;
}

/**
 * It takes what was accepted before it, and for a moment after; one that reached further would take what nobody meant.
 */
function erasureFault({ acceptedAtMs, erasesThroughMs }: PersonErased): EventFault | null {
  if (erasesThroughMs < acceptedAtMs || erasesThroughMs > acceptedAtMs + ERASURE_REACH_MS)
    return fault('erasesThroughMs', FAULTS.reachOutOfRange);
  return null;
}

/** When what the event tells of was done to the person, who was there then; null: nothing was. */
export function doneAtMsOf(event: PersonEvent): number | null {
  switch (event.type) {
    case 'TestReported':
      return event.sampledAtMs ?? event.reportIssuedAtMs;
    case 'SamplingRecorded':
      return event.sampledAtMs;
    case 'VaccinationAdministered':
      return event.givenAtMs;
    case 'CodeAssigned':
      return event.assignedAtMs;
    case 'ExposureRecorded':
      return event.toMs ?? event.fromMs;
    case 'PersonErased':
      return null;
  }
}

function recordFault(event: PersonEvent): EventFault | null {
  // A test's times have rules of their own.
  if (event.type === 'TestReported' || event.type === 'PersonErased') return null;
  const doneAtMs = doneAtMsOf(event);
  return doneAtMs !== null && event.recordedAtMs < doneAtMs ? fault('recordedAtMs', FAULTS.recordBeforeAct) : null;
}

function fault(field: string, said: Omit<EventFault, 'field'>): EventFault {
  return { field, ...said };
}
