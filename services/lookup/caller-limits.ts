/**
 * How much each caller may ask: requests, different people, and people whose identity cards begin alike, for a number
 * can be guessed. Requests and people are counted by all look-ups together, neighbours by each for itself. Of a person
 * it keeps a few bytes of the key, in memory, for an hour.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PersonKey } from '#core/field/identity.ts';
import { HOUR_MS, MINUTE_MS } from '#core/field/time.ts';
import type { Caller } from '#exchange/identity/caller.ts';
import { sendProblem } from '#platform/http.ts';
import { type Draw, Leases, type Taken } from '#platform/limits/leases.ts';
import type { Metrics } from '#platform/metrics.ts';
import { problemOf } from '#platform/problems.ts';
import type { CallerGuard } from '#platform/tokens/caller-guard.ts';
import { Distinct } from './distinct.ts';

export const WINDOWS_MS = { requests: MINUTE_MS, people: HOUR_MS } as const;

export interface CallerLimitsOptions {
  readonly requestsPerMinute: number;
  readonly peoplePerHour: number;
  readonly neighboursPerHour: number;
  /** Look-ups among which an allowance is shared while the store is away. */
  readonly sharers: number;
  readonly draw: Readonly<Record<keyof typeof WINDOWS_MS, Draw>>;
}

/** Whom a request asks about. */
export interface PersonAskedFor {
  readonly key: PersonKey;
  /** What their number begins with, unreadable; null: not known. */
  readonly neighbourhood: number | null;
}

export class CallerLimits {
  readonly #options: CallerLimitsOptions;
  readonly #guard: CallerGuard<Caller>;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #requests: Leases;
  readonly #people: Leases;
  readonly #seen = new Distinct(WINDOWS_MS.people);
  readonly #neighbours = new Distinct(WINDOWS_MS.people);

  constructor(options: CallerLimitsOptions, guard: CallerGuard<Caller>, metrics: Metrics, now: () => number) {
    const { sharers, draw } = options;
    this.#options = options;
    this.#guard = guard;
    this.#metrics = metrics;
    this.#now = now;
    this.#requests = new Leases({ windowMs: WINDOWS_MS.requests, sharers, draw: draw.requests });
    this.#people = new Leases({ windowMs: WINDOWS_MS.people, sharers, draw: draw.people });
  }

  /** Has every route of this instance count its requests, before their bodies are read. */
  protect(app: FastifyInstance): void {
    // Not async: with a lease at hand it would cost a turn of the loop.
    app.addHook('onRequest', (request, reply, done) => {
      const taking = this.#takeRequests(request, 1);
      if (!(taking instanceof Promise)) return void this.#pass(taking, reply, done);
      void this.#wait(taking, reply, done);
    });
  }

  /** A batch holds so many more questions than one. @returns whether they are taken too; else it is refused */
  async takesMore(request: FastifyRequest, reply: FastifyReply, questions: number): Promise<boolean> {
    if (questions <= 0) return true;
    const taken = await this.#takeRequests(request, questions);
    return this.#pass(taken, reply);
  }

  /** @returns whether these people may be asked about; else the request is refused */
  async takesPeople(request: FastifyRequest, reply: FastifyReply, people: readonly PersonAskedFor[]): Promise<boolean> {
    const { id, peoplePerHour } = this.#guard.callerOf(request);
    const nowMs = this.#now();
    const fresh = people.filter(({ key }) => !this.#seen.has(id, numberOf(key), nowMs));
    if (fresh.length === 0) return true;
    if (fresh.some((person) => this.#isOneTooMany(id, person, nowMs)))
      return this.#refuse(reply, 'neighbours', this.#neighbours.resetMs(nowMs));
    const taking = this.#people.take(id, peoplePerHour ?? this.#options.peoplePerHour, fresh.length, nowMs);
    const taken = taking instanceof Promise ? await taking : taking;
    if (!taken.isTaken) return this.#refuse(reply, 'people', taken.resetMs);
    for (const { key } of fresh) this.#seen.add(id, numberOf(key), nowMs);
    return true;
  }

  /** Notes the person beside those whose numbers begin alike, unless there are too many. */
  #isOneTooMany(id: string, { key, neighbourhood }: PersonAskedFor, nowMs: number): boolean {
    if (neighbourhood === null) return false;
    const beginning = `${id}/${neighbourhood}`;
    if (this.#neighbours.has(beginning, numberOf(key), nowMs)) return false;
    if (this.#neighbours.count(beginning, nowMs) >= this.#options.neighboursPerHour) return true;
    this.#neighbours.add(beginning, numberOf(key), nowMs);
    return false;
  }

  #takeRequests(request: FastifyRequest, amount: number): Taken | Promise<Taken> {
    const { id, requestsPerMinute } = this.#guard.callerOf(request);
    return this.#requests.take(id, requestsPerMinute ?? this.#options.requestsPerMinute, amount, this.#now());
  }

  async #wait(taking: Promise<Taken>, reply: FastifyReply, done: (error?: Error) => void): Promise<void> {
    try {
      this.#pass(await taking, reply, done);
    } catch (error) {
      done(error as Error);
    }
  }

  #pass({ isTaken, limit, remaining, resetMs }: Taken, reply: FastifyReply, done?: () => void): boolean {
    reply.headers({
      'ratelimit-limit': limit,
      'ratelimit-remaining': remaining,
      'ratelimit-reset': Math.ceil(resetMs / 1_000),
    });
    if (!isTaken) return this.#refuse(reply, 'requests', resetMs);
    done?.();
    return true;
  }

  #refuse(reply: FastifyReply, what: keyof typeof DETAILS, resetMs: number): false {
    this.#metrics.counter('hutong_requests_refused_total').inc({ problem: 'too-many-requests' });
    this.#metrics.counter('hutong_caller_limits_reached_total').inc({ limit: what });
    reply.header('retry-after', Math.max(1, Math.ceil(resetMs / 1_000)));
    sendProblem(reply, problemOf('too-many-requests', { detail: DETAILS[what] }));
    return false;
  }
}

const DETAILS = {
  requests: 'the caller has made as many requests as it may in a minute',
  people: 'the caller has asked about as many people as it may in an hour',
  neighbours: 'the caller has asked about too many people whose numbers begin alike',
} as const;

/** So few bytes don't name anybody, and two people who share them count as one. */
const numberOf = (key: PersonKey): number => key.readUIntBE(0, 6);
