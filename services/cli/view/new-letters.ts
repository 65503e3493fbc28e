/**
 * Dead letters of a rebuild: it meets again all the poison that the log holds, and all that settles it, and writes a
 * letter or a note only for what has none yet. For records that the live view has not reached, it must: after the
 * switch nobody reads them again.
 */

import { DEAD_LETTERS_QUEUE_MAX, DeadLetters, type DeadLetterSink } from '#exchange/fold/dead-letters.ts';
import { LetterMarks } from '#exchange/fold/letter-marks.ts';
import { letterOf, noteOf, placeText, type RecordPlace, type SettlementNote } from '#exchange/topics/letters.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { Outbox, OUTBOX_LIMITS } from '#platform/kafka/outbox.ts';
import type { Headers } from '#platform/kafka/record.ts';
import { KafkaSender } from '#platform/kafka/sender.ts';
import { Metrics } from '#platform/metrics.ts';
import { acknowledged } from '#services/cli/shared/acknowledged.ts';
import type { Connected } from '#services/cli/shared/connected.ts';

export interface NewLetters {
  readonly sink: DeadLetterSink;
  /** The provinces that the letters written by it mark. */
  readonly marks: LetterMarks;
  /** Whether there was a letter about it before. */
  readonly isKnown: (record: RecordPlace) => boolean;
  readonly close: () => Promise<void>;
}

export async function newLettersOnly({ kafka, logger }: Connected): Promise<NewLetters> {
  const known = new Set<string>();
  await TopicFeed.readAll(kafka, DEAD_LETTERS_TOPIC, ({ headers = {} }) => void known.add(nameOf(headers)));
  const sender = await acknowledged(KafkaSender.connect(kafka));
  const letters = new DeadLetters(
    new Outbox(sender, { queueRecordsMax: DEAD_LETTERS_QUEUE_MAX, ...OUTBOX_LIMITS }, logger, () => undefined),
    new Metrics(),
  );
  return { ...onlyNew(known, letters), close: () => sender.close() };
}

/** @param known letters and notes that are there already, by `nameOf`. Exported for its test. */
export function onlyNew(known: ReadonlySet<string>, letters: DeadLetterSink): Omit<NewLetters, 'close'> {
  const marks = new LetterMarks();
  return {
    marks,
    isKnown: (record) => known.has(placeText(record)),
    sink: {
      write: async (letter) => {
        if (known.has(placeText(letter.record))) return;
        await letters.write(letter);
        if (letter.key === null && letter.marked !== 'nobody') marks.add(letter.record, letter.marked);
      },
      note: async (note) => {
        marks.settle(note);
        if (!known.has(noteName(note))) await letters.note(note);
      },
      claimed: (found) => letters.claimed(found), // never: a rebuild leaves that to whoever goes on
    },
  };
}

function nameOf(headers: Headers): string {
  const note = noteOf(headers);
  if (note !== null) return noteName(note);
  const letter = letterOf(headers);
  return letter === null ? '' : placeText(letter.place);
}

function noteName({ settlement, at }: SettlementNote): string {
  return `${placeText(settlement.place)} settled by ${at === null ? 'the note' : placeText(at)}`;
}
