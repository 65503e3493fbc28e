/**
 * Dead letters of a rebuild: it meets again all the poison that the log holds, and writes a letter only for what has
 * none yet. For records that the live view has not reached, it must: after the switch nobody reads them again.
 */
import { Metrics } from '#platform/metrics.ts';
import type { KafkaMessage } from '#topics/kafka.ts';
import { KafkaSender } from '#topics/kafka-sender.ts';
import { Outbox, OUTBOX_LIMITS } from '#topics/outbox.ts';
import { readToEnd } from '#topics/read-to-end.ts';
import { DEAD_LETTERS_TOPIC } from '#topics/topics.ts';
import { DeadLetters, type DeadLetterSink } from '../../materialiser/dead-letters.ts';
import type { Connected } from '../connected.ts';

const QUEUE_RECORDS_MAX = 10_000;

export async function newLettersOnly({ kafka, admin, logger }: Connected): Promise<{ sink: DeadLetterSink; close: () => Promise<void> }> {
  const known = new Set<string>();
  await readToEnd(kafka, admin, DEAD_LETTERS_TOPIC, (message) => known.add(originOf(message)));
  const sender = await KafkaSender.connect(kafka);
  const letters = new DeadLetters(new Outbox(sender, { queueRecordsMax: QUEUE_RECORDS_MAX, ...OUTBOX_LIMITS }, logger, () => undefined), new Metrics());
  return {
    sink: {
      write: async (letter) => {
        const { topic, partition, offset } = letter.record;
        if (!known.has(`${topic} ${partition} ${offset}`)) await letters.write(letter);
      },
    },
    close: () => sender.close(),
  };
}

function originOf({ headers }: KafkaMessage): string {
  return ['topic', 'partition', 'offset'].map((part) => headers?.[`dead-letter-${part}`]?.toString() ?? '').join(' ');
}
