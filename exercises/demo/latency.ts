/**
 * Quantiles from the buckets of a Prometheus histogram, as Prometheus itself computes them: linear within a bucket.
 */
interface Bucket {
  /** Upper bound, inclusive. */
  readonly le: number;
  /** Observations up to it. */
  readonly count: number;
}

const SAMPLE = /^(\w+?)_bucket\{(.*)\} (\S+)$/;

/** The buckets of one histogram in a text exposition, all label sets added up. */
export function bucketsOf(text: string, name: string): Bucket[] {
  const counts = new Map<number, number>();
  for (const line of text.split('\n')) {
    const match = SAMPLE.exec(line);
    if (match === null || match[1] !== name) continue;
    const le = /(?:^|,)le="([^"]+)"/.exec(match[2] as string)?.[1];
    if (le === undefined) continue;
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
    counts.set(bound, (counts.get(bound) ?? 0) + Number(match[3]));
  }
  return [...counts].map(([le, count]) => ({ le, count })).sort((a, b) => a.le - b.le);
}

/** Null without observations; the highest bound where the quantile lies beyond it. */
export function quantileOf(buckets: readonly Bucket[], quantile: number): number | null {
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return null;
  const rank = quantile * total;
  let lower: Bucket = { le: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= rank) {
      if (bucket.le === Number.POSITIVE_INFINITY) return lower.le;
      return bucket.count === lower.count
        ? bucket.le
        : lower.le + ((bucket.le - lower.le) * (rank - lower.count)) / (bucket.count - lower.count);
    }
    lower = bucket;
  }
  return lower.le;
}

/** The buckets of several processes added up. */
export function sumBuckets(several: readonly (readonly Bucket[])[]): Bucket[] {
  const counts = new Map<number, number>();
  for (const { le, count } of several.flat()) counts.set(le, (counts.get(le) ?? 0) + count);
  return [...counts].map(([le, count]) => ({ le, count })).sort((a, b) => a.le - b.le);
}

/** Sum of a counter or gauge over all its labels. */
export function sumOf(text: string, name: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}
