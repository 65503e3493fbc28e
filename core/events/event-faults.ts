/**
 * What is said of an event that is impossible: of each fault its code, what is wrong, and how to mend it. Which event
 * has the fault, event-rules.ts says. No text repeats a value of the event.
 */

import { DAY_MS, TIME_PRECISIONS } from '#core/field/time.ts';
import { ERASURE_REACH_MS, EVENT_LIMITS, STATUSES, TEST_RESULTS } from './events.ts';

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

const BOTH_TIMES_HINT = 'check both times and their offsets';

const GROUNDS_HINT =
  'say why (reason), who decided (authority), under which rule (legalBasis) and until when (expiresAt). ' +
  'Since March 2021 codes are assigned and converted by rules; in July 2022 it came out that people had ' +
  'been turned red for other purposes, with nobody stating who decided, how, or where to appeal';

export const FAULTS = {
  unknownProvince: {
    code: 'UNKNOWN_PROVINCE',
    detail: 'not the code of a publisher',
    hint: 'use the two-digit code, 66 for the Corps',
  },
  unknownStatus: { code: 'UNKNOWN_STATUS', detail: 'not a status', hint: `use ${STATUSES.join(', ')}` },
  unknownResult: { code: 'UNKNOWN_RESULT', detail: 'not a result', hint: `use ${TEST_RESULTS.join(', ')}` },
  unknownPrecision: { code: 'UNKNOWN_PRECISION', detail: 'not a precision', hint: `use ${TIME_PRECISIONS.join(', ')}` },
  textTooLong: {
    code: 'TEXT_TOO_LONG',
    detail: `longer than ${EVENT_LIMITS.textCharsMax} characters`,
    hint: 'use the code or licence number instead of a long name',
  },
  poolSizeOutOfRange: {
    code: 'NUMBER_OUT_OF_RANGE',
    detail: `not from 1 to ${EVENT_LIMITS.poolSizeMax}`,
    hint: 'give the number of samples in the tube',
  },
  doseNumberOutOfRange: {
    code: 'NUMBER_OUT_OF_RANGE',
    detail: `not from 1 to ${EVENT_LIMITS.doseNumberMax}`,
    hint: '1 is the first dose',
  },
  timeInFuture: {
    code: 'TIME_IN_FUTURE',
    detail: 'lies in the future',
    hint: 'check the clock and the offset of the time',
  },
  timeBefore2019: {
    code: 'TIME_BEFORE_2019',
    detail: 'lies before December 2019',
    hint: 'check the year and the unit of the time',
  },
  precisionMissing: {
    code: 'PRECISION_MISSING',
    detail: 'a time and its precision go together',
    hint: 'give both or neither',
  },
  reportBeforeSampling: {
    code: 'REPORT_BEFORE_SAMPLING',
    detail: 'the report is older than the sample',
    hint: BOTH_TIMES_HINT,
  },
  testBeforeSampling: {
    code: 'TEST_BEFORE_SAMPLING',
    detail: 'the test is older than the sample',
    hint: BOTH_TIMES_HINT,
  },
  reportBeforeTest: {
    code: 'REPORT_BEFORE_TEST',
    detail: 'the report is older than the test',
    hint: BOTH_TIMES_HINT,
  },
  accessionAfterReport: {
    code: 'TIME_IN_FUTURE',
    detail: 'lies after the report',
    hint: 'give the day on which the laboratory filed the specimen',
  },
  accessionBeforeSampling: {
    code: 'ACCESSION_BEFORE_SAMPLING',
    detail: 'lies before the sampling',
    hint: 'give the day on which the laboratory filed the specimen',
  },
  codeWithoutGrounds: {
    code: 'CODE_WITHOUT_GROUNDS',
    detail: 'a state other than green can’t be without it',
    hint: GROUNDS_HINT,
  },
  expiryBeforeAssignment: {
    code: 'EXPIRY_BEFORE_ASSIGNMENT',
    detail: 'the expiry is not after the assignment',
    hint: BOTH_TIMES_HINT,
  },
  validityTooLong: {
    code: 'VALIDITY_TOO_LONG',
    detail: `more than ${EVENT_LIMITS.codeValidityMsMax / DAY_MS} days after the assignment`,
    hint: 'decide again when it ends: whoever still has grounds then can state them',
  },
  departureBeforeArrival: {
    code: 'DEPARTURE_BEFORE_ARRIVAL',
    detail: 'the person left before arriving',
    hint: BOTH_TIMES_HINT,
  },
  reachOutOfRange: {
    code: 'REACH_OUT_OF_RANGE',
    detail: `does not end within ${ERASURE_REACH_MS / 1_000} s after the acceptance`,
    hint: 'the producer sets it',
  },
  recordBeforeAct: {
    code: 'RECORD_BEFORE_ACT',
    detail: 'the record is older than what it records',
    hint: BOTH_TIMES_HINT,
  },
} as const satisfies Readonly<Record<string, Omit<EventFault, 'field'>>>;
