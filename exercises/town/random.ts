/**
 * Seeded randomness for the simulated day: the same seed gives the same day, on every machine. Nothing here may draw
 * from the system's own randomness.
 */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  /** True in this share of cases. */
  chance(share: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** Of a lognormal distribution with this median; sigma is that of the logarithm. */
  lognormal(median: number, sigma: number): number;
}

/** The generator is sfc32: small, fast, and good enough to stand in for a crowd. */
export function seededRandom(seed: number): Random {
  let [a, b, c, count] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];
  const next = (): number => {
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < 15; round += 1) next();
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
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
