/**
 * How the provinces fare as sources: `GET /v1/sources` for who holds it, and their freshness alone for anybody, as JSON
 * and as a page. However often it is asked for, Redis is read once a second at most. It never reads a person.
 */

import type { FastifyInstance, FastifyReply } from 'fastify';
import { nameOfProvince } from '#core/field/regions.ts';
import { formatTime, SECOND_MS } from '#core/field/time.ts';
import { FRESHNESS_BOUND_SECONDS_DEFAULT } from '#core/rules/rule-text.ts';
import { SHARED_KINDS } from '#exchange/topics/log.ts';
import type { SourcesRead } from '#exchange/view/sources.ts';
import { within } from '#platform/limits/within.ts';
import type { Metrics } from '#platform/metrics.ts';
import { redisUnavailable } from '#platform/redis.ts';
import { SECURITY } from '#platform/tokens/security.ts';
import type { AdmissionConfig } from './admission.ts';
import type { EntitledConfig } from './entitled.ts';
import { sendFailure } from './failures.ts';
import { freshnessPage, PAGE_POLICY } from './freshness-page.ts';
import { PROBLEMS } from './recognitions.ts';
import {
  freshnessOf,
  type LeakedKey,
  leakedKeysOf,
  partitionsBehind,
  type Source,
  type SourceFreshness,
  sourcesOf,
} from './source-states.ts';

const BOUND_MS = FRESHNESS_BOUND_SECONDS_DEFAULT * SECOND_MS;
const READ_EVERY_MS = SECOND_MS;

export interface SourcesDeps {
  readonly readSources: () => Promise<SourcesRead>;
  readonly edition: number;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly timeLimitMs: number;
}

interface Known {
  readonly atMs: number;
  readonly read: Promise<SourcesRead>;
}

/** What was read last, for as long as it counts as now; who asks meanwhile waits for the same read. */
export class LastSources {
  readonly #deps: SourcesDeps;
  #known: Known | null = null;

  constructor(deps: SourcesDeps) {
    this.#deps = deps;
  }

  /** @throws HutongError REDIS_UNAVAILABLE */
  async read(): Promise<{ readonly atMs: number; readonly read: SourcesRead }> {
    const { now, readSources, timeLimitMs } = this.#deps;
    const nowMs = now();
    // A clock that was set back makes what is known no newer.
    if (this.#known === null || Math.abs(nowMs - this.#known.atMs) >= READ_EVERY_MS) {
      const late = (): Error => redisUnavailable(new Error(`no answer within ${timeLimitMs} ms`));
      this.#known = { atMs: nowMs, read: within(readSources(), timeLimitMs, late) };
    }
    const { atMs, read } = this.#known;
    return { atMs, read: await read };
  }
}

/** For who holds the mode `sources`. */
export function addSources(app: FastifyInstance, last: LastSources, deps: SourcesDeps): void {
  const schema = {
    operationId: 'readSources',
    summary: 'How the provinces fare as sources',
    description:
      'Of each province how far its data reaches, whether it is silent or has nothing to say, and by topic what the ' +
      'log holds of it and how its events fared lately. It names no person.',
    tags: ['sources'],
    security: SECURITY,
    response: { 200: { description: 'the sources', $ref: 'Sources#' }, ...PROBLEMS },
  };
  app.get(
    '/v1/sources',
    { schema, config: { isHistory: true, mode: 'sources' } satisfies AdmissionConfig & EntitledConfig },
    (_request, reply) =>
      answer(last, deps, reply, ({ atMs, read }) => ({
        at: formatTime(atMs),
        edition: deps.edition,
        partitions: read.partitions.length,
        partitionsBehind: partitionsBehind(read.partitions, atMs, BOUND_MS),
        leakedKeys: leakedKeysOf(read.partitions).map(showLeaked),
        sources: sourcesOf(read, atMs, BOUND_MS).map(showSource),
        unknown: SHARED_KINDS.map((topic) => ({ topic, unreadable: read.counts.at('unknown', topic).unreadable })),
      })),
  );
}

/** For anybody. */
export function addPublicFreshness(app: FastifyInstance, last: LastSources, deps: SourcesDeps): void {
  const schema = {
    operationId: 'readFreshness',
    summary: 'How fresh each province’s data is',
    description: 'The freshness of the 32, without a token; the address /freshness shows the same as a page.',
    tags: ['sources'],
    response: {
      200: { description: 'the freshness', $ref: 'Freshness#' },
      ...Object.fromEntries(Object.entries(PROBLEMS).filter(([status]) => ['500', '503'].includes(status))),
    },
  };
  app.get('/v1/freshness', { schema }, (_request, reply) =>
    answer(last, deps, reply, ({ atMs, read }) => ({
      at: formatTime(atMs),
      provinces: freshnessOf(read.partitions, atMs).map(showFreshness),
    })),
  );
  app.get('/freshness', { schema: { hide: true } as object }, (_request, reply) =>
    answer(last, deps, reply, ({ atMs, read }) => {
      reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8');
      return freshnessPage(freshnessOf(read.partitions, atMs), atMs, BOUND_MS);
    }),
  );
}

async function answer<T>(
  last: LastSources,
  { metrics }: SourcesDeps,
  reply: FastifyReply,
  show: (known: { readonly atMs: number; readonly read: SourcesRead }) => T,
): Promise<T | FastifyReply> {
  try {
    return show(await last.read());
  } catch (error) {
    return sendFailure(reply, metrics, error, 0);
  }
}

function showFreshness({ province, throughMs, behindByMs }: SourceFreshness): object {
  return {
    province,
    name: nameOfProvince(province),
    through: throughMs === null ? null : formatTime(throughMs),
    behindBySeconds: behindByMs === null ? null : behindByMs / SECOND_MS,
  };
}

function showSource(source: Source): object {
  return {
    ...showFreshness(source),
    state: source.state,
    incomplete: source.isIncomplete,
    topics: source.topics.map(showTopic),
  };
}

function showLeaked({ key, of, sinceMs, partitionsFoldedAgain }: LeakedKey): object {
  return { key, of, since: formatTime(sinceMs), partitionsFoldedAgain };
}

const secondsOf = (ms: number | null): number | null => (ms === null ? null : ms / SECOND_MS);

function showTopic({ kind, lately, latestAcceptedAtMs, ...counts }: Source['topics'][number]): object {
  return {
    topic: kind,
    ...counts,
    latestAcceptedAt: latestAcceptedAtMs === 0 ? null : formatTime(latestAcceptedAtMs),
    lately:
      lately === null
        ? null
        : {
            events: lately.events,
            publishToVisibleP50Seconds: secondsOf(lately.p50Ms),
            publishToVisibleP99Seconds: secondsOf(lately.p99Ms),
            issuedAheadSeconds: lately.issuedAheadMsMax / SECOND_MS,
          },
  };
}
