/** The order in which test files start. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inOrder, LONGEST } from '#infra/tests/longest-first.ts';
import { ROOT } from '#platform/folders.ts';

it.each(LONGEST)('%s is there', (name) => {
  expect(existsSync(join(ROOT, name))).toBe(true);
});

it('starts the longest first, and leaves the others in their order', () => {
  const others = ['test/unit/a.test.ts', 'test/unit/b.test.ts'] as const;
  const files = [others[0], ...LONGEST.toReversed(), others[1]].map((name) => ({ moduleId: join(ROOT, name) }));
  expect(inOrder(files)).toEqual([...LONGEST, ...others].map((name) => ({ moduleId: join(ROOT, name) })));
});
