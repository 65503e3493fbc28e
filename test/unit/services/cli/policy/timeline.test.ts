/** The timeline of an example: what is asked to draw it. */

import { expect, it } from 'vitest';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import { readHistory } from '#exchange/policy/example.ts';
import { readOccasion } from '#exchange/policy/schema/occasion.ts';
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

it('says where a state bars beside what is recognised; it said the outcome alone', async () => {
  const history = { tests: [{ reportIssuedAt: '2022-11-30T12:00:00+08:00' }] };
  const occasion = { kind: 'mall', arrivedAt: '2022-11-29T12:00:00+08:00' };
  const { view, presented } = readHistory(history);
  const [startMs, read] = [at('2022-12-01T12:00+08:00'), readOccasion(occasion)];
  if ('unreadable' in read) throw new Error('the occasion can be read');
  const drawn = timeline(await shippedBook(), {
    destination: '31',
    purpose: 'public_place',
    snapshot: freshSnapshot(view, startMs),
    presented,
    occasion: read.occasion,
    startMs,
    lastMs: startMs,
    nowMs: startMs,
  });
  expect(drawn).toMatch(/recognised +│ no +│ negative result/);
});
