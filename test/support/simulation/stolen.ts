/**
 * Somebody who has the key of a province that has no producer here: they write in its name, and the operator revokes
 * the key, with since when. And what an instance reads of that, each in its own time. It never asks what it is there to
 * judge.
 */

import type { KeyHolder } from '#core/keys/leak.ts';
import { OPERATOR } from '#exchange/identity/principals.ts';
import { SIGNED_BY } from '#exchange/keys/signatures.ts';
import { KeysFeed } from '#exchange/topics/keys-feed.ts';
import { KnownKeys } from '#exchange/topics/known-keys.ts';
import { topicOf } from '#exchange/topics/records.ts';
import { revocationRecord } from '#exchange/topics/revocations.ts';
import { KEYS_TOPIC } from '#exchange/topics/topics.ts';
import { HutongError } from '#platform/errors.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { LOG } from '#test/support/first-edition.ts';
import { signingKey } from '#test/support/keys.ts';
import type { SimLog } from './log.ts';
import { PARTITIONS, recordOf, someEvent } from './people.ts';
import type { SimProcess } from './process.ts';
import { BY_NAME, type Surroundings } from './producers.ts';

export const STOLEN = { key: 'province-65-1', of: '65' as const satisfies KeyHolder };
const REGISTERS = 3;
/** Never the latest acceptance, but of a partition that has no other. */
const ACCEPTED_AT_MS = Date.UTC(2022, 7, 11);

/** In some runs: a few records before the key was stolen, and a few after it. */
export function stealSometimes(
  world: Surroundings,
  people: readonly Buffer[],
  sometime: (run: () => void) => void,
): void {
  const { random } = world;
  if (!random.chance(0.25)) return;
  for (let records = random.between(2, 12); records > 0; records -= 1)
    sometime(() => write(world, random.pick(people)));
  sometime(() => revoke(world));
}

function write(world: Surroundings, person: Buffer): void {
  const { random, log, truth, leaptMs } = world;
  const delivery = { province: STOLEN.of, eventId: `${random.below(1e9)}`, acceptedAtMs: ACCEPTED_AT_MS };
  const event = someEvent(random, REGISTERS, { ...delivery, producerInstance: '65-a' }, leaptMs);
  const topic = topicOf(LOG, event.type);
  const partition = partitionOf(person, PARTITIONS);
  const { offset, appendedAtMs } = log.append(topic, partition, recordOf(person, event, 'current'));
  const of = { person: person.toString('latin1'), event, reason: null, province: STOLEN.of, forged: null };
  truth.note({ topic, partition, offset, ...of, latent: null, settles: null, appendedAtMs });
  world.happens('a record bears the key that is stolen', `${topic}/${partition}/${offset}: `);
}

/** Since some instant up to now. */
function revoke(world: Surroundings): void {
  const { random, log, truth, clockMs } = world;
  const sinceMs = clockMs - random.pick([0, 500, 1_500, 4_000, 10_000_000]);
  const { topic, key, value } = revocationRecord({ key: STOLEN.key, why: 'stolen', sinceMs }, signingKey(OPERATOR));
  log.append(topic, 0, { key, value, headers: { [SIGNED_BY]: OPERATOR } });
  truth.leak = { ...STOLEN, sinceMs };
  world.happens('a key that was stolen is revoked', `since ${sinceMs - clockMs} ms: `);
}

/** What an instance has read of the topic `keys`; `read` is to be called now and then. */
export function followKeys(process: SimProcess, log: SimLog): { keys: KeysFeed; read: () => Promise<void> } {
  const known = new KnownKeys([], BY_NAME);
  const take = (): void => {
    for (const { key, value, headers, appendedAtMs } of log.recordsOf(KEYS_TOPIC, 0))
      known.take({ key, value, headers, timestamp: String(appendedAtMs) } as never);
  };
  const read = (): Promise<void> =>
    process.call('kafka', take).catch((cause: unknown) => {
      throw new HutongError('KAFKA_UNAVAILABLE', 'the keys could not be read', { retriable: true, cause });
    });
  return { keys: new KeysFeed(known, { toTheEnd: read, stop: async () => undefined }), read };
}
