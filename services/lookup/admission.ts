/**
 * At the look-up's gate: each request is taken, taken with less in its answer, or refused. It takes its place once its
 * body is there, so that nobody holds a place by sending none; while the look-up is full, it is refused before. What is
 * taken has a time limit. It changes what an answer shows, never its outcome.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Part, SHED_ORDER } from '#core/answer/answer.ts';
import { sendProblem } from '#platform/http.ts';
import { Shedder, type ShedderLimits } from '#platform/limits/shedder.ts';
import { watchLoopDelay } from '#platform/loop-delay.ts';
import type { Metrics } from '#platform/metrics.ts';
import { problemOf } from '#platform/problems.ts';

export interface AdmissionLimits extends ShedderLimits {
  /** From the arrival of a request to its answer. */
  readonly timeLimitMs: number;
}

/** What a route says of itself. */
export interface AdmissionConfig {
  /** One answer about one person weighs 1. */
  readonly weight?: number;
  /** It shows history, and no outcome: refused as soon as anything is left out. */
  readonly isHistory?: boolean;
}

export class Admission {
  readonly #shedder: Shedder;
  readonly #timeLimitMs: number;
  readonly #metrics: Metrics;
  /** A request that is read now may have waited so long for the event loop already. */
  #delayMs = 0;
  readonly #taken = new WeakMap<FastifyRequest, { readonly leftOut: readonly Part[]; readonly arrivedMs: number }>();

  constructor(limits: AdmissionLimits, metrics: Metrics) {
    this.#shedder = new Shedder(limits, performance.now());
    this.#timeLimitMs = limits.timeLimitMs;
    this.#metrics = metrics;
    metrics.beforeExposing(() => {
      metrics.gauge('hutong_lookups_in_flight').set(this.#shedder.inFlight);
      metrics.gauge('hutong_lookups_in_flight_limit').set(this.#shedder.limit);
    });
  }

  /** Has every route of this instance ask first. */
  guard(app: FastifyInstance): void {
    watchLoopDelay(app, ({ usualMs }) => {
      this.#delayMs = usualMs;
      this.#shedder.observe(performance.now(), usualMs);
    });
    app.addHook('onRequest', async (request, reply) => {
      const { weight = 1 } = request.routeOptions.config as AdmissionConfig;
      return this.#shedder.wouldTake(weight) && this.#delayMs < this.#timeLimitMs ? undefined : this.refuse(reply);
    });
    app.addHook('preValidation', async (request, reply) => {
      const { weight = 1, isHistory = false } = request.routeOptions.config as AdmissionConfig;
      const shed = this.#enter(reply, weight);
      if (shed === null || (isHistory && shed > 0)) return this.refuse(reply);
      this.#taken.set(request, { leftOut: SHED_ORDER.slice(0, shed), arrivedMs: performance.now() - this.#delayMs });
      return undefined;
    });
  }

  /** What to leave out of the answers to this request. */
  leftOut(request: FastifyRequest): readonly Part[] {
    const { leftOut = [] } = this.#taken.get(request) ?? {};
    for (const part of leftOut) this.#metrics.counter('hutong_lookups_shed_total').inc({ part });
    return leftOut;
  }

  /** What is left of the time of this request; 0 when none is. */
  remainingMs(request: FastifyRequest): number {
    const { arrivedMs = performance.now() } = this.#taken.get(request) ?? {};
    return Math.max(0, this.#timeLimitMs - (performance.now() - arrivedMs));
  }

  /** A request turns out to be so much more work. @returns whether that is taken too */
  takesMore(reply: FastifyReply, weight: number): boolean {
    return weight <= 0 || this.#enter(reply, weight) !== null;
  }

  refuse(reply: FastifyReply): FastifyReply {
    this.#metrics.counter('hutong_lookup_failures_total').inc({ problem: 'overloaded' });
    return sendProblem(reply, problemOf('overloaded'));
  }

  #enter(reply: FastifyReply, weight: number): number | null {
    const shed = this.#shedder.enter(weight);
    // Whatever becomes of it: answered, refused, or the caller has gone.
    if (shed !== null) reply.raw.once('close', () => this.#shedder.leave(weight));
    return shed;
  }
}
