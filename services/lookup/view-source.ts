/**
 * Where the look-up reads people from, with a bound on the wait: a Redis that hangs must not hang a gate. Once it has
 * failed a few times in a row, callers are told at once, and only probes go there.
 */

import type { PersonKey } from '#core/field/identity.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import { HutongError } from '#platform/errors.ts';
import { Breaker } from '#platform/limits/breaker.ts';
import { within } from '#platform/limits/within.ts';

export interface ViewSource {
  /** @throws HutongError REDIS_UNAVAILABLE, VIEW_UNREADABLE */
  read(key: PersonKey): Promise<Snapshot>;
  readMany(keys: readonly PersonKey[]): Promise<readonly Snapshot[]>;
}

/** The same, within what is left of a request's time. */
export interface BoundedSource {
  read(key: PersonKey, timeoutMs: number): Promise<Snapshot>;
  readMany(keys: readonly PersonKey[], timeoutMs: number): Promise<readonly Snapshot[]>;
}

/** A request that had less than this share of its time left says nothing of Redis when it gets no answer. */
const TELLING_SHARE = 0.25;
const BREAKER_LIMITS = { failuresMax: 5, probeEveryMs: 250 } as const;

/**
 * The same source, failing with REDIS_UNAVAILABLE when it takes longer, or at once while it is known to be away.
 * @param timeLimitMs of a whole request
 */
export function boundedSource(source: ViewSource, timeLimitMs: number, now: () => number): BoundedSource {
  const breaker = new Breaker(BREAKER_LIMITS);
  const guarded = async <T>(work: () => Promise<T>, timeoutMs: number): Promise<T> => {
    if (!breaker.allows(now())) throw unavailable('redis has not answered for a while');
    let cutShort = false;
    try {
      const result = await within(work(), timeoutMs, () => {
        cutShort = timeoutMs < TELLING_SHARE * timeLimitMs;
        return unavailable(`redis did not answer within ${Math.round(timeoutMs)} ms`);
      });
      breaker.succeeded();
      return result;
    } catch (error) {
      // It answered, if with something that can't be used.
      if (!(error instanceof HutongError && error.code === 'REDIS_UNAVAILABLE')) breaker.succeeded();
      else if (!cutShort) breaker.failed(now());
      throw error;
    }
  };
  return {
    read: (key, timeoutMs) => guarded(() => source.read(key), timeoutMs),
    readMany: (keys, timeoutMs) => guarded(() => source.readMany(keys), timeoutMs),
  };
}

function unavailable(message: string): HutongError {
  return new HutongError('REDIS_UNAVAILABLE', message, { retriable: true, hint: 'is Redis up and reachable?' });
}
