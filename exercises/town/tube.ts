/**
 * The life of one tube in the simulated day: sampled, reported, and whatever goes wrong with it. Shares and times are
 * those of the field where there are any (turnaround in steps or lognormal around 8 h), higher where a real share would
 * never show among a hundred thousand people (a positive pool is one in a million).
 */

import { DAY_MS, HOUR_MS, MINUTE_MS, SHANGHAI_OFFSET_MS } from '#core/field/time.ts';
import type { CodeDelivery, Delivery, Pool, ReportDelivery } from './deliveries.ts';
import type { Random } from './random.ts';

/** What happened on purpose, in events. */
export const MISHAPS = [
  'resent',
  'late',
  'report_before_sampling',
  'preliminary',
  'preliminary_last',
  'conflicting',
  'corrected',
  'retracted',
  'retraction_first',
  'moved_day',
  'positive',
  'undated',
] as const;
export type Mishap = (typeof MISHAPS)[number];
/** And what isn't a mishap, but happens beside the tests. */
export type Tally = Record<Mishap | 'codes' | 'exposures', number>;

const SHARES: Readonly<Record<Mishap, number>> = {
  resent: 0.015,
  late: 0.02,
  report_before_sampling: 0.02,
  preliminary: 0.02,
  preliminary_last: 0.2, // of those with a preliminary report
  conflicting: 0.002,
  corrected: 0.02,
  retracted: 0.004,
  retraction_first: 0.3, // of the retracted
  moved_day: 0.006,
  positive: 0.006,
  undated: 0.3, // of the tubes: they hold one sample, so of the results 4 in 100
};

const AMENDED_MS_MAX = 3 * HOUR_MS;

/** Half of the laboratories report in steps, when a shift ends; the others as they finish. */
function reportAtMs(pool: Pool, random: Random): number {
  if (pool.laboratory % 2 === 1) return pool.sampledAtMs + random.lognormal(8 * HOUR_MS, 0.437);
  const local = pool.sampledAtMs + SHANGHAI_OFFSET_MS;
  const hour = Math.floor((local % DAY_MS) / HOUR_MS);
  const midnight = local - (local % DAY_MS) + DAY_MS;
  const step =
    hour >= 8 && hour < 14
      ? midnight
      : hour >= 14 && hour < 20
        ? midnight + 8 * HOUR_MS
        : (hour < 8 ? midnight - DAY_MS : midnight) + 12 * HOUR_MS;
  return step - SHANGHAI_OFFSET_MS + random.next() * 20 * MINUTE_MS;
}

/** All deliveries of a tube up to `nowMs`; what would come later isn't reported yet. */
export function livesOf(pool: Pool, nowMs: number, random: Random, tally: Tally): Delivery[] {
  const happens = (mishap: Mishap): boolean => random.chance(SHARES[mishap]);
  const count = (mishap: Mishap, events = pool.people.length): void => void (tally[mishap] += events);
  const reportedAtMs = Math.max(reportAtMs(pool, random), pool.sampledAtMs + 30 * MINUTE_MS);
  const reported = reportedAtMs < nowMs - MINUTE_MS;
  // What follows a report takes up to three hours more, and mustn't lie in the future.
  const settled = reportedAtMs + AMENDED_MS_MAX < nowMs - MINUTE_MS;
  const swapped = reported && happens('report_before_sampling');
  const deliveries: Delivery[] = [];
  if (!pool.undated || !reported)
    deliveries.push({
      kind: 'samplings',
      pool,
      atMs: swapped ? reportedAtMs + 20 * MINUTE_MS : pool.sampledAtMs + 2 * MINUTE_MS,
    });
  if (!reported) return deliveries;
  if (swapped) count('report_before_sampling');
  if (pool.undated) count('undated');

  const final: ReportDelivery = {
    kind: 'reports',
    pool,
    atMs: reportedAtMs,
    status: 'final',
    issuedAtMs: reportedAtMs,
    result: 'negative',
    member: null,
  };
  if (settled && happens('positive')) {
    count('positive');
    const positive = positivePool(final, random);
    tally.codes += positive.reduce(
      (sum, delivery) => sum + (delivery.kind === 'codes' ? delivery.members.length : 0),
      0,
    );
    return [...deliveries, ...positive];
  }
  if (happens('preliminary')) {
    // Some laboratories' preliminary reports leave the house after the final ones, with a later time on them.
    const last = settled && happens('preliminary_last');
    const issuedAtMs = last
      ? reportedAtMs + HOUR_MS
      : Math.max(pool.sampledAtMs + 20 * MINUTE_MS, reportedAtMs - HOUR_MS);
    deliveries.push({ ...final, status: 'preliminary', atMs: issuedAtMs, issuedAtMs });
    count(last ? 'preliminary_last' : 'preliminary');
  }
  if (happens('conflicting')) {
    deliveries.push({ ...final, result: 'invalid', atMs: reportedAtMs + random.next() * HOUR_MS });
    count('conflicting');
  }
  const late = happens('late');
  if (late) count('late');
  const arrived: ReportDelivery = late ? { ...final, atMs: reportedAtMs + (1 + random.next() * 7) * HOUR_MS } : final;
  deliveries.push(...(settled ? amended(arrived, random, { happens, count }) : [arrived]));
  if (happens('resent')) {
    deliveries.push({ ...arrived, atMs: arrived.atMs + random.next() * 3 * HOUR_MS });
    count('resent');
  }
  return deliveries;
}

interface Fate {
  readonly happens: (mishap: Mishap) => boolean;
  readonly count: (mishap: Mishap, events?: number) => void;
}

/** The report, and the correction, retraction or new day that follows some of them. */
function amended(final: ReportDelivery, random: Random, { happens, count }: Fate): Delivery[] {
  const { pool } = final;
  const amendedAtMs = final.issuedAtMs + HOUR_MS + random.next() * (AMENDED_MS_MAX - HOUR_MS);
  const member = random.below(pool.people.length);
  if (happens('corrected')) {
    count('corrected', 1);
    return [
      final,
      {
        ...final,
        status: 'corrected',
        atMs: amendedAtMs,
        issuedAtMs: amendedAtMs,
        result: random.pick(['positive', 'invalid', 'indeterminate']),
        member,
      },
    ];
  }
  if (happens('retracted')) {
    const first = happens('retraction_first');
    count(first ? 'retraction_first' : 'retracted');
    const retraction: ReportDelivery = { ...final, status: 'retracted', atMs: amendedAtMs, issuedAtMs: amendedAtMs };
    return [first ? { ...final, atMs: amendedAtMs + 10 * MINUTE_MS } : final, retraction];
  }
  if (happens('moved_day') && !pool.undated) {
    count('moved_day');
    const retraction: ReportDelivery = { ...final, status: 'retracted', atMs: amendedAtMs, issuedAtMs: amendedAtMs };
    const moved: ReportDelivery = {
      ...final,
      status: 'corrected',
      atMs: amendedAtMs,
      issuedAtMs: amendedAtMs,
      sampledAtMs: pool.sampledAtMs - DAY_MS,
    };
    return random.chance(0.5) ? [final, retraction, moved] : [moved, final, retraction];
  }
  return [final];
}

/**
 * A positive tube: everybody's result is open, and their codes yellow, until each was sampled again alone; mostly one
 * of them is positive and turns red, and the same province clears the others.
 */
function positivePool(final: ReportDelivery, random: Random): Delivery[] {
  const { pool } = final;
  const open: ReportDelivery = { ...final, status: 'preliminary', result: 'indeterminate' };
  if (pool.people.length === 1) return [{ ...final, result: 'positive' }, codes(pool, 'red', final.issuedAtMs, [0])];
  const members = [...pool.people.keys()];
  const carrier = random.below(pool.people.length);
  const retestedAtMs = final.issuedAtMs + AMENDED_MS_MAX;
  const single = members.map((member): ReportDelivery => ({
    ...final,
    status: 'final',
    atMs: retestedAtMs,
    issuedAtMs: retestedAtMs,
    result: member === carrier ? 'positive' : 'negative',
    member,
  }));
  const settled = [
    codes(pool, 'red', retestedAtMs, [carrier]),
    codes(
      pool,
      'green',
      retestedAtMs,
      members.filter((member) => member !== carrier),
    ),
  ];
  return [open, codes(pool, 'yellow', final.issuedAtMs, members), ...single, ...settled];
}

function codes(
  pool: Pool,
  state: CodeDelivery['state'],
  assignedAtMs: number,
  members: readonly number[],
): CodeDelivery {
  return { kind: 'codes', pool, state, assignedAtMs, members, atMs: assignedAtMs };
}

export function emptyTally(): Tally {
  return Object.fromEntries([...MISHAPS, 'codes', 'exposures'].map((what) => [what, 0])) as Tally;
}

export function isUndated(random: Random): boolean {
  return random.chance(SHARES.undated);
}
