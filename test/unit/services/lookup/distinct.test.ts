/** Different ones are counted once in a window, and memory has a bound: what is forgotten counts again, never less. */

import { expect, it } from 'vitest';
import { Distinct } from '#services/lookup/distinct.ts';

it('counts each once, by key, until the window ends', () => {
  const distinct = new Distinct(1_000);
  for (const member of [1, 2, 1]) distinct.add('a', member, 500);
  distinct.add('b', 1, 500);
  expect([distinct.count('a', 999), distinct.count('b', 999), distinct.count('c', 999)]).toEqual([2, 1, 0]);
  expect(distinct.has('a', 2, 999)).toBe(true);
  expect(distinct.resetMs(900)).toBe(100);
  expect([distinct.count('a', 1_000), distinct.has('a', 2, 1_000)]).toEqual([0, false]);
});

it('forgets other keys first when it is full', () => {
  const distinct = new Distinct(1_000, 3);
  for (const key of ['a', 'b']) distinct.add(key, 1, 0);
  for (const member of [1, 2]) distinct.add('c', member, 0);
  expect(['a', 'b', 'c'].map((key) => distinct.count(key, 0))).toEqual([0, 1, 2]);
  distinct.add('c', 3, 0);
  distinct.add('c', 4, 0);
  expect(['b', 'c'].map((key) => distinct.count(key, 0))).toEqual([0, 0]);
});
