/**
 * Whether a result's times can follow each other. A time that decides nothing gives way, with a note; two that are
 * equal as far as the coarser of them goes are equal. It never moves a time that decides.
 */

import { REPORT_DAYS_MAX, type Status } from '#core/events/events.ts';
import { DAY_MS, formatDay, parseDay, parseTime, shanghaiDayOf } from '#core/field/time.ts';
import type { FormatFault } from './format-fault.ts';

export interface Times {
  /** ISO 8601; a date alone counts from 00:00 in Asia/Shanghai. */
  readonly sampledAt: string | null;
  readonly testedAt: string | null;
  /** `YYYY-MM-DD` */
  readonly accessionedOn: string | null;
  readonly reportIssuedAt: string;
}

/** Where the format has them, in the words of who sends it. */
export type TimeFields = Readonly<Record<'testedAt' | 'accessionedOn' | 'reportIssuedAt', string>>;

/** The times without those that contradict the report or the sampling, and with seconds only where all have them. */
export function timesInOrder(times: Times, fields: TimeFields, notes: FormatFault[]): Omit<Times, 'reportIssuedAt'> {
  const reportedMs = msOf(times.reportIssuedAt);
  const sampledAt = notAfter(times.sampledAt, reportedMs) ?? times.sampledAt;
  const sampledMs = sampledAt === null ? Number.NEGATIVE_INFINITY : msOf(sampledAt);
  let testedAt = times.testedAt === null ? null : notAfter(times.testedAt, reportedMs);
  if (testedAt !== null && msOf(testedAt) < sampledMs) testedAt = null;
  if (testedAt === null && times.testedAt !== null) notes.push({ field: fields.testedAt, ...TESTED });
  const day = times.accessionedOn === null ? null : parseDay(times.accessionedOn);
  const isAccessionRight =
    day === null || (day <= shanghaiDayOf(reportedMs) && (sampledAt === null || day >= shanghaiDayOf(sampledMs)));
  if (!isAccessionRight) notes.push({ field: fields.accessionedOn, ...ACCESSIONED });
  return { sampledAt, testedAt, accessionedOn: isAccessionRight ? times.accessionedOn : null };
}

/** Why the two can't be of one result. Who corrects or takes back may do so later. */
export function reportFaultOf(
  sampledAt: string | null,
  reportIssuedAt: string,
  status: Status,
  fields: TimeFields,
): FormatFault | null {
  if (sampledAt === null || status === 'corrected' || status === 'retracted') return null;
  return msOf(reportIssuedAt) - msOf(sampledAt) > REPORT_DAYS_MAX * DAY_MS
    ? { field: fields.reportIssuedAt, ...LATE }
    : null;
}

/** Whether the door would take these times. */
export function canFollow(sampledAt: string | null, reportIssuedAt: string): boolean {
  return sampledAt === null || msOf(reportIssuedAt) >= msOf(sampledAt);
}

/** The time, to the minute where only its seconds lie after the other; null where it lies after it all the same. */
function notAfter(iso: string | null, latestMs: number): string | null {
  if (iso === null || msOf(iso) <= latestMs) return iso;
  const coarse = toMinute(iso);
  return msOf(coarse) <= latestMs ? coarse : null;
}

/** As a day of Asia/Shanghai, so that the same instant written with another offset gives the same day. */
export function dayIn(iso: string): string | null {
  const time = parseTime(iso);
  return time === null ? null : formatDay(shanghaiDayOf(time.atMs));
}

function toMinute(iso: string): string {
  return iso.replace(/(T\d{2}:\d{2}):\d{2}(\.\d+)?/, '$1');
}

export function msOf(iso: string): number {
  return parseTime(iso)?.atMs ?? Number.NaN;
}

type Said = Omit<FormatFault, 'field'>;

const TESTED: Said = {
  reason: 'lies before the sampling or after the report; the result is taken without it',
  hint: 'send when the test was done',
};
const ACCESSIONED: Said = {
  reason: 'lies before the sampling or after the report; the result is taken without it',
  hint: 'send when the laboratory filed the specimen',
};
const LATE: Said = {
  reason: `lies more than ${REPORT_DAYS_MAX} days after the sampling`,
  hint: 'check the years and days of both times',
};
