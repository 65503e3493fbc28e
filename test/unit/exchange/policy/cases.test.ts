/**
 * The cases beside the rules: every rule that can be in force has some for each of its versions, and each gets its
 * answer.
 */

import { describe, expect, it } from 'vitest';
import { answerCase, coverageFaults, differencesOf, readCases } from '#exchange/policy/cases.ts';
import { loadPolicies, readPolicies } from '#exchange/policy/files.ts';
import { POLICIES } from '#platform/folders.ts';

const FOLDER = POLICIES;
const policies = await loadPolicies(FOLDER);
const { cases: files, faults } = await readCases(FOLDER);

describe.each(files)('$file', ({ value: { rule, cases } }) => {
  it.each(cases)('$name', (one) => {
    expect(differencesOf(rule, one, answerCase(policies, rule, one))).toEqual([]);
  });
});

it('the cases can all be run, and each version that can be in force has some', async () => {
  expect([faults, coverageFaults((await readPolicies(FOLDER)).rules, files)]).toEqual([[], []]);
});
