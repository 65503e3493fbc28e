/** `hutong dead-letters list` and `show`: read the topic, print, change nothing. */

import { placeText, type RecordPlace } from '#exchange/topics/letters.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import { HutongError } from '#platform/errors.ts';
import { createKafka, type Kafka, type KafkaAccess } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { createLogger } from '#platform/log.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { LetterBook, letterRecordOf, type LetterRecord } from '#services/cli/shared/letter-book.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { type LetterFilter, listed, type STATES } from './choose.ts';
import { letterJson, letterText, PERSONAL_DATA, tableOf } from './print.ts';

export function lettersKafka(access: KafkaAccess): Kafka {
  return createKafka(access, 'hutong-dead-letters', createLogger('dead-letters', 'silent'));
}

export interface ListOptions {
  readonly kafka: KafkaAccess;
  readonly filter: LetterFilter;
  readonly state: (typeof STATES)[number];
  readonly rowsMax: number;
  readonly asJson: boolean;
}

/** @throws HutongError KAFKA_UNAVAILABLE */
export async function listLetters(
  { kafka, filter, state, rowsMax, asJson }: ListOptions,
  print: Print,
): Promise<number> {
  const book = new LetterBook();
  await TopicFeed.readAll(lettersKafka(kafka), DEAD_LETTERS_TOPIC, (message) => book.take(letterRecordOf(message)));
  const letters = listed(book, filter, state);
  if (asJson) {
    for (const letter of letters) print(JSON.stringify(letterJson(letter, book)));
    return EXIT.ok;
  }
  if (letters.length > 0) print(tableOf(letters.slice(0, rowsMax), book));
  if (letters.length > rowsMax) print(`… and ${letters.length - rowsMax} more: --limit ${letters.length} shows them.`);
  const reasons = Object.entries(Object.groupBy(letters, ({ reason }) => reason)).map(
    ([reason, of]) => `${of.length} ${reason}`,
  );
  const ofState = state === 'all' ? '' : `${state} `;
  const ofAll = book.letters.length === 0 ? '' : ` of ${book.letters.length}`;
  print(letters.length === 0 ? `No ${ofState}letters${ofAll}.` : `${letters.length} letters: ${reasons.join(', ')}.`);
  return EXIT.ok;
}

export interface ShowOptions {
  readonly kafka: KafkaAccess;
  readonly place: RecordPlace;
  readonly bytesMax: number;
  readonly asJson: boolean;
}

/** @throws HutongError KAFKA_UNAVAILABLE; LETTER_UNKNOWN */
export async function showLetter({ kafka, place, bytesMax, asJson }: ShowOptions, print: Print): Promise<number> {
  const book = new LetterBook();
  let found: LetterRecord | null = null;
  await TopicFeed.readAll(lettersKafka(kafka), DEAD_LETTERS_TOPIC, (message) => {
    const wasKnown = book.letterAt(place) !== undefined;
    const record = letterRecordOf(message);
    book.take(record);
    if (!wasKnown && book.letterAt(place) !== undefined) found = record;
  });
  const letter = book.letterAt(place);
  if (letter === undefined || found === null) throw unknownLetters([placeText(place)]);
  const record: LetterRecord = found;
  if (asJson)
    print(
      JSON.stringify({
        ...letterJson(letter, book),
        key: letter.key,
        headers: headersJson(record),
        value: record.value?.toString('base64') ?? null,
        warning: PERSONAL_DATA,
      }),
    );
  else print(letterText(letter, record, book, bytesMax));
  return EXIT.ok;
}

function headersJson({ headers }: LetterRecord): object {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().map(String).join(' | ')]),
  );
}

export function unknownLetters(places: readonly string[]): HutongError {
  return new HutongError('LETTER_UNKNOWN', `no such letter: ${places.join(', ')}`, {
    retriable: false,
    hint: 'hutong dead-letters list --state all names them',
  });
}
