/** All processes together keep to an allowance, hardly a request waits, and a store that is away is done without. */

import { beforeEach, describe, expect, it } from 'vitest';
import { Leases, type Taken } from '#platform/limits/leases.ts';

const WINDOW_MS = 60_000;
const NOW_MS = 10 * WINDOW_MS;
const SHARERS = 4;

/** The common store. */
let drawn: Map<string, number>;
let draws: number;
let isAway: boolean;

const newLeases = () =>
  new Leases({
    windowMs: WINDOW_MS,
    sharers: SHARERS,
    draw: async (key, window, amount) => {
      draws += 1;
      if (isAway) throw new Error('connection refused');
      const name = `${key}/${window}`;
      drawn.set(name, (drawn.get(name) ?? 0) + amount);
      return drawn.get(name) as number;
    },
  });

beforeEach(() => {
  drawn = new Map();
  draws = 0;
  isAway = false;
});

async function countTaken(leases: readonly Leases[], times: number, limit: number, nowMs = NOW_MS): Promise<number> {
  let count = 0;
  for (let time = 0; time < times; time += 1) {
    const { isTaken } = await (leases[time % leases.length] as Leases).take('gate-44', limit, 1, nowMs);
    count += Number(isTaken);
  }
  return count;
}

describe('an allowance', () => {
  it.each([1, 2, 7, 16, 100, 1_000])('of %i is used in full by one process, and no further', async (limit) => {
    expect(await countTaken([newLeases()], 2 * limit, limit)).toBe(limit);
  });
  it.each([16, 100, 1_000])('of %i is not exceeded by several processes', async (limit) => {
    const taken = await countTaken([newLeases(), newLeases(), newLeases()], 3 * limit, limit);
    expect(taken).toBe(limit);
  });
  it('is there again in the next window', async () => {
    const leases = newLeases();
    expect(await countTaken([leases], 20, 10)).toBe(10);
    expect(await countTaken([leases], 20, 10, NOW_MS + WINDOW_MS)).toBe(10);
  });
  it('of one key is not that of another', async () => {
    const leases = newLeases();
    expect(await countTaken([leases], 20, 10)).toBe(10);
    expect(await leases.take('gate-45', 10, 1, NOW_MS)).toMatchObject({ isTaken: true });
  });
  it('says how much of it is left, and for how long', async () => {
    const leases = newLeases();
    const taken: Taken[] = [];
    for (let time = 0; time < 4; time += 1) taken.push(await leases.take('gate-44', 3, 1, NOW_MS + 1_000));
    expect(taken.map(({ isTaken, limit, remaining }) => [isTaken, limit, remaining])).toEqual([
      [true, 3, 2],
      [true, 3, 1],
      [true, 3, 0],
      [false, 3, 0],
    ]);
    expect(taken[3]?.resetMs).toBe(WINDOW_MS - 1_000);
  });
  it('may be taken from by several at once', async () => {
    const leases = newLeases();
    const taken = await Promise.all(Array.from({ length: 50 }, async () => leases.take('gate-44', 32, 1, NOW_MS)));
    expect(taken.filter(({ isTaken }) => isTaken)).toHaveLength(32);
  });
  it('gives all that is asked for, or nothing', async () => {
    const leases = newLeases();
    expect(await leases.take('gate-44', 100, 60, NOW_MS)).toMatchObject({ isTaken: true });
    expect(await leases.take('gate-44', 100, 60, NOW_MS)).toMatchObject({ isTaken: false });
    expect(await leases.take('gate-44', 100, 40, NOW_MS)).toMatchObject({ isTaken: true });
  });
});

describe('the store', () => {
  it('is asked a few times for a thousand requests, and only the first one waits', async () => {
    const leases = newLeases();
    let waited = 0;
    for (let time = 0; time < 1_000; time += 1) {
      const taking = leases.take('gate-44', 1_600, 1, NOW_MS);
      if (taking instanceof Promise) waited += 1;
      await taking;
      await Promise.resolve();
    }
    expect(waited).toBe(1);
    expect(draws).toBeLessThanOrEqual(12);
  });
  it('is asked no more once all is drawn', async () => {
    const leases = newLeases();
    await countTaken([leases], 10, 10);
    const before = draws;
    await countTaken([leases], 100, 10);
    expect(draws).toBe(before);
  });
  it('that is away leaves each process its share', async () => {
    isAway = true;
    expect(await countTaken([newLeases()], 200, 100)).toBe(100 / SHARERS);
    expect(draws).toBe(1);
  });
  it('that goes away takes back nothing, and is asked again in the next window', async () => {
    const leases = newLeases();
    expect(await countTaken([leases], 30, 100)).toBe(30);
    isAway = true;
    expect(await countTaken([leases], 200, 100)).toBeLessThanOrEqual(100 / SHARERS);
    isAway = false;
    expect(await countTaken([leases], 200, 100, NOW_MS + WINDOW_MS)).toBe(100);
  });
});
