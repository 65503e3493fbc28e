/** Rules that a test changed are put right for the next one. */

import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPolicies } from '#exchange/policy/files.ts';
import { POLICIES } from '#platform/folders.ts';
import { ChangeableRules, policiesWithoutTheEnd } from '#test/support/policies.ts';

const FILE = '31-shanghai/public-place-v3.json';

it('whatever was written, moved, removed or added', async () => {
  const rules = new ChangeableRules();
  const at = (name: string) => join(rules.folder, name);
  const text = readFileSync(at(FILE), 'utf8');
  writeFileSync(at(FILE), text.replace('72', '27')); // no longer than before
  rmSync(at('00-national'), { recursive: true });
  renameSync(at('44-guangdong/code.json'), at('code.json'));
  mkdirSync(at('31-shanghai/folder-v1.json'));
  symlinkSync('nowhere', at('31-shanghai/public-place-v9.json'));
  writeFileSync(at('11-beijing/other.json'), '{}');
  expect((await readPolicies(rules.folder)).faults).not.toEqual([]);
  rules.putRight();
  expect(readFileSync(at(FILE), 'utf8')).toBe(text);
  const [{ rules: changed, faults }, { rules: shipped }] = [
    await readPolicies(rules.folder),
    await readPolicies(POLICIES),
  ];
  expect([changed, faults]).toEqual([shipped, []]);
  rules.remove();
  expect((await readPolicies(POLICIES)).faults).toEqual([]);
});

// A province's rule once had a file of the same name. It was left out as well, and a test waited for nothing.
it('of the rules without the nation’s end, only that end is left out', async () => {
  const folder = policiesWithoutTheEnd();
  const [{ rules, faults }, shipped] = [await readPolicies(folder), await readPolicies(POLICIES)];
  expect(faults).toEqual([]);
  const shippedFiles = shipped.rules.map(({ file }) => file);
  const files = new Set(rules.map(({ file }) => file));
  expect(shippedFiles.filter((file) => !files.has(file))).toEqual(['00-national/nothing-asked-v2.json']);
  rmSync(folder, { recursive: true });
});
