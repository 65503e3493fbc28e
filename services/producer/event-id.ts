/** Ids for events whose sender set none. Nothing rests on them: an event is told from another by what it states. */

import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/**
 * UUIDv7, its randomness drawn from the system some hundred at a time: one at a time costs as much as all else here.
 */
export function newEventId(): string {
  if (randomAt === RANDOM_POOL.length) {
    randomFillSync(RANDOM_POOL);
    randomAt = 0;
  }
  randomAt += UUID_BYTES;
  return uuidv7({ random: RANDOM_POOL.subarray(randomAt - UUID_BYTES, randomAt) });
}

const UUID_BYTES = 16;
const RANDOM_POOL = Buffer.alloc(UUID_BYTES * 256);
let randomAt = RANDOM_POOL.length;
