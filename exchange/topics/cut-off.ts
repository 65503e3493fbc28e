/**
 * From which offset on every record of an edition bears a tag, as the topic `editions` states it: the first statement
 * about an edition counts. A log that is begun now is tagged from its first record on.
 */

import type { CutOff } from '#exchange/keys/check.ts';
import type { Admin, Kafka } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { sendOnce } from '#platform/kafka/sender.ts';
import { untilDone } from '#platform/limits/until.ts';
import { cutOffRecord, readEditions } from './editions.ts';
import type { Log } from './log.ts';

/** Null: nobody has stated it, and records without a tag count. @throws HutongError KAFKA_UNAVAILABLE */
export async function readCutOff(kafka: Kafka, admin: Admin, { edition }: Log): Promise<CutOff> {
  return (await readEditions(kafka, admin)).cutOffOf(edition);
}

/** Of topics that were just made, and have no leader yet. */
const LEADERS_MS_MAX = 30_000;

/**
 * States that all that is appended from now on bears a tag. Asks again for a while where Kafka doesn't answer: whoever
 * makes topics comes here next.
 * @param when `empty`: only of a log that holds nothing yet
 * @returns what holds then; null: nothing was stated
 * @throws HutongError KAFKA_UNAVAILABLE
 */
export function stateCutOff(kafka: Kafka, admin: Admin, log: Log, when: 'empty' | 'any'): Promise<CutOff> {
  return untilDone(() => stateOnce(kafka, admin, log, when), { everyMs: 100, waitMsMax: LEADERS_MS_MAX });
}

async function stateOnce(kafka: Kafka, admin: Admin, log: Log, when: 'empty' | 'any'): Promise<CutOff> {
  const known = await readCutOff(kafka, admin, log);
  if (known !== null) return known;
  const ends = await endsOf(admin, log.topics);
  if (when === 'empty' && ends.some(({ high }) => high > 0)) return null;
  const from = Object.fromEntries(ends.map(({ topic, partition, high }) => [`${topic} ${partition}`, high]));
  await sendOnce(kafka, [cutOffRecord(log.edition, from)]);
  return from;
}
