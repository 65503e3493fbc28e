/** What is right or missing in the whole folder of rules; what is wrong in one file is told beside it. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { loadPolicies, readPolicies } from '#exchange/policy/files.ts';
import { NOW_MS, ruleAt } from '#test/support/lookup.ts';
import { ChangeableRules } from '#test/support/policies.ts';

const FILE = '31-shanghai/public-place-v3.json';
const rules = new ChangeableRules();
const { folder } = rules;
afterEach(() => rules.putRight());
afterAll(() => rules.remove());

it.each(['README.md', '.DS_Store', '.public-place-v4.json.swp', 'public-place-v4.json~'])(
  'a file that nobody takes for a rule is none: %s',
  async (name) => {
    await writeFile(join(folder, '31-shanghai', name), '{}');
    expect((await readPolicies(folder)).faults).toEqual([]);
  },
);
it('a rule may leave the freshness bound out', async () => {
  const text = await readFile(join(folder, FILE), 'utf8');
  expect(text).toContain('\n  "freshnessBoundSeconds": 30,');
  await writeFile(join(folder, FILE), text.replace('\n  "freshnessBoundSeconds": 30,', ''));
  expect(ruleAt(await loadPolicies(folder), '31', 'public_place', NOW_MS)?.rule.freshnessBoundMs).toBe(30_000);
});
it('a folder that isn’t there is said to be missing', async () => {
  const none = join(folder, 'none');
  await expect(loadPolicies(none)).rejects.toMatchObject({
    code: 'POLICY_INVALID',
    message: `${none} is not there`,
    hint: 'name the folder that holds the rules',
  });
  await expect(loadPolicies(none, 'HUTONG_POLICIES names it')).rejects.toMatchObject({
    hint: 'HUTONG_POLICIES names it',
  });
});
it('a province without a table of codes is named', async () => {
  await rm(join(folder, '44-guangdong/code.json'));
  expect((await readPolicies(folder)).faults).toEqual([
    {
      file: '.',
      line: null,
      column: null,
      pointer: '/44',
      detail: 'has no code.json',
      mend: 'add policies/44-<name>/code.json',
    },
  ]);
});
it('one file is enough to hold back all: no table of the national code', async () => {
  await rm(join(folder, '00-national'), { recursive: true });
  await mkdir(dirname(join(folder, FILE)), { recursive: true });
  await expect(loadPolicies(folder)).rejects.toThrow('has no table of the national code');
});
