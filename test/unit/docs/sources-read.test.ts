/** What policies/sources-read.md says of pages that were read again: by which rules each is cited, and each once. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';
import { shippedPolicies } from '#test/support/policies.ts';

const LINE = /^\| \[.+\]\((\S+)\) \| ([^|]+) \| [^|]+ \|$/;
const lines = readFileSync(join(ROOT, 'policies/sources-read.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, page, citedBy] = LINE.exec(line) ?? [];
    return page === undefined || citedBy === undefined ? [] : [{ page, citedBy: citedBy.split(', ') }];
  });

it('names each page once, and by which rules it is cited', async () => {
  const { rules } = await shippedPolicies();
  expect(lines.length).toBeGreaterThan(0);
  expect(new Set(lines.map(({ page }) => page)).size).toBe(lines.length);
  for (const { page, citedBy } of lines) {
    const citing = rules.filter(({ rule }) => rule.sources.some(({ url }) => url === page)).map(({ rule }) => rule.id);
    expect([page, citedBy.toSorted()]).toEqual([page, [...new Set(citing)].toSorted()]);
  }
});
