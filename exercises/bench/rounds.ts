/**
 * Ways of doing the same, measured in turn: A B A B. A machine that others use is slow for all of them alike, so what
 * two ways differ by is told by the pairs of one round, and by their median. It must never drop a round.
 */

/** Each way once, and so on for as many rounds. The first round is thrown away before: it warms what it measures. */
export async function inTurn<Way extends string, T>(
  rounds: number,
  ways: Readonly<Record<Way, () => Promise<T> | T>>,
): Promise<Readonly<Record<Way, readonly T[]>>> {
  const names = Object.keys(ways) as Way[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Way, T[]>;
  for (const name of names) await ways[name]();
  for (let round = 0; round < rounds; round += 1) for (const name of names) measured[name].push(await ways[name]());
  return measured;
}

/** @throws RangeError of none */
export function medianOf(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('nothing was measured');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export interface Compared {
  readonly ours: number;
  readonly yardstick: number;
  /** Of the pairs of each round: the median, the least and the most. */
  readonly ratio: number;
  readonly ratioMin: number;
  readonly ratioMax: number;
}

/** @param yardstick of the same rounds */
export function compared(ours: readonly number[], yardstick: readonly number[]): Compared {
  if (ours.length !== yardstick.length) throw new RangeError('the rounds of two ways are not the same');
  const ratios = ours.map((value, round) => value / (yardstick[round] as number));
  return {
    ours: medianOf(ours),
    yardstick: medianOf(yardstick),
    ratio: medianOf(ratios),
    ratioMin: Math.min(...ratios),
    ratioMax: Math.max(...ratios),
  };
}
