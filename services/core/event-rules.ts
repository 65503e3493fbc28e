/**
 * What makes an event impossible, whoever wrote it. The producer refuses such an event; the materialiser, which can't
 * refuse what is in the log, dead-letters it. Pure: the clock is an argument.
 */
import { EVENT_LIMITS, type EventType, type PersonEvent, STATUSES, TEST_RESULTS, type TestReported } from './events.ts';
import { isProvinceCode } from './regions.ts';
import { DAY_MS, SHANGHAI_OFFSET_MS, shanghaiDayOf, TIME_PRECISIONS } from './time.ts';

export interface EventFault {
  /** The event's own field, such as `sampledAtMs`. */
  readonly field: string;
  readonly code: 'UNKNOWN_PROVINCE' | 'UNKNOWN_STATUS' | 'UNKNOWN_RESULT' | 'UNKNOWN_PRECISION' | 'TEXT_TOO_LONG' | 'NUMBER_OUT_OF_RANGE' | 'TIME_IN_FUTURE' | 'TIME_BEFORE_2019' | 'REPORT_BEFORE_SAMPLING' | 'REPORT_BEFORE_TEST' | 'TEST_BEFORE_SAMPLING' | 'RECORD_BEFORE_ACT' | 'ACCESSION_BEFORE_SAMPLING' | 'PRECISION_MISSING';
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
    (event.type === 'TestReported' ? testFault(event) : null) ??
    recordFault(event)
  );
}

function listsFault(event: PersonEvent): EventFault | null {
  if (!isProvinceCode(event.province)) return fault('province', 'UNKNOWN_PROVINCE', 'not the code of a publisher', 'use the two-digit code, 66 for the Corps');
  if (!STATUSES.includes(event.status)) return fault('status', 'UNKNOWN_STATUS', 'not a status', `use ${STATUSES.join(', ')}`);
  if (event.type === 'TestReported' && !TEST_RESULTS.includes(event.result)) return fault('result', 'UNKNOWN_RESULT', 'not a result', `use ${TEST_RESULTS.join(', ')}`);
  const precision = event.type === 'VaccinationAdministered' ? event.givenAtPrecision : event.sampledAtPrecision;
  if (precision !== null && !TIME_PRECISIONS.includes(precision)) return fault('sampledAtPrecision', 'UNKNOWN_PRECISION', 'not a precision', `use ${TIME_PRECISIONS.join(', ')}`);
  return null;
}

const TEXT_FIELDS: Readonly<Record<EventType, readonly string[]>> = {
  TestReported: ['eventId', 'producerInstance', 'laboratory', 'sampleId', 'tubeId', 'method', 'specimen'],
  SamplingRecorded: ['eventId', 'producerInstance', 'site', 'sampleId', 'tubeId'],
  VaccinationAdministered: ['eventId', 'producerInstance', 'doseId', 'product', 'manufacturer'],
};

function textFault(event: PersonEvent): EventFault | null {
  const texts = event as unknown as Readonly<Record<string, string | null>>;
  for (const field of TEXT_FIELDS[event.type]) {
    if ((texts[field]?.length ?? 0) > EVENT_LIMITS.textCharsMax) return fault(field, 'TEXT_TOO_LONG', `longer than ${EVENT_LIMITS.textCharsMax} characters`, 'use the code or licence number instead of a long name');
  }
  if (event.type === 'TestReported' && event.poolSize !== null && (event.poolSize < 1 || event.poolSize > EVENT_LIMITS.poolSizeMax)) return fault('poolSize', 'NUMBER_OUT_OF_RANGE', `not from 1 to ${EVENT_LIMITS.poolSizeMax}`, 'give the number of samples in the tube');
  if (event.type === 'VaccinationAdministered' && (event.doseNumber < 1 || event.doseNumber > EVENT_LIMITS.doseNumberMax)) return fault('doseNumber', 'NUMBER_OUT_OF_RANGE', `not from 1 to ${EVENT_LIMITS.doseNumberMax}`, '1 is the first dose');
  return null;
}

// An act before its record: the record's time, where it was left out, is that of the act.
const TIME_FIELDS = ['sampledAtMs', 'testedAtMs', 'reportIssuedAtMs', 'givenAtMs', 'recordedAtMs', 'acceptedAtMs'] as const;

function timesFault(event: PersonEvent, latestMs: number): EventFault | null {
  const times = event as unknown as Readonly<Record<string, number | null | undefined>>;
  for (const field of TIME_FIELDS) {
    const atMs = times[field];
    if (atMs === null || atMs === undefined) continue;
    if (atMs > latestMs) return fault(field, 'TIME_IN_FUTURE', 'lies in the future', 'check the clock and the offset of the time');
    if (atMs < EARLIEST_MS) return fault(field, 'TIME_BEFORE_2019', 'lies before December 2019', 'check the year and the unit of the time');
  }
  return null;
}

function testFault(event: TestReported): EventFault | null {
  const { sampledAtMs, sampledAtPrecision, testedAtMs, reportIssuedAtMs, accessionedOnDay } = event;
  if ((sampledAtMs === null) !== (sampledAtPrecision === null)) return fault('sampledAtPrecision', 'PRECISION_MISSING', 'a time and its precision go together', 'give both or neither');
  if (sampledAtMs !== null && reportIssuedAtMs < sampledAtMs) return fault('reportIssuedAtMs', 'REPORT_BEFORE_SAMPLING', 'the report is older than the sample', 'check both times and their offsets');
  if (sampledAtMs !== null && testedAtMs !== null && testedAtMs < sampledAtMs) return fault('testedAtMs', 'TEST_BEFORE_SAMPLING', 'the test is older than the sample', 'check both times and their offsets');
  if (testedAtMs !== null && reportIssuedAtMs < testedAtMs) return fault('reportIssuedAtMs', 'REPORT_BEFORE_TEST', 'the report is older than the test', 'check both times and their offsets');
  if (accessionedOnDay !== null && accessionedOnDay * DAY_MS - SHANGHAI_OFFSET_MS > reportIssuedAtMs) return fault('accessionedOnDay', 'TIME_IN_FUTURE', 'lies after the report', 'give the day on which the laboratory filed the specimen');
  if (accessionedOnDay !== null && sampledAtMs !== null && accessionedOnDay < shanghaiDayOf(sampledAtMs)) return fault('accessionedOnDay', 'ACCESSION_BEFORE_SAMPLING', 'lies before the sampling', 'give the day on which the laboratory filed the specimen');
  return null;
}

function recordFault(event: PersonEvent): EventFault | null {
  if (event.type === 'TestReported') return null;
  const doneAtMs = event.type === 'SamplingRecorded' ? event.sampledAtMs : event.givenAtMs;
  return event.recordedAtMs < doneAtMs ? fault('recordedAtMs', 'RECORD_BEFORE_ACT', 'the record is older than what it records', 'check both times and their offsets') : null;
}

function fault(field: string, code: EventFault['code'], detail: string, hint: string): EventFault {
  return { field, code, detail, hint };
}
