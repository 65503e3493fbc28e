/**
 * Has each province's publisher take its next keys, once their files are there. A file that is no key, or a Kafka that
 * is away, changes nothing: the keys in use stay.
 */

import { NEXT_KEYS_LOOK_MS, type OwnRecordKey, type Published } from '#exchange/keys/own-keys.ts';
import { describeError } from '#platform/errors.ts';
import { every } from '#platform/limits/every.ts';
import type { Logger } from '#platform/log.ts';

/** @returns stops it */
export function followKeys(
  keys: readonly Pick<OwnRecordKey, 'look'>[],
  published: () => Promise<Published>,
  logger: Logger,
): () => void {
  return every(NEXT_KEYS_LOOK_MS, async () => {
    let read: Promise<Published> | undefined;
    // Of many provinces with a next key each would read the topic, and for each of its two keys.
    const readOnce = () => (read ??= published());
    for (const own of keys)
      try {
        const taken = await own.look(readOnce);
        if (taken.length > 0) logger.info({ keys: taken }, 'these keys are used from now on');
      } catch (error) {
        logger.warn({ error: describeError(error) }, 'the next keys can’t be taken');
      }
  });
}
