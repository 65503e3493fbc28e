/** The timeline of an example: what is asked to draw it. */

import { expect, it } from 'vitest';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { at } from '#exercises/town/events.ts';
import { readExample } from '#services/cli/policy/explain.ts';
import { timeline } from '#services/cli/policy/timeline.ts';
import { shippedBook } from '#test/support/policies.ts';

const DAYS = 16;

it('asks at midnights and at changes; it asked at each minute, for an example was only just fresh', async () => {
  const shipped = await shippedBook();
  let asked = 0;
  const select: PolicyBook['select'] = (scope, atMs) => {
    asked += 1;
    return shipped.select(scope, atMs);
  };
  const example = await readExample(null, at('2022-05-01T08:00+08:00'));
  const drawn = timeline({ ...shipped, select }, { destination: '21', purpose: 'public_place', ...example });
  expect(drawn).toMatch(/2022-05-03 08:00:00\.001 .*not_recognised/);
  expect(asked).toBeGreaterThan(DAYS);
  expect(asked).toBeLessThan(2 * DAYS);
});
