/**
 * At the look-up's gate: who asks is known, and may ask in this way, before the body of a request is read. Whether it
 * may ask this question is decided where the question is read, and before any person is.
 */

import type { FastifyInstance } from 'fastify';
import type { Caller, Mode } from '#exchange/identity/caller.ts';
import { lackOf } from '#exchange/identity/lack.ts';
import type { CallerGuard } from '#platform/tokens/caller-guard.ts';

/** What a route says of itself. */
export interface EntitledConfig {
  /** By which its questions are asked; `single` where nothing is said. */
  readonly mode?: Mode;
}

/** Has every route of this instance ask who calls, and whether they may ask in its way. */
export function requireMode(app: FastifyInstance, guard: CallerGuard<Caller>): void {
  guard.protect(app);
  app.addHook('onRequest', async (request, reply) => {
    const { mode = 'single' } = request.routeOptions.config as EntitledConfig;
    const lack = lackOf(guard.callerOf(request), { kind: 'ask', mode });
    return lack === null ? undefined : guard.deny(reply, lack);
  });
}
