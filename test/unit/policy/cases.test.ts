/**
 * The cases beside the rules: every rule that can be in force has some for each of its versions, and each gets its answer.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPolicies } from '#policy/files.ts';
import { answerCase, differencesOf, readCases } from '#policy/cases.ts';

const FOLDER = join(import.meta.dirname, '../../../policies');
const policies = await loadPolicies(FOLDER);
const files = await readCases(FOLDER);

describe.each(files)('$file', ({ cases: { rule, cases } }) => {
  it.each(cases)('$name', (one) => {
    expect(differencesOf(rule, one, answerCase(policies, rule, one))).toEqual([]);
  });
});

describe('the cases', () => {
  const judged = new Set(files.flatMap(({ cases: { rule, cases } }) => cases.map(({ expect: { version } }) => `${rule} ${version}`)));
  it.each(policies.rules.filter(({ confirmed }) => confirmed).map(({ id, version }) => `${id} ${version}`))('there is one for %s', (name) => {
    expect(judged).toContain(name);
  });
});
