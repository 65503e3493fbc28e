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

it('names each test that failed, with the first line of why: the end of a run is all that is kept of some', () => {
  const failed = { status: 'failed', fullName: 'adds up', failureMessages: ['Error: 3 is not 4\n    at sum.ts'] };
  expect(count([{ ...file('failed', 'passed'), assertionResults: [failed] }], false).reasons).toEqual([
    'failed: a.test.ts: adds up: Error: 3 is not 4',
  ]);
  expect(count([file('passed', 'skipped')]).reasons).toEqual(['skipped, which counts as failed: a.test.ts: a test']);
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
  const files = [
    { name: 'a', seconds: 1 },
    { name: 'b', seconds: 7.5 },
    { name: 'c', seconds: 2 },
  ];
  expect(slowestFiles(files, 2)).toEqual([files[1], files[2]]);
  expect(slowestFiles(undefined)).toEqual([]);
});
