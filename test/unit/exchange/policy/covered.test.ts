/** The table of provinces and purposes in the guide is the one that the rules give. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { coverageTable } from '#exchange/policy/covered.ts';
import { POLICIES } from '#platform/folders.ts';
import { shippedPolicies } from '#test/support/policies.ts';

const guide = readFileSync(join(POLICIES, 'README.md'), 'utf8');

it('policies/README.md: the table is what `hutong policy table` prints', async () => {
  const rules = (await shippedPolicies()).rules.map(({ rule }) => rule);
  expect(guide).toContain(`\n\n${coverageTable(rules)}\n\n`);
});
