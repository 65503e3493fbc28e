/** The switch of each partition right after a commit: when it is tried, when it counts as done, and what ends it. */

import { describe, expect, it } from 'vitest';
import type { Generations, Pointers, SwitchOutcome } from '#exchange/view/generations.ts';
import { Switching } from '#services/cli/view/switching.ts';
import { MemoryStore, START, unavailable } from '#test/unit/exchange/fold/support.ts';

/** Two partitions, both to go from generation 1 to 2. */
class Rig {
  readonly tried: number[] = [];
  outcomes: (SwitchOutcome | Error)[] = [];
  live = 1;
  readonly remaining: number[][] = [];
  readonly switching = new Switching(
    {
      switch: async (partition: number): Promise<SwitchOutcome> => {
        this.tried.push(partition);
        const outcome = this.outcomes.shift() ?? 'behind';
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
      pointers: async (): Promise<Pointers> => ({ live: this.live, building: null }),
    } as unknown as Generations,
    new Map([0, 1].map((partition) => [partition, { live: 1, building: 2 }])),
  );
  readonly #memory = new MemoryStore();
  readonly #store = this.switching.watching(this.#memory);

  constructor() {
    this.switching.onSwitched((remaining) => this.remaining.push([...remaining]));
  }
  async commit(partition: number): Promise<void> {
    await this.#store.commit({
      partition,
      generation: 2,
      expected: this.#memory.stored,
      position: START,
      freshness: { watermarks: [], incompleteProvinces: [], withdrawals: [], acceptedUpToMs: 0, leaks: [] },
      views: [],
    });
  }
}

describe('switching', () => {
  it('is tried after each commit from its begin on, until a partition is switched', async () => {
    const rig = new Rig();
    await rig.commit(0);
    expect(rig.tried).toEqual([]);
    const done = rig.switching.begin();
    rig.outcomes = ['behind', 'switched', 'switched'];
    for (const partition of [0, 0, 0, 1]) await rig.commit(partition);
    await done;
    expect(rig.tried).toEqual([0, 0, 1]);
    expect(rig.remaining).toEqual([[1], []]);
  });
  it('whose answer got lost is looked up: it may have happened', async () => {
    const rig = new Rig();
    const done = rig.switching.begin();
    rig.outcomes = [unavailable('REDIS_UNAVAILABLE'), unavailable('REDIS_UNAVAILABLE'), 'switched'];
    await expect(rig.commit(0)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    expect(rig.remaining).toEqual([]);
    rig.live = 2;
    await rig.commit(0);
    await rig.commit(1);
    await done;
    expect(rig.remaining).toEqual([[1], []]);
  });
  it.each([
    ['ended', /given up elsewhere/],
    ['other_log', /another log/],
  ] as const)('that finds %s ends the command and names the mend', async (outcome, message) => {
    const rig = new Rig();
    const done = rig.switching.begin();
    rig.outcomes = [outcome];
    await rig.commit(0);
    await expect(done).rejects.toMatchObject({
      code: 'REBUILD_ENDED',
      message: expect.stringMatching(message) as string,
      hint: expect.stringContaining('--switch') as string,
    });
  });
});
