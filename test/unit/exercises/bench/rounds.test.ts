/** What the bench makes of its rounds: they are taken in turn, and a ratio is that of pairs. */

import { describe, expect, it } from 'vitest';
import { compared, inTurn, medianOf } from '#exercises/bench/rounds.ts';
import { rowOf, tableOf } from '#exercises/bench/rows.ts';

describe('rounds', () => {
  it('take each way in turn, and throw the first of each away', async () => {
    const order: string[] = [];
    const way = (name: string) => () => order.push(name);
    expect(await inTurn(2, { a: way('a'), b: way('b') })).toEqual({ a: [3, 5], b: [4, 6] });
    expect(order.join('')).toBe('ababab');
  });
  it('come to the median', () => {
    expect(medianOf([9, 1, 5])).toBe(5);
    expect(medianOf([9, 1, 5, 7])).toBe(6);
    expect(() => medianOf([])).toThrow(RangeError);
  });
  it('are compared by pairs: a machine that is slow for a while is slow for both ways', () => {
    expect(compared([10, 100, 12], [5, 50, 6])).toEqual({ ours: 12, yardstick: 6, ratio: 2, ratioMin: 2, ratioMax: 2 });
    expect(() => compared([1], [1, 2])).toThrow(RangeError);
  });
});

describe('a row', () => {
  const measured = compared([30, 31, 29], [10, 10, 10]);
  it('says whether its goal is met, and nothing where there is none', () => {
    expect(rowOf('a', measured).met).toBeNull();
    expect(rowOf('a', measured, { atMost: 3 }).met).toBe(true);
    expect(rowOf('a', measured, { atLeast: 4 }).met).toBe(false);
  });
  it('stands in the table with its spread', () => {
    const lines = tableOf('what', [rowOf('a: µs', measured, { atMost: 2 })]).split('\n');
    expect(lines[2]).toBe('| a: µs | 30.0 | 10.0 | 3.00 (2.90 to 3.10) | at most 2, not met |');
  });
});
