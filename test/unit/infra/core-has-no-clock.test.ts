/** What the linter has no rule for: the core never makes a date of the present moment. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '#infra/process/settings.ts';

const core = join(ROOT, 'services/core');

it.each(readdirSync(core))('%s reads no clock', (name) => {
  expect(readFileSync(join(core, name), 'utf8')).not.toMatch(/new Date\(\s*\)|\bDate\(\s*\)/);
});
