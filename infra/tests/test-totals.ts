/**
 * What vitest's JSON report says: the outcomes, counted, and the slowest files. Nothing that didn't run and pass may be
 * counted as passed or left out.
 */

import { relative } from 'node:path';

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** For failures that vitest's own summary doesn't show as failed tests. */
  readonly reasons: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** @param succeeded whether vitest itself ended with status 0 */
export function countTests(report: unknown, succeeded: boolean): Totals {
  if (!isReport(report)) return { passed: 0, failed: 1, reasons: ['vitest ended without a report'] };
  let passed = 0;
  let failed = 0;
  const reasons: string[] = [];
  for (const { name, status, assertionResults } of report.testResults) {
    for (const test of assertionResults) {
      if (test.status === 'passed') passed++;
      else failed++;
      if (test.status !== 'passed' && test.status !== 'failed')
        reasons.push(`${test.status}, which counts as failed: ${name}: ${test.fullName}`);
    }
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
      failed++;
      reasons.push(`failed outside its tests: ${name}`);
    }
  }
  if (passed + failed === 0) return { passed, failed: 1, reasons: ['no test ran'] };
  if (!succeeded && failed === 0) return { passed, failed: 1, reasons: [...reasons, 'an error outside any test'] };
  return { passed, failed, reasons };
}

export interface TimedFile {
  /** Relative to where the tests run. */
  readonly name: string;
  readonly seconds: number;
}

/** The files that took longest, the longest first. */
export function slowestFiles(report: unknown, count = 10, root = process.cwd()): readonly TimedFile[] {
  if (!isReport(report)) return [];
  return report.testResults
    .map(({ name, startTime, endTime }) => ({ name: relative(root, name), seconds: (endTime - startTime) / 1_000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count);
}

function isReport(report: unknown): report is Report {
  return typeof report === 'object' && report !== null && 'testResults' in report && Array.isArray(report.testResults);
}
