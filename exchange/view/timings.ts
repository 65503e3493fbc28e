/**
 * How long events took from their acceptance until look-ups saw them, and how the clocks stand by which they were
 * issued, by province and topic: of the last minutes of whoever keeps a partition up. It must never be taken for what
 * the log says: a rebuild knows nothing of it.
 */

import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';
import { MINUTE_MS } from '#core/field/time.ts';
import { SHARED_KINDS, type SharedKind } from '#exchange/topics/log.ts';

/** Upper bounds; what took longer than the last is counted in one more. */
const BUCKETS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 300_000, 1_800_000, 3_600_000,
] as const;
/** Two halves: what is told is of the last one or two of them. */
const HALF_MS = 5 * MINUTE_MS;

export interface Observed {
  /** From its acceptance on. */
  readonly visibleAfterMs: number;
  /** How far the instant at which it was issued is ahead of its acceptance; mostly negative. */
  readonly issuedAheadMs: number;
}

interface Timing {
  /** By bucket. */
  readonly counts: number[];
  /** A clock is at least so far ahead. It tells nothing of one that is behind: that looks like a late report. */
  issuedAheadMsMax: number;
}

type Half = Map<string, Timing>;
/** As it is stored: the greatest lead of a clock, then the counts, by `43 tests`. */
type Stored = Readonly<Record<string, readonly [issuedAheadMsMax: number, ...counts: number[]]>>;

/** Of one partition, while it is kept up. */
export class RecentTimings {
  #current: Half = new Map();
  #previous: Half = new Map();
  #endsAtMs = 0;

  observe(province: ProvinceCode, kind: SharedKind, observed: Observed, nowMs: number): void {
    this.#turn(nowMs);
    observe(timingIn(this.#current, `${province} ${kind}`), observed);
  }

  text(nowMs: number): string {
    this.#turn(nowMs);
    const both: Half = new Map();
    for (const half of [this.#previous, this.#current])
      for (const [name, timing] of half) addTo(timingIn(both, name), timing);
    const stored: Stored = Object.fromEntries(
      [...both].map(([name, { counts, issuedAheadMsMax }]) => [name, [issuedAheadMsMax, ...counts]]),
    );
    return JSON.stringify(stored);
  }

  #turn(nowMs: number): void {
    if (nowMs < this.#endsAtMs) return;
    this.#previous = nowMs < this.#endsAtMs + HALF_MS ? this.#current : new Map();
    this.#current = new Map();
    this.#endsAtMs = nowMs + HALF_MS;
  }
}

/** What is told of a province's events in one topic. */
export interface TimingTold {
  readonly events: number;
  /** No more than so many; null: longer than an hour. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly issuedAheadMsMax: number;
}

/** Over all partitions. */
export class TimingsBySource {
  readonly #all: Half = new Map();

  addStored(text: string | null): void {
    for (const [name, [issuedAheadMsMax, ...counts]] of Object.entries(JSON.parse(text ?? '{}') as Stored))
      addTo(timingIn(this.#all, name), { counts, issuedAheadMsMax });
  }

  /** Null: nothing of it has become visible in the last minutes. */
  at(province: ProvinceCode, kind: SharedKind): TimingTold | null {
    const timing = this.#all.get(`${province} ${kind}`);
    if (timing === undefined) return null;
    const { counts, issuedAheadMsMax } = timing;
    const events = counts.reduce((sum, count) => sum + count, 0);
    return { events, p50Ms: quantile(counts, events / 2), p99Ms: quantile(counts, 0.99 * events), issuedAheadMsMax };
  }

  /** Those of whom anything is told. */
  *sources(): Generator<readonly [ProvinceCode, SharedKind]> {
    for (const name of this.#all.keys()) {
      const [province = '', topic] = name.split(' ');
      const kind = SHARED_KINDS.find((known) => known === topic);
      if (kind !== undefined && isProvinceCode(province)) yield [province, kind];
    }
  }
}

function timingIn(half: Half, name: string): Timing {
  const known = half.get(name);
  if (known !== undefined) return known;
  const made = { counts: [], issuedAheadMsMax: Number.NEGATIVE_INFINITY };
  half.set(name, made);
  return made;
}

function observe(timing: Timing, { visibleAfterMs, issuedAheadMs }: Observed): void {
  const found = BUCKETS_MS.findIndex((boundMs) => visibleAfterMs <= boundMs);
  const bucket = found === -1 ? BUCKETS_MS.length : found;
  while (timing.counts.length <= bucket) timing.counts.push(0);
  timing.counts[bucket] = (timing.counts[bucket] as number) + 1;
  timing.issuedAheadMsMax = Math.max(timing.issuedAheadMsMax, issuedAheadMs);
}

function addTo(timing: Timing, { counts, issuedAheadMsMax }: Timing): void {
  for (const [bucket, count] of counts.entries()) timing.counts[bucket] = (timing.counts[bucket] ?? 0) + count;
  timing.issuedAheadMsMax = Math.max(timing.issuedAheadMsMax, issuedAheadMsMax);
}

function quantile(counts: readonly number[], rank: number): number | null {
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    below += count;
    if (below >= rank) return BUCKETS_MS[bucket] ?? null;
  }
  return null;
}
