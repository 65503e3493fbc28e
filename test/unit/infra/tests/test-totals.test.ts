/** The last line of make test: nothing that didn't run and pass may look as if it had. */

import { expect, it } from 'vitest';
import { countTests, slowestFiles } from '#infra/tests/test-totals.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((one) => ({ status: one, fullName: 'a test' })),
});
const count = (files: object[], succeeded = true) => countTests({ testResults: files }, succeeded);

it('counts what passed and what failed', () => {
  expect(count([file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')], false)).toMatchObject({
    passed: 3,
    failed: 1,
  });
});

it.each(['skipped', 'pending', 'todo', 'disabled'])('counts a test that is %s as failed', (status) => {
  expect(count([file('passed', 'passed', status)])).toMatchObject({ passed: 1, failed: 1 });
});

it('counts a file that could not be loaded, or whose clean-up failed, as failed', () => {
  expect(count([file('failed'), file('passed', 'passed')], false)).toMatchObject({ passed: 1, failed: 1 });
  expect(count([file('failed', 'passed')], false)).toMatchObject({ passed: 1, failed: 1 });
});

it('fails where nothing ran, nothing was reported, or vitest saw an error outside any test', () => {
  expect(count([])).toMatchObject({ passed: 0, failed: 1 });
  expect(countTests(undefined, true)).toMatchObject({ passed: 0, failed: 1 });
  expect(count([file('passed', 'passed')], false)).toMatchObject({ passed: 1, failed: 1 });
});

it('names the slowest files, the slowest first', () => {
  const timed = (name: string, seconds: number) => ({
    name: `/root/${name}`,
    startTime: 1_000,
    endTime: 1_000 + seconds * 1_000,
  });
  const files = [timed('a', 1), timed('b', 7.5), timed('c', 2)];
  expect(slowestFiles({ testResults: files }, 2, '/root')).toEqual([
    { name: 'b', seconds: 7.5 },
    { name: 'c', seconds: 2 },
  ]);
  expect(slowestFiles(undefined)).toEqual([]);
});
