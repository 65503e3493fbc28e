/** A sample of `make mutants`: the same each time, and only lines on which something can be changed. */

import { expect, it } from 'vitest';
import { sampleOf } from '#exercises/mutants/sample.ts';

const text = `/** What it is. */

import { b } from './b.ts';

export type A = string;
const a = 1;
export function f() {
  // Why.
  return a + b;
}
`;
const texts = ['a.ts', 'b.ts'].map((file) => ({ file, text }));

it('of each line leaves out what can’t be changed', () => {
  expect(sampleOf(texts, 1)).toEqual([
    'a.ts:6:0-6:12',
    'a.ts:7:0-7:21',
    'a.ts:9:0-9:15',
    'b.ts:6:0-6:12',
    'b.ts:7:0-7:21',
    'b.ts:9:0-9:15',
  ]);
});

it('of every second line counts on from one file to the next', () => {
  expect(sampleOf(texts, 2)).toEqual(['a.ts:6:0-6:12', 'a.ts:9:0-9:15', 'b.ts:7:0-7:21']);
});
