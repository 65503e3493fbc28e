/** What the suite plans: every kind, the same for the same seed, and together only what can be. */

import { describe, expect, it } from 'vitest';
import { KINDS, SHORT_ROUNDS } from '#exercises/faults/kinds/index.ts';
import { planRounds } from '#exercises/faults/plan.ts';
import { goTogether, inHealingOrder } from '#exercises/faults/scene/fault.ts';
import { seededRandom } from '#exercises/town/random.ts';

function planned(seed: number, count: number): string[][] {
  return planRounds(KINDS, seededRandom(seed), count).map((faults) => faults.map(({ name }) => name));
}

const NAMES = KINDS.map((kind) => kind().name);

describe('the plan', () => {
  it('is that of its seed', () => {
    expect(planned(7, 60)).toEqual(planned(7, 60));
    expect(planned(7, 60)).not.toEqual(planned(8, 60));
  });
  it('brings every kind by itself before any comes again, and combinations between them', () => {
    const plan = planned(7, 200);
    const alone = plan
      .filter((names) => names.length === 1)
      .flat()
      .slice(0, KINDS.length);
    expect(new Set(alone)).toEqual(new Set(NAMES));
    expect(plan.some((names) => names.length === 3)).toBe(true);
  });
  it('never breaks what another of its faults breaks or needs', () => {
    for (const faults of planRounds(KINDS, seededRandom(1), 300)) {
      for (const one of faults)
        for (const other of faults)
          expect(one === other || goTogether(one, other), `${one.name} + ${other.name}`).toBe(true);
    }
  });
  it('of the short form meets every kind once, and together only what goes together', () => {
    expect(
      SHORT_ROUNDS.flat()
        .map((kind) => kind().name)
        .sort(),
    ).toEqual([...NAMES].sort());
    for (const kinds of SHORT_ROUNDS) {
      const faults = kinds.map((kind) => kind());
      for (const one of faults)
        for (const other of faults)
          expect(one === other || goTogether(one, other), `${one.name} + ${other.name}`).toBe(true);
    }
  });
  it('heals servers before what can’t start without them', () => {
    const order = inHealingOrder(KINDS.map((kind) => kind())).map(({ breaks }) => breaks[0]);
    expect(order.indexOf('kafka')).toBeLessThan(order.indexOf('registry'));
    expect(order.lastIndexOf('registry')).toBeLessThan(order.indexOf('producers'));
    expect(order[0]).toBe('network');
  });
});
