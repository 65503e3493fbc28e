/**
 * How late a service's event loop is: while it is late nothing is read, answered or written, watermarks neither. What
 * is done about it, who asks says.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';

const OBSERVE_EVERY_MS = 100;
const RESOLUTION_MS = 10;
const NANOSECONDS_PER_MS = 1e6;

export interface LoopDelay {
  /** Of nine tenths of the last moments: the pause that one collection of garbage makes isn't meant. */
  readonly usualMs: number;
  /** The longest since it was looked at last. */
  readonly longestMs: number;
}

type Told = (delay: LoopDelay) => void;

/** Who is told of the loop of a service: it is one, however many ask. */
const WATCHED = new WeakMap<FastifyInstance, Told[]>();

/** Looks ten times a second, until the service closes. */
export function watchLoopDelay(app: FastifyInstance, onDelay: Told): void {
  const told = WATCHED.get(app);
  if (told !== undefined) {
    told.push(onDelay);
    return;
  }
  const all = [onDelay];
  WATCHED.set(app, all);
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const timer = setInterval(() => {
    const above = (nanoseconds: number) =>
      histogram.count === 0 ? 0 : Math.max(0, nanoseconds / NANOSECONDS_PER_MS - RESOLUTION_MS);
    const delay = { usualMs: above(histogram.percentile(90)), longestMs: above(histogram.max) };
    for (const tell of all) tell(delay);
    histogram.reset();
  }, OBSERVE_EVERY_MS);
  timer.unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    histogram.disable();
  });
}
