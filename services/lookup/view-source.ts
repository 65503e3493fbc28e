/**
 * Where the look-up reads people from, with a bound on the wait: a Redis that hangs must not hang a gate.
 */
import type { PersonKey } from '#core/identity.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { HutongError } from '#platform/errors.ts';

export interface ViewSource {
  /** @throws HutongError REDIS_UNAVAILABLE, VIEW_UNREADABLE */
  read(key: PersonKey): Promise<Snapshot>;
  readMany(keys: readonly PersonKey[]): Promise<readonly Snapshot[]>;
}

/** The same source, failing with REDIS_UNAVAILABLE when it takes longer. */
export function boundedSource(source: ViewSource, timeoutMs: number): ViewSource {
  return {
    read: (key) => within(source.read(key), timeoutMs),
    readMany: (keys) => within(source.readMany(keys), timeoutMs),
  };
}

async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new HutongError('REDIS_UNAVAILABLE', `redis did not answer within ${timeoutMs} ms`, { retriable: true, hint: 'is Redis up and reachable?' })), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
