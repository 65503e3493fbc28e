/**
 * What the statuses of an observation and of its report come to (FHIR R4's ObservationStatus, DiagnosticReportStatus).
 * The observation's own decides; but a report that is taken back takes its results with it, and one that isn't released
 * yet releases none. README.md has the table of what each means, also after an earlier result.
 */

import type { Status } from '#core/events/events.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';

type NotYet = readonly [reason: string, hint: string];

const AGAIN = 'send it again once the laboratory has released it (preliminary or final)';
const NOT_RELEASED: NotYet = ['says that no result is there yet (registered)', AGAIN];
const NOT_KNOWN: NotYet = ['says that its status isn’t known (unknown)', 'send it with the status that it has'];

const OF_OBSERVATION: Readonly<Record<string, Status | NotYet>> = {
  preliminary: 'preliminary',
  final: 'final',
  amended: 'corrected',
  corrected: 'corrected',
  'entered-in-error': 'retracted',
  cancelled: 'retracted', // no result can be obtained: if one was reported, it doesn't stand any more
  registered: NOT_RELEASED,
  unknown: NOT_KNOWN,
};

const OF_REPORT: Readonly<Record<string, 'retracted' | 'as_observed' | NotYet>> = {
  partial: 'as_observed',
  preliminary: 'as_observed',
  final: 'as_observed',
  amended: 'as_observed',
  corrected: 'as_observed',
  appended: 'as_observed',
  'entered-in-error': 'retracted',
  cancelled: 'retracted',
  registered: NOT_RELEASED,
  unknown: NOT_KNOWN,
};

interface Stated {
  readonly path: string;
  readonly status: string | undefined;
}

/** @param report null where the observation stands alone */
export function statusOf(observation: Stated, report: Stated | null): Reading<Status> {
  const ofReport = report === null ? taken('as_observed' as const) : meaningOf(OF_REPORT, report);
  if (ofReport.ok && ofReport.value === 'retracted') return taken('retracted');
  const own = meaningOf(OF_OBSERVATION, observation);
  if (own.ok && own.value === 'retracted') return own;
  return ofReport.ok ? own : ofReport;
}

function meaningOf<T extends string>(
  meanings: Readonly<Record<string, T | NotYet>>,
  { path, status = '' }: Stated,
): Reading<T> {
  const meaning = Object.hasOwn(meanings, status) ? meanings[status] : undefined;
  if (status === '') return fault(path, 'is missing', 'send final, corrected, or entered-in-error to take one back');
  if (meaning === undefined) return fault(path, 'is no status that FHIR R4 has', 'send final, corrected, …');
  return typeof meaning === 'string' ? taken(meaning) : fault(path, meaning[0], meaning[1]);
}
