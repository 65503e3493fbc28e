/**
 * The look-up's application on a source of views in this process, with everything it logs kept for a look.
 */

import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { PersonKey } from '#core/field/identity.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import type { Caller } from '#exchange/identity/caller.ts';
import { CountsBySource } from '#exchange/view/counts.ts';
import type { SourcesRead } from '#exchange/view/sources.ts';
import { TimingsBySource } from '#exchange/view/timings.ts';
import type { Draw } from '#platform/limits/leases.ts';
import { Metrics } from '#platform/metrics.ts';
import type { AdmissionLimits } from '#services/lookup/admission.ts';
import { buildApp } from '#services/lookup/app.ts';
import type { CallerLimitsOptions } from '#services/lookup/caller-limits.ts';
import { shippedBookAsOf } from '#test/support/policies.ts';
import { askedByAnybody, guardKnowing } from './callers.ts';
import { NOW_MS, snapshot } from './lookup.ts';

export const SECRETS: readonly Buffer[] = [Buffer.alloc(32, 7)];

export interface TestApp {
  readonly app: FastifyInstance;
  /** What a person's key leads to; may be changed. */
  read: (key: PersonKey) => Promise<Snapshot>;
  /** What is known of the sources; may be changed. */
  readSources: () => Promise<SourcesRead>;
  /** Keys that were asked for, in hex. */
  readonly asked: string[];
  readonly log: string[];
  /** The clock; may be turned. */
  nowMs: number;
}

/** The rules of this day are in force, for today nothing is asked. */
export const RULES_AS_OF = '2022-11-30';
let rules: Promise<PolicyBook> | undefined;

/**
 * Nobody is known until a test says so.
 * @param callers by their tokens, besides the one who asks where none is named
 */
export async function lookupApp(
  limits: Partial<AdmissionLimits> = {},
  callers: Readonly<Record<string, Caller>> = {},
  callerLimits: Partial<CallerLimitsOptions> = {},
): Promise<TestApp> {
  const asked: string[] = [];
  const log: string[] = [];
  const one = (key: PersonKey): Promise<Snapshot> => {
    asked.push(key.toString('hex'));
    return test.read(key);
  };
  const metrics = new Metrics();
  const app = buildApp({
    logger: pino({ level: 'debug' }, { write: (line: string) => void log.push(line) }),
    metrics,
    guard: guardKnowing(callers, metrics),
    readiness: () => null,
    source: { read: one, readMany: (keys) => Promise.all(keys.map(one)) },
    readSources: () => test.readSources(),
    edition: 1,
    rulesSeen: () => ({ publishedAtMs: null, outOfSightSinceMs: null }),
    policies: await (rules ??= shippedBookAsOf(RULES_AS_OF, NOW_MS)),
    secrets: SECRETS,
    now: () => test.nowMs,
    callerLimits: {
      requestsPerMinute: 1_000_000,
      peoplePerHour: 1_000_000,
      neighboursPerHour: 20,
      sharers: 2,
      draw: { requests: countInMemory(), people: countInMemory() },
      ...callerLimits,
    },
    limits: { inFlightMax: 1_024, delayMsMax: 10_000, timeLimitMs: 1_000, ...limits },
  });
  const test: TestApp = {
    app: askedByAnybody(app),
    asked,
    log,
    nowMs: NOW_MS,
    read: async () => snapshot(null),
    readSources: async () => ({ partitions: [], counts: new CountsBySource(), timings: new TimingsBySource() }),
  };
  return test;
}

/** A store of allowances that all look-ups of a test may share. */
export function countInMemory(): Draw {
  const drawn = new Map<string, number>();
  return async (key, window, amount) => {
    const name = `${key}/${window}`;
    drawn.set(name, (drawn.get(name) ?? 0) + amount);
    return drawn.get(name) as number;
  };
}
