/**
 * What is said of an event that is impossible: of each fault its code, what is wrong, and how to mend it. Which event
 * has the fault, event-rules.ts says. No text repeats a value of the event.
 */

import { DAY_MS, TIME_PRECISIONS } from '#core/field/time.ts';
import { ERASURE_REACH_MS, EVENT_LIMITS, METHODS, REPORT_DAYS_MAX, STATUSES, TEST_RESULTS } from './events.ts';

export interface EventFault {
  /** The event's own field, such as `sampledAtMs`. */
  readonly field: string;
  readonly code:
    | 'unknown-province'
    | 'unknown-status'
    | 'unknown-result'
    | 'unknown-precision'
    | 'text-too-long'
    | 'text-blank'
    | 'text-with-marks'
    | 'number-in-text'
    | 'number-out-of-range'
    | 'time-in-future'
    | 'time-before-2019'
    | 'report-before-sampling'
    | 'report-too-late'
    | 'unknown-method'
    | 'report-before-test'
    | 'test-before-sampling'
    | 'record-before-act'
    | 'accession-before-sampling'
    | 'precision-missing'
    | 'code-without-grounds'
    | 'expiry-before-assignment'
    | 'validity-too-long'
    | 'departure-before-arrival'
    | 'reach-out-of-range'
    | 'unknown-takes';
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
    code: 'unknown-province',
    detail: 'not the code of a publisher',
    hint: 'use the two-digit code, 66 for the Corps',
  },
  unknownStatus: { code: 'unknown-status', detail: 'not a status', hint: `use ${STATUSES.join(', ')}` },
  unknownResult: { code: 'unknown-result', detail: 'not a result', hint: `use ${TEST_RESULTS.join(', ')}` },
  unknownPrecision: { code: 'unknown-precision', detail: 'not a precision', hint: `use ${TIME_PRECISIONS.join(', ')}` },
  textTooLong: {
    code: 'text-too-long',
    detail: `longer than ${EVENT_LIMITS.textCharsMax} characters`,
    hint: 'use the code or licence number instead of a long name',
  },
  textBlank: {
    code: 'text-blank',
    detail: 'is blank, or a placeholder',
    hint: 'give what stands in the record; an event without it can’t be told from another',
  },
  textWithMarks: {
    code: 'text-with-marks',
    detail: 'holds a control character, a mark of direction or one that nobody sees',
    hint: 'write the text again without it; it may have come along from a copied page',
  },
  numberInText: {
    code: 'number-in-text',
    detail: 'holds the number of an identity document',
    hint: 'give the laboratory’s or office’s own number: a person’s stands in `person` alone',
  },
  poolSizeOutOfRange: {
    code: 'number-out-of-range',
    detail: `not from 1 to ${EVENT_LIMITS.poolSizeMax}`,
    hint: 'give the number of samples in the tube',
  },
  doseNumberOutOfRange: {
    code: 'number-out-of-range',
    detail: `not from 1 to ${EVENT_LIMITS.doseNumberMax}`,
    hint: '1 is the first dose',
  },
  timeInFuture: {
    code: 'time-in-future',
    detail: 'lies in the future',
    hint: 'check the clock and the offset of the time',
  },
  timeBefore2019: {
    code: 'time-before-2019',
    detail: 'lies before December 2019',
    hint: 'check the year and the unit of the time',
  },
  precisionMissing: {
    code: 'precision-missing',
    detail: 'a time and its precision go together',
    hint: 'give both or neither',
  },
  reportBeforeSampling: {
    code: 'report-before-sampling',
    detail: 'the report is older than the sample',
    hint: BOTH_TIMES_HINT,
  },
  reportTooLate: {
    code: 'report-too-late',
    detail: `the report is more than ${REPORT_DAYS_MAX} days after the sample`,
    hint: 'check the years and days of both times',
  },
  unknownMethod: {
    code: 'unknown-method',
    detail: 'not a method that any rule asks for',
    hint: `use ${METHODS.join(' or ')}; one that no rule knows yet begins with other:, such as other:lamp`,
  },
  testBeforeSampling: {
    code: 'test-before-sampling',
    detail: 'the test is older than the sample',
    hint: BOTH_TIMES_HINT,
  },
  reportBeforeTest: {
    code: 'report-before-test',
    detail: 'the report is older than the test',
    hint: BOTH_TIMES_HINT,
  },
  accessionAfterReport: {
    code: 'time-in-future',
    detail: 'lies after the report',
    hint: 'give the day on which the laboratory filed the specimen',
  },
  accessionBeforeSampling: {
    code: 'accession-before-sampling',
    detail: 'lies before the sampling',
    hint: 'give the day on which the laboratory filed the specimen',
  },
  codeWithoutGrounds: {
    code: 'code-without-grounds',
    detail: 'a state other than green can’t be without it',
    hint: GROUNDS_HINT,
  },
  expiryBeforeAssignment: {
    code: 'expiry-before-assignment',
    detail: 'the expiry is not after the assignment',
    hint: BOTH_TIMES_HINT,
  },
  validityTooLong: {
    code: 'validity-too-long',
    detail: `more than ${EVENT_LIMITS.codeValidityMsMax / DAY_MS} days after the assignment`,
    hint: 'decide again when it ends: whoever still has grounds then can state them',
  },
  departureBeforeArrival: {
    code: 'departure-before-arrival',
    detail: 'the person left before arriving',
    hint: BOTH_TIMES_HINT,
  },
  unknownTakes: {
    code: 'unknown-takes',
    detail: 'is neither own nor all',
    hint: 'own takes what the publisher published; all is for the national role',
  },
  reachOutOfRange: {
    code: 'reach-out-of-range',
    detail: `does not end within ${ERASURE_REACH_MS / 1_000} s after the acceptance`,
    hint: 'the producer sets it',
  },
  recordBeforeAct: {
    code: 'record-before-act',
    detail: 'the record is older than what it records',
    hint: BOTH_TIMES_HINT,
  },
} as const satisfies Readonly<Record<string, Omit<EventFault, 'field'>>>;
