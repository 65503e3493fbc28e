/**
 * Seeded chance for the simulated people and days and for the tests' simulation: the same seed gives the same run, on
 * every machine. Nothing here may draw from the system's own randomness. The generator is a library's; what is asked
 * of it stays here, and so do the two distributions, which take a line each.
 */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `count`, which is 1 or more. */
  below(count: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True in this share of cases. */
  chance(share: number): boolean;
  /** One of at least one value. */
  pick<T>(values: readonly T[]): T;
  /** Of a lognormal distribution with this median; sigma is that of the logarithm. */
  lognormal(median: number, sigma: number): number;
}

/** Of the library's generators, the one that stirs its seed: with the others neighbouring seeds go alike. */
export function seededRandom(seed: number): Random {
  const generator = mersenne(seed);
  const next = (): number => uniformFloat64(generator);
  const between = (low: number, high: number): number => {
    if (high < low) throw new RangeError(`there is no number from ${low} to ${high}`);
    return uniformInt(generator, low, high);
  };
  const below = (count: number): number => between(0, count - 1);
  return {
    next,
    below,
    between,
    chance: (share) => next() < share,
    pick: <T>(values: readonly T[]) => values[below(values.length)] as T,
    lognormal: (median, sigma) => median * Math.exp(sigma * gaussian(next)),
  };
}

function gaussian(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Chooses an index by weight. */
export function weighted(weights: readonly number[]): (random: Random) => number {
  let sum = 0;
  const bounds = weights.map((weight) => (sum += weight));
  return (random) => {
    const point = random.next() * sum;
    return Math.max(
      0,
      bounds.findIndex((bound) => point < bound),
    );
  };
}
