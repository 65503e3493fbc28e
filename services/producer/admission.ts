/**
 * At the intake's door: a batch is taken once its body is there and its events are counted, or refused while the door
 * is full or its event loop late. What is refused was not looked at: the sender has it still.
 */

import type { FastifyInstance } from 'fastify';
import { sendProblem } from '#platform/http.ts';
import { Shedder } from '#platform/limits/shedder.ts';
import { watchLoopDelay } from '#platform/loop-delay.ts';
import type { Metrics } from '#platform/metrics.ts';
import { problemOf } from '#platform/problems.ts';
import { EventsBody } from './body.ts';
import { DOOR_LIMITS } from './door.ts';

const EVENTS_OF_WEIGHT = 100;
const EVENT_BYTES = 400;

const REFUSED = problemOf('overloaded', {
  detail: 'the door takes as much as it can already',
  hint: 'send the same batch again after Retry-After; nothing of it was taken',
});

/** Has every route of this instance ask first. */
export function guardDoor(app: FastifyInstance, metrics: Metrics): void {
  const { inFlightMax, loopDelayMs } = DOOR_LIMITS;
  const shedder = new Shedder({ inFlightMax, delayMsMax: loopDelayMs }, performance.now());
  watchLoopDelay(app, ({ usualMs }) => shedder.observe(performance.now(), usualMs));
  metrics.beforeExposing(() => {
    metrics.gauge('hutong_door_in_flight').set(shedder.inFlight);
    metrics.gauge('hutong_door_in_flight_limit').set(shedder.limit);
  });
  app.addHook('onRequest', async (_request, reply) => {
    if (shedder.wouldTake(1)) return undefined;
    metrics.counter('hutong_door_refusals_total').inc();
    return sendProblem(reply, REFUSED);
  });
  app.addHook('preHandler', async ({ body }, reply) => {
    const weight = weightOf(body);
    if (shedder.enter(weight) === null) {
      metrics.counter('hutong_door_refusals_total').inc();
      return sendProblem(reply, REFUSED);
    }
    // Whatever becomes of it: answered, or the sender has gone.
    reply.raw.once('close', () => shedder.leave(weight));
    return undefined;
  });
}

/** Of a file nobody knows how many events it holds before it is read; each has some hundred bytes at least. */
function weightOf(body: unknown): number {
  if (Buffer.isBuffer(body)) return Math.max(1, Math.ceil(body.length / (EVENTS_OF_WEIGHT * EVENT_BYTES)));
  const events = body instanceof EventsBody ? body.events.length : 0;
  return Math.max(1, Math.ceil(events / EVENTS_OF_WEIGHT));
}
