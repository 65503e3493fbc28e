/** Which seeds the simulation runs, as its caller says. */

import { describe, expect, it } from 'vitest';
import { seededRandom } from '#exercises/town/random.ts';
import { readSimulationSettings } from '#test/support/simulation/settings.ts';

describe('the settings of the simulation', () => {
  it('are ten thousand seeds unless something else is said', () => {
    expect(readSimulationSettings({})).toEqual({ seed: null, seeds: 10_000 });
    expect(readSimulationSettings({ SEED: '', SEEDS: '' })).toEqual({ seed: null, seeds: 10_000 });
    expect(readSimulationSettings({ SEED: '7', SEEDS: '20' })).toEqual({ seed: 7, seeds: 20 });
  });
  it.each(['0', '-1', '1.5', 'x'])('refuse %s, and name it', (text) => {
    expect(() => readSimulationSettings({ SEED: text })).toThrow(/^SEED is/);
  });
});

it('neighbouring seeds take ways of their own, and each its own again', () => {
  const drawn = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 20 }, () => random.below(1_000));
  };
  const all = Array.from({ length: 200 }, (_, seed) => drawn(seed + 1).join());
  expect(new Set(all).size).toBe(200);
  expect(new Set(all.map((text) => text.split(',')[0])).size).toBeGreaterThan(150);
  expect(drawn(3)).toEqual(drawn(3));
});
