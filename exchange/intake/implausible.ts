/**
 * Which refusals are of an event that can't be as it says, whoever sends it: a time ahead of the clock or out of order,
 * a birth that nobody can have. Its sender keeps it to look again; the exchange never does.
 */

import type { ProblemKind } from '#platform/problems.ts';

export const IMPLAUSIBLE = [
  'time-in-future',
  'time-before-2019',
  'report-before-sampling',
  'report-before-test',
  'test-before-sampling',
  'report-too-late',
  'accession-before-sampling',
  'record-before-act',
  'impossible-birth-date',
] as const satisfies readonly ProblemKind[];

const CODES: ReadonlySet<string> = new Set(IMPLAUSIBLE);

/** @param code as a door gives it, which may be newer than this program */
export function isImplausible(code: string): boolean {
  return CODES.has(code);
}
