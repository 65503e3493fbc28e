/** What the suite plans: every kind, the same for the same seed, and together only what can be. */

import { describe, expect, it } from 'vitest';
import { KINDS, SHORT_ROUNDS } from '#exercises/faults/kinds/index.ts';
import { planRounds } from '#exercises/faults/plan.ts';
import { type Area, goTogether, healingStages } from '#exercises/faults/scene/injection.ts';
import { seededRandom } from '#exercises/town/random.ts';

function planned(seed: number, count: number): string[][] {
  return planRounds(KINDS, seededRandom(seed), count).map((injections) => injections.map(({ name }) => name));
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
  it('never breaks what another of its injections breaks or needs', () => {
    for (const injections of planRounds(KINDS, seededRandom(1), 300)) {
      for (const one of injections)
        for (const other of injections)
          expect(one === other || goTogether(one, other), `${one.name} + ${other.name}`).toBe(true);
    }
  });
  it('of the short form meets every kind once, and in one wave only what goes together', () => {
    const waves = SHORT_ROUNDS.flat().map((wave) => wave.map((kind) => kind()));
    expect(
      waves
        .flat()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...NAMES].sort());
    for (const wave of waves) {
      for (const one of wave)
        for (const other of wave)
          expect(one === other || goTogether(one, other), `${one.name} + ${other.name}`).toBe(true);
    }
  });
  it('heals servers before what can’t start without them, and at once what stands in one stage', () => {
    const stages = healingStages(KINDS.map((kind) => kind()));
    const stageOf = (area: Area): number => stages.findIndex((stage) => stage.some(({ breaks }) => breaks[0] === area));
    expect(stageOf('network')).toBe(0);
    expect(stageOf('kafka')).toBeLessThan(stageOf('registry'));
    for (const service of ['producers', 'materialisers', 'lookups'] as const)
      expect(stageOf(service)).toBe(stageOf('registry') + 1);
    expect(stages.flat()).toHaveLength(KINDS.length);
  });
});
