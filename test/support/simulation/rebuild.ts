/**
 * A rebuild, as a view sees it: the next generation holds what the log says up to a position that the live one may not
 * have reached, but for what is withdrawn with a key; what can't be read up to there has its letters, and then it
 * becomes the live one.
 */

import { NO_FRESHNESS, type Position } from '#core/view/snapshot.ts';
import { Sightings, type StoredSightings } from '#core/vouch/sightings.ts';
import { LetterMarks } from '#exchange/fold/letter-marks.ts';
import { claimOf } from '#exchange/topics/claim-header.ts';
import { letterHeaders, letterOf, noteHeaders } from '#exchange/topics/letters.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import { Generations, type SwitchOutcome } from '#exchange/view/generations.ts';
import { storedPosition } from '#exchange/view/store.ts';
import { freshnessText } from '#exchange/view/stored-freshness.ts';
import { sightingsText } from '#exchange/view/stored-sightings.ts';
import type { Random } from '#exercises/town/random.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';
import { countedIn } from './counted.ts';
import type { SimLog } from './log.ts';
import type { SimRedis } from './redis.ts';
import type { Truth } from './truth.ts';

export interface Rebuilt {
  readonly random: Random;
  readonly log: SimLog;
  readonly redis: SimRedis;
  readonly truth: Truth;
}

/** @returns null where nothing is stored yet */
export async function rebuildAndSwitch(rebuilt: Rebuilt, partition: number): Promise<SwitchOutcome | null> {
  const { redis, truth } = rebuilt;
  const generations = new Generations(redis.atOnce(), LOG);
  const { live } = await generations.pointers(partition);
  const stored = redis.get(KEYS.position(live, partition));
  if (stored === null) return null;
  const position = somewhereAhead(rebuilt, partition, JSON.parse(stored.toString()) as Position);
  const building = await generations.begin(partition);
  const sightings = seenBelow(rebuilt, partition, position);
  writeLetters(rebuilt, partition, position);
  for (const person of truth.peopleOf(partition)) {
    const bytes = truth.bytesAt(person, position, true);
    if (bytes !== null) redis.set(KEYS.view(building, partition, Buffer.from(person, 'latin1')), bytes);
  }
  redis.set(KEYS.position(building, partition), storedPosition(position));
  const freshness = {
    ...NO_FRESHNESS,
    incompleteProvinces: [...truth.marks({ partition, position, watermarks: [] })],
    acceptedUpToMs: truth.acceptedUpTo(partition, position, true),
    leaks: truth.leak === null ? [] : [{ ...truth.leak, isOut: true }],
  };
  redis.set(KEYS.freshness(building, partition), freshnessText(freshness));
  redis.set(KEYS.sightings(building, partition), sightingsText(sightings));
  const counted = countedIn(truth.loggedBelow(partition, position, true));
  redis.set(KEYS.counts(building, partition), JSON.stringify(counted));
  return generations.switch(partition, live, building);
}

/** Of the erasures it has read all, as whoever begins does. */
function somewhereAhead({ random, log }: Rebuilt, partition: number, live: Position): Position {
  const topics = Object.entries(live.topics).map(([topic, at]) => {
    const end = log.endOf(topic, partition);
    return [
      topic,
      { ...at, nextOffset: topic === LOG.topicOf.erasures ? end : random.between(at.nextOffset, end) },
    ] as const;
  });
  return { ...live, topics: Object.fromEntries(topics) };
}

/** As a rebuild goes over the records: of which it finds a letter, that is judged already. */
function seenBelow({ log, truth }: Rebuilt, partition: number, position: Position): StoredSightings {
  const sightings = new Sightings();
  const letters = new LetterMarks();
  for (const { headers } of log.recordsOf(DEAD_LETTERS_TOPIC, 0)) {
    const [letter, claim] = [letterOf(headers), claimOf(headers)];
    if (letter !== null && claim !== null) letters.addFailing(letter.place, claim);
  }
  for (const topic of LOG.topics)
    for (const record of log.recordsOf(topic, partition)) {
      const claim = claimOf(record.headers);
      if (claim === null || record.offset >= (position.topics[topic]?.nextOffset ?? 0)) continue;
      if (truth.at(record).reason !== 'bad_tag') sightings.proven({ ...claim, topic });
      else sightings.failed({ ...claim, topic }, { kind: 'later' }, letters.hasFailing(record, claim));
    }
  return sightings.stored;
}

/** Letters and notes may be there already: another copy of one changes nothing. */
function writeLetters({ log, truth }: Rebuilt, partition: number, position: Position): void {
  for (const { topic, offset, reason, person, province, forged } of truth.loggedBelow(partition, position, true)) {
    if (reason === null) continue;
    const marked = forged === null ? province : 'nobody';
    const record = log.recordsOf(topic, partition).find((each) => each.offset === offset);
    if (record !== undefined)
      log.append(DEAD_LETTERS_TOPIC, 0, {
        key: record.key,
        value: record.value,
        headers: letterHeaders(record, reason, '', person === null ? null : record.key, marked),
      });
  }
  for (const { at, settlement } of truth.settledBelow(partition, position))
    log.append(DEAD_LETTERS_TOPIC, 0, { key: null, value: null, headers: noteHeaders({ settlement, at }) });
}
