/**
 * What makes an event impossible, whoever wrote it. The producer refuses such an event; the materialiser, which can't
 * refuse what is in the log, dead-letters it. Pure: the clock is an argument.
 */

import {
  type CodeAssigned,
  ERASURE_REACH_MS,
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
import { isProvinceCode } from './regions.ts';
import { DAY_MS, SHANGHAI_OFFSET_MS, shanghaiDayOf, TIME_PRECISIONS } from './time.ts';

export interface EventFault {
  /** The event's own field, such as `sampledAtMs`. */
  readonly field: string;
  readonly code:
    | 'UNKNOWN_PROVINCE'
    | 'UNKNOWN_STATUS'
    | 'UNKNOWN_RESULT'
    | 'UNKNOWN_PRECISION'
    | 'TEXT_TOO_LONG'
    | 'NUMBER_OUT_OF_RANGE'
    | 'TIME_IN_FUTURE'
    | 'TIME_BEFORE_2019'
    | 'REPORT_BEFORE_SAMPLING'
    | 'REPORT_BEFORE_TEST'
    | 'TEST_BEFORE_SAMPLING'
    | 'RECORD_BEFORE_ACT'
    | 'ACCESSION_BEFORE_SAMPLING'
    | 'PRECISION_MISSING'
    | 'CODE_WITHOUT_GROUNDS'
    | 'EXPIRY_BEFORE_ASSIGNMENT'
    | 'VALIDITY_TOO_LONG'
    | 'DEPARTURE_BEFORE_ARRIVAL'
    | 'REACH_OUT_OF_RANGE';
  readonly detail: string;
  readonly hint: string;
}

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
  if (!isProvinceCode(event.province))
    return fault(
      'province',
      'UNKNOWN_PROVINCE',
      'not the code of a publisher',
      'use the two-digit code, 66 for the Corps',
    );
  if (event.type === 'PersonErased') return null;
  if (!STATUSES.includes(event.status))
    return fault('status', 'UNKNOWN_STATUS', 'not a status', `use ${STATUSES.join(', ')}`);
  if (event.type === 'TestReported' && !TEST_RESULTS.includes(event.result))
    return fault('result', 'UNKNOWN_RESULT', 'not a result', `use ${TEST_RESULTS.join(', ')}`);
  const precision =
    'givenAtPrecision' in event
      ? event.givenAtPrecision
      : 'sampledAtPrecision' in event
        ? event.sampledAtPrecision
        : null;
  if (precision !== null && !TIME_PRECISIONS.includes(precision))
    return fault('sampledAtPrecision', 'UNKNOWN_PRECISION', 'not a precision', `use ${TIME_PRECISIONS.join(', ')}`);
  return null;
}

const TEXT_FIELDS: Readonly<Record<EventType, readonly string[]>> = {
  TestReported: ['eventId', 'producerInstance', 'laboratory', 'sampleId', 'tubeId', 'method', 'specimen'],
  SamplingRecorded: ['eventId', 'producerInstance', 'site', 'sampleId', 'tubeId'],
  VaccinationAdministered: ['eventId', 'producerInstance', 'doseId', 'product', 'manufacturer'],
  CodeAssigned: [
    'eventId',
    'producerInstance',
    'decisionId',
    'state',
    'reason',
    'authority',
    'legalBasis',
    'appealContact',
  ],
  ExposureRecorded: ['eventId', 'producerInstance', 'exposureId', 'riskArea', 'level'],
  PersonErased: ['eventId', 'producerInstance', 'erasureId', 'authority', 'legalBasis'],
};

function textFault(event: PersonEvent): EventFault | null {
  const texts = event as unknown as Readonly<Record<string, string | null>>;
  for (const field of TEXT_FIELDS[event.type]) {
    if ((texts[field]?.length ?? 0) > EVENT_LIMITS.textCharsMax)
      return fault(
        field,
        'TEXT_TOO_LONG',
        `longer than ${EVENT_LIMITS.textCharsMax} characters`,
        'use the code or licence number instead of a long name',
      );
  }
  if (
    event.type === 'TestReported' &&
    event.poolSize !== null &&
    (event.poolSize < 1 || event.poolSize > EVENT_LIMITS.poolSizeMax)
  )
    return fault(
      'poolSize',
      'NUMBER_OUT_OF_RANGE',
      `not from 1 to ${EVENT_LIMITS.poolSizeMax}`,
      'give the number of samples in the tube',
    );
  if (
    event.type === 'VaccinationAdministered' &&
    (event.doseNumber < 1 || event.doseNumber > EVENT_LIMITS.doseNumberMax)
  )
    return fault(
      'doseNumber',
      'NUMBER_OUT_OF_RANGE',
      `not from 1 to ${EVENT_LIMITS.doseNumberMax}`,
      '1 is the first dose',
    );
  return null;
}

// An act before its record: the record's time, where it was left out, is that of the act.
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
    if (atMs > latestMs)
      return fault(field, 'TIME_IN_FUTURE', 'lies in the future', 'check the clock and the offset of the time');
    if (atMs < EARLIEST_MS)
      return fault(field, 'TIME_BEFORE_2019', 'lies before December 2019', 'check the year and the unit of the time');
  }
  return null;
}

function testFault(event: TestReported): EventFault | null {
  const { sampledAtMs, sampledAtPrecision, testedAtMs, reportIssuedAtMs, accessionedOnDay } = event;
  if ((sampledAtMs === null) !== (sampledAtPrecision === null))
    return fault(
      'sampledAtPrecision',
      'PRECISION_MISSING',
      'a time and its precision go together',
      'give both or neither',
    );
  if (sampledAtMs !== null && reportIssuedAtMs < sampledAtMs)
    return fault(
      'reportIssuedAtMs',
      'REPORT_BEFORE_SAMPLING',
      'the report is older than the sample',
      'check both times and their offsets',
    );
  if (sampledAtMs !== null && testedAtMs !== null && testedAtMs < sampledAtMs)
    return fault(
      'testedAtMs',
      'TEST_BEFORE_SAMPLING',
      'the test is older than the sample',
      'check both times and their offsets',
    );
  if (testedAtMs !== null && reportIssuedAtMs < testedAtMs)
    return fault(
      'reportIssuedAtMs',
      'REPORT_BEFORE_TEST',
      'the report is older than the test',
      'check both times and their offsets',
    );
  if (accessionedOnDay !== null && accessionedOnDay * DAY_MS - SHANGHAI_OFFSET_MS > reportIssuedAtMs)
    return fault(
      'accessionedOnDay',
      'TIME_IN_FUTURE',
      'lies after the report',
      'give the day on which the laboratory filed the specimen',
    );
  if (accessionedOnDay !== null && sampledAtMs !== null && accessionedOnDay < shanghaiDayOf(sampledAtMs))
    return fault(
      'accessionedOnDay',
      'ACCESSION_BEFORE_SAMPLING',
      'lies before the sampling',
      'give the day on which the laboratory filed the specimen',
    );
  return null;
}

const GROUNDS = ['reason', 'authority', 'legalBasis', 'expiresAtMs'] as const;

const GROUNDS_HINT =
  'say why (reason), who decided (authority), under which rule (legalBasis) and until when (expiresAt). ' +
  'Since March 2021 codes are assigned and converted by rules; in July 2022 it came out that people had ' +
  'been turned red for other purposes, with nobody stating who decided, how, or where to appeal';

/** Green may leave all of it out: it takes nothing from anyone. */
function codeFault(event: CodeAssigned): EventFault | null {
  const { state, assignedAtMs, expiresAtMs } = event;
  const missing = state === GREEN ? undefined : GROUNDS.find((field) => event[field] === null || event[field] === '');
  if (missing !== undefined)
    return fault(missing, 'CODE_WITHOUT_GROUNDS', 'a state other than green can’t be without it', GROUNDS_HINT);
  if (expiresAtMs === null) return null;
  if (expiresAtMs <= assignedAtMs)
    return fault(
      'expiresAtMs',
      'EXPIRY_BEFORE_ASSIGNMENT',
      'the expiry is not after the assignment',
      'check both times and their offsets',
    );
  return expiresAtMs - assignedAtMs > EVENT_LIMITS.codeValidityMsMax
    ? fault(
        'expiresAtMs',
        'VALIDITY_TOO_LONG',
        `more than ${EVENT_LIMITS.codeValidityMsMax / DAY_MS} days after the assignment`,
        'decide again when it ends: whoever still has grounds then can state them',
      )
    : null;
}

function exposureFault({ fromMs, toMs }: ExposureRecorded): EventFault | null {
  return toMs !== null && toMs < fromMs
    ? fault('toMs', 'DEPARTURE_BEFORE_ARRIVAL', 'the person left before arriving', 'check both times and their offsets')
    : null;
}

/**
 * It takes what was accepted before it, and for a moment after; one that reached further would take what nobody meant.
 */
function erasureFault({ acceptedAtMs, erasesThroughMs }: PersonErased): EventFault | null {
  if (erasesThroughMs < acceptedAtMs || erasesThroughMs > acceptedAtMs + ERASURE_REACH_MS)
    return fault(
      'erasesThroughMs',
      'REACH_OUT_OF_RANGE',
      `does not end within ${ERASURE_REACH_MS / 1_000} s after the acceptance`,
      'the producer sets it',
    );
  return null;
}

/** When what the event records was done; null for those that have rules of their own. */
function doneAtMsOf(event: PersonEvent): { readonly recordedAtMs: number; readonly doneAtMs: number } | null {
  switch (event.type) {
    case 'TestReported':
    case 'PersonErased':
      return null;
    case 'SamplingRecorded':
      return { recordedAtMs: event.recordedAtMs, doneAtMs: event.sampledAtMs };
    case 'VaccinationAdministered':
      return { recordedAtMs: event.recordedAtMs, doneAtMs: event.givenAtMs };
    case 'CodeAssigned':
      return { recordedAtMs: event.recordedAtMs, doneAtMs: event.assignedAtMs };
    case 'ExposureRecorded':
      return { recordedAtMs: event.recordedAtMs, doneAtMs: event.toMs ?? event.fromMs };
  }
}

function recordFault(event: PersonEvent): EventFault | null {
  const times = doneAtMsOf(event);
  return times !== null && times.recordedAtMs < times.doneAtMs
    ? fault(
        'recordedAtMs',
        'RECORD_BEFORE_ACT',
        'the record is older than what it records',
        'check both times and their offsets',
      )
    : null;
}

function fault(field: string, code: EventFault['code'], detail: string, hint: string): EventFault {
  return { field, code, detail, hint };
}
