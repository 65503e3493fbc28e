/**
 * Callers for tests of what asks who calls: a guard that knows the callers that a test names, and an application whose
 * requests are those of one of them unless they say otherwise. Nothing gets past the guard without a caller.
 */

import type { FastifyInstance, InjectOptions } from 'fastify';
import { type Caller, callerHolding } from '#exchange/identity/caller.ts';
import { Metrics } from '#platform/metrics.ts';
import { CallerGuard } from '#platform/tokens/caller-guard.ts';

/** Holds all there is. */
export const ANYBODY: Caller = callerHolding('operator', {
  provinces: 'all',
  destinations: 'all',
  purposes: 'all',
  modes: ['single', 'batch', 'history', 'sources'],
});

export const AS_ANYBODY = { authorization: 'Bearer operator' } as const;

/** @param callers by their tokens */
export function guardKnowing(
  callers: Readonly<Record<string, Caller>> = {},
  metrics = new Metrics(),
): CallerGuard<Caller> {
  const all: Readonly<Record<string, Caller>> = { operator: ANYBODY, ...callers };
  return new CallerGuard(
    {
      remembered: (token) => {
        const caller = all[token];
        return caller === undefined
          ? null
          : { ok: true, caller, expiresAtMs: Number.POSITIVE_INFINITY, thumbprint: null };
      },
      verify: async () => ({ ok: false, why: 'not-identified' }),
    },
    metrics,
  );
}

/** The same application; what is injected without an `authorization` comes from `ANYBODY`. */
export function askedByAnybody(app: FastifyInstance): FastifyInstance {
  const inject = app.inject.bind(app) as (options: InjectOptions) => ReturnType<FastifyInstance['inject']>;
  const injectAs = (asked: InjectOptions | string) => {
    const options = typeof asked === 'string' ? { url: asked } : asked;
    return inject({ ...options, headers: { ...AS_ANYBODY, ...options.headers } });
  };
  return Object.assign(app, { inject: injectAs });
}
