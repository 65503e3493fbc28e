/**
 * `hutong dead-letters replay` and `discard`. A person's letter is settled by one record in that person's partition, so
 * that it is settled in every view ever made of the log; the materialiser notes it in `dead-letters` when it has taken
 * it, and only then is it called settled here. Doing it twice, or two operators at once, changes nothing more.
 */

import { PERSON_KEY_BYTES } from '#core/field/identity.ts';
import { OPERATOR } from '#exchange/identity/principals.ts';
import { readKeyRing } from '#exchange/keys/ring.ts';
import { settlementTagHeaders } from '#exchange/keys/settlement-tags.ts';
import type { RecordKey } from '#exchange/keys/tags.ts';
import {
  firstAppendedHeaders,
  noteHeaders,
  originalHeaders,
  placeText,
  type RecordPlace,
  type Settlement,
  settlementHeaders,
} from '#exchange/topics/letters.ts';
import type { Log } from '#exchange/topics/log.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import { readKeysDir } from '#platform/config.ts';
import type { Kafka, KafkaAccess } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { KafkaSender } from '#platform/kafka/sender.ts';
import { acknowledged } from '#services/cli/shared/acknowledged.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import {
  type Letter,
  LetterBook,
  letterRecordOf,
  type LetterRecord,
  SettledThrough,
} from '#services/cli/shared/letter-book.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { chosen, type LetterFilter } from './choose.ts';
import { stateText } from './print.ts';
import { lettersKafka, unknownLetters } from './show.ts';

export interface SettleOptions {
  readonly kafka: KafkaAccess;
  readonly as: Settlement['as'];
  readonly places: readonly RecordPlace[];
  readonly filter: LetterFilter;
  readonly by: string;
  readonly why: string;
  /** How long to wait for the materialiser to take them. */
  readonly waitMs: number;
}

const BATCH_RECORDS_MAX = 500;
const BATCH_BYTES_MAX = 900_000;
/** Of each kind of outcome so many letters are printed. */
const PRINTED_MAX = 100;

/** @throws HutongError KAFKA_UNAVAILABLE; LETTER_UNKNOWN before anything is written */
export async function settleLetters(log: Log, options: SettleOptions, print: Print): Promise<number> {
  const kafka = lettersKafka(options.kafka);
  const book = new LetterBook();
  const feed = await TopicFeed.start(kafka, DEAD_LETTERS_TOPIC, (message) => book.take(letterRecordOf(message)));
  try {
    const { letters, unknown } = chosen(book, options.places, options.filter);
    if (unknown.length > 0) throw unknownLetters(unknown);
    const settled = letters.filter((letter) => book.settledOf(letter) !== null);
    printSome(
      settled.map((letter) => `${placeText(letter.place)}: nothing to do, ${stateText(letter, book)}`),
      print,
    );
    const open = letters.filter((letter) => book.settledOf(letter) === null);
    const refused = options.as === 'discarded' ? [] : open.filter((letter) => whyNotReplayable(log, letter) !== null);
    printSome(
      refused.map((letter) => `${placeText(letter.place)}: not replayed, ${whyNotReplayable(log, letter)}`),
      print,
    );
    const todo = open.filter((letter) => !refused.includes(letter));
    if (todo.length > 0) await append(kafka, log, book, todo, options);
    const isDone = (): boolean => todo.every((letter) => book.settledOf(letter) !== null);
    await feed.until(isDone, options.waitMs);
    return report(book, todo, options, print) && refused.length === 0 ? EXIT.ok : EXIT.failed;
  } finally {
    await feed.stop();
  }
}

/** Null when it can be replayed. */
function whyNotReplayable({ topics }: Log, { key, bytes, place }: Letter): string | null {
  if (!topics.some((topic) => topic === place.topic)) return `${place.topic} is no topic of events; discard it`;
  if (key?.length !== 2 * PERSON_KEY_BYTES)
    return 'it belongs to nobody known: have the province send it again through its door, then discard it';
  return bytes === null ? 'a tombstone holds nothing; discard it' : null;
}

/** Reads the letters' bytes again and appends as it goes: memory is bounded, however many there are. */
async function append(
  kafka: Kafka,
  log: Log,
  book: LetterBook,
  todo: readonly Letter[],
  { as, by, why }: SettleOptions,
): Promise<void> {
  const chosenAt = new Map(todo.map((letter) => [placeText(letter.place), letter]));
  const through = new SettledThrough(book);
  const partitions = await partitionCounts(kafka, log);
  const operatorKey = readKeyRing(readKeysDir()).newestOf(OPERATOR);
  const sender = await acknowledged(KafkaSender.connect(kafka));
  let batch: OutgoingRecord[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await acknowledged(sender.send(batch));
    batch = [];
    bytes = 0;
  };
  const seen = new LetterBook();
  try {
    const feed = await TopicFeed.start(kafka, DEAD_LETTERS_TOPIC, async (message) => {
      const record = letterRecordOf(message);
      const before = seen.letters.length;
      seen.take(record);
      const letter = seen.letters.length > before ? seen.letters.at(-1) : undefined;
      const settling = letter === undefined ? undefined : chosenAt.get(placeText(letter.place));
      if (settling === undefined) return;
      const outgoing = settlingRecord(
        record,
        settling,
        { place: settling.place, through: through.with(settling), as, by, why },
        partitions,
        operatorKey,
      );
      bytes += (outgoing.value?.length ?? 0) + 1_000;
      if (batch.length >= BATCH_RECORDS_MAX || bytes > BATCH_BYTES_MAX) await flush();
      batch.push(outgoing);
    });
    await feed.stop();
    await flush();
  } finally {
    await sender.close().catch(() => undefined);
  }
}

/**
 * What settles the letter. One without a usable key marks nobody's view, and is discarded by the note alone; a record
 * from the wrong partition lies in nobody's history either, but its replay goes to where the person's is.
 */
function settlingRecord(
  { key, value, headers, appendedAtMs }: LetterRecord,
  { marks, firstAppendedAtMs }: Letter,
  settlement: Settlement,
  partitions: ReadonlyMap<string, number>,
  operatorKey: RecordKey,
): OutgoingRecord {
  const { as, place } = settlement;
  if (key === null || (as === 'discarded' && marks !== undefined))
    return {
      topic: DEAD_LETTERS_TOPIC,
      partition: 0,
      key: null,
      value: null,
      headers: noteHeaders({ settlement, at: null }),
    };
  const partition = partitionOf(key, partitions.get(place.topic) ?? 1);
  const record = {
    topic: place.topic,
    partition,
    key,
    value: as === 'replayed' ? value : null,
    headers: {
      ...originalHeaders(headers),
      ...settlementHeaders(settlement),
      // What an earlier version has written doesn't say it: the letter came soon after its record.
      ...(as === 'replayed' ? firstAppendedHeaders(firstAppendedAtMs ?? appendedAtMs) : {}),
    },
  };
  return { ...record, headers: { ...record.headers, ...settlementTagHeaders(operatorKey, record) } };
}

async function partitionCounts(kafka: Kafka, log: Log): Promise<ReadonlyMap<string, number>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [...log.topics] });
    return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  } finally {
    await admin.disconnect();
  }
}

/** @returns whether every letter is settled and none became unreadable again */
function report(book: LetterBook, todo: readonly Letter[], { as, waitMs }: SettleOptions, print: Print): boolean {
  const [done, again, waiting] = [[], [], []] as [string[], string[], string[]];
  for (const letter of todo) {
    const place = placeText(letter.place);
    const next = book.nextOf(letter);
    if (book.settledOf(letter) === null) waiting.push(`${place}: written, but not taken within ${waitMs / 1_000} s`);
    else if (next !== null)
      again.push(`${place}: unreadable again: ${placeText(next.place)} (${next.reason}: ${next.detail})`);
    else done.push(`${place}: ${as}`);
  }
  for (const lines of [done, again, waiting]) printSome(lines, print);
  const unreadable = again.length === 0 ? '' : `, ${again.length} unreadable again`;
  const notYet = waiting.length === 0 ? '' : `, ${waiting.length} not taken yet`;
  print(`${done.length} ${as}${unreadable}${notYet}.`);
  if (waiting.length > 0)
    print('To mend: see that the materialiser runs and isn’t behind; list them later. Doing it again does no harm.');
  return again.length === 0 && waiting.length === 0;
}

function printSome(lines: readonly string[], print: Print): void {
  for (const line of lines.slice(0, PRINTED_MAX)) print(line);
  if (lines.length > PRINTED_MAX) print(`… and ${lines.length - PRINTED_MAX} more of that kind`);
}
