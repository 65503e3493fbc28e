/**
 * What keeps an operator's command from waiting for ever: work that hasn't moved for a minute has failed, and closing
 * takes seconds. A command that failed can be given again: each of them goes on from where it was.
 */

import { HutongError } from '#platform/errors.ts';
import { within } from '#platform/limits/within.ts';
import type { Trouble } from './trouble.ts';

export const STANDSTILL_MS_MAX = 60_000;
const LOOK_EVERY_MS = 1_000;
/** What hangs when Kafka or Redis has gone. */
const CLOSE_MS_MAX = 5_000;

export interface Standstill {
  /** What doesn't come about, for the message. */
  readonly what: string;
  /** Any number that changes while the work moves. */
  readonly progress: () => number;
  readonly trouble: Trouble;
  readonly standstillMsMax?: number;
}

/** The result of the work. @throws KAFKA_UNAVAILABLE with what went wrong last, once it has stood still for too long */
export async function unlessItStandsStill<T>(
  work: Promise<T>,
  { what, progress, trouble, standstillMsMax = STANDSTILL_MS_MAX }: Standstill,
): Promise<T> {
  const { promise: stuck, reject } = Promise.withResolvers<never>();
  let [last, movedAtMs] = [progress(), Date.now()];
  const looking = setInterval(
    () => {
      const now = progress();
      if (now !== last) [last, movedAtMs] = [now, Date.now()];
      else if (Date.now() - movedAtMs >= standstillMsMax) {
        const why = trouble.last === null ? '' : `; last, ${trouble.last}`;
        reject(
          new HutongError('KAFKA_UNAVAILABLE', `${what}: nothing has moved for ${standstillMsMax / 1_000} s${why}`, {
            retriable: true,
            hint:
              'are Kafka, Redis and the registry up and reachable? Give the command again then: it goes ' +
              'on from where it was',
          }),
        );
      }
    },
    Math.min(LOOK_EVERY_MS, standstillMsMax),
  );
  try {
    return await Promise.race([work, stuck]);
  } finally {
    clearInterval(looking);
  }
}

/** One after the other, each for a bounded time; what the command has failed with matters more than how it closes. */
export async function closeAll(...closers: readonly ((() => Promise<void>) | undefined)[]): Promise<void> {
  for (const close of closers)
    await within(close?.() ?? Promise.resolve(), CLOSE_MS_MAX, () => new Error('not closed in time')).catch(
      () => undefined,
    );
}
