/**
 * What vitest's reports say: the outcomes, counted, and the slowest files. Nothing that didn't run and pass may be
 * counted as passed or left out.
 */

import { relative } from 'node:path';
import type { TimedFile } from './file-times.ts';

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** What failed and why, a line each: the end of a run is often all of it that is kept. */
  readonly reasons: readonly string[];
}

interface TestResult {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages?: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

/** @param succeeded whether vitest itself ended with status 0 */
export function countTests(report: unknown, succeeded: boolean): Totals {
  if (!isReport(report)) return { passed: 0, failed: 1, reasons: ['vitest ended without a report'] };
  let passed = 0;
  let failed = 0;
  const reasons: string[] = [];
  for (const { name: path, status, assertionResults } of report.testResults) {
    const name = relative(process.cwd(), path);
    for (const test of assertionResults) {
      if (test.status === 'passed') passed++;
      else failed++;
      if (test.status !== 'passed') reasons.push(reasonOf(name, test));
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

function reasonOf(file: string, { status, fullName, failureMessages = [] }: TestResult): string {
  const word = status === 'failed' ? status : `${status}, which counts as failed`;
  const [firstLine = ''] = (failureMessages[0] ?? '').split('\n');
  return `${word}: ${file}: ${fullName}${firstLine && `: ${firstLine}`}`;
}

/** The files that took longest, the longest first. @param times what the reporter of times wrote, if it came to it */
export function slowestFiles(times: unknown, count = 10): readonly TimedFile[] {
  return areTimes(times) ? times.toSorted((a, b) => b.seconds - a.seconds).slice(0, count) : [];
}

function areTimes(times: unknown): times is readonly TimedFile[] {
  return Array.isArray(times);
}

function isReport(report: unknown): report is Report {
  return typeof report === 'object' && report !== null && 'testResults' in report && Array.isArray(report.testResults);
}
