/**
 * Whoever settles dead letters, as `hutong dead-letters` does: replays or discards one of those that are in the topic
 * at the moment, now and then one that another has settled already.
 */

import { PERSON_KEY_BYTES } from '#core/field/identity.ts';
import {
  noteHeaders,
  originalHeaders,
  placeText,
  type Settlement,
  settlementHeaders,
} from '#exchange/topics/letters.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { LetterBook, SettledThrough } from '#services/cli/shared/letter-book.ts';
import type { Appended } from './log.ts';
import { PARTITIONS } from './people.ts';
import type { Surroundings } from './producers.ts';
import type { Logged } from './truth.ts';

/** @returns what was done, or null when there was nothing to do */
export function settleSomeLetter({ random, log, truth, clockMs }: Surroundings): string | null {
  const book = new LetterBook();
  const records = log.recordsOf(DEAD_LETTERS_TOPIC, 0);
  for (const record of records) book.take(record);
  const letters = book.letters.filter(
    (each) => !truth.isStolen(truth.at(each.place)) && (book.settledOf(each) === null || random.chance(0.2)),
  );
  if (letters.length === 0) return null;
  const letter = random.pick(letters);
  const original = truth.at(letter.place);
  const record = log
    .recordsOf(letter.place.topic, letter.place.partition)
    .find(({ offset }) => offset === letter.place.offset) as Appended;
  const isReplayable = record.value !== null && record.key?.length === PERSON_KEY_BYTES;
  const as = isReplayable && random.chance(0.7) ? 'replayed' : 'discarded';
  const settlement: Settlement = {
    place: letter.place,
    through: new SettledThrough(book).with(letter),
    as,
    by: 'Li',
    why: '',
  };
  if (record.key === null || (as === 'discarded' && letter.marks !== undefined)) {
    log.append(DEAD_LETTERS_TOPIC, 0, { key: null, value: null, headers: noteHeaders({ settlement, at: null }) });
    truth.settled.push({ place: letter.place, settlement, at: null });
    return `a letter is discarded by a note alone: ${placeText(letter.place)}`;
  }
  const { key } = record;
  const partition = partitionOf(key, PARTITIONS);
  const appended = log.append(letter.place.topic, partition, {
    key,
    value: as === 'replayed' ? record.value : null,
    headers: { ...originalHeaders(record.headers), ...settlementHeaders(settlement) },
  });
  truth.settled.push({ place: letter.place, settlement, at: appended });
  const isOfPerson = original.reason !== 'bad_tag';
  const settles =
    isOfPerson && letter.place.partition === partition
      ? { topic: letter.place.topic, offset: letter.place.offset, through: settlement.through }
      : null;
  const { event, reason } = contentOf(original, as, clockMs);
  truth.note({
    topic: appended.topic,
    partition,
    offset: appended.offset,
    person: isOfPerson ? key.toString('latin1') : null,
    event,
    reason,
    province: original.province,
    forged: original.forged,
    latent: original.latent,
    settles,
  });
  return (
    'a letter is ' +
    `${as === 'discarded' ? 'discarded' : event === null ? 'replayed, and unreadable again' : 'replayed well'}: ` +
    `${placeText(letter.place)} by ${placeText(appended)}`
  );
}

function contentOf({ reason, latent }: Logged, as: Settlement['as'], atMs: number): Pick<Logged, 'event' | 'reason'> {
  if (as === 'discarded') return { event: null, reason: null };
  return latent !== null && latent.fromMs <= atMs ? { event: latent.event, reason: null } : { event: null, reason };
}
