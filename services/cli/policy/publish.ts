/**
 * `hutong policy publish`: puts the rules of a folder in force everywhere, as one record that every look-up takes
 * within seconds. A folder with a fault isn't published.
 */

import { randomUUID } from 'node:crypto';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { DAY_MS, parseDay, shanghaiDayOf } from '#core/field/time.ts';
import type { Redated } from '#core/rules/redate.ts';
import { kafkaAccess } from '#exchange/identity/operator.ts';
import { packPolicies } from '#exchange/policy/publication.ts';
import { POLICIES_TOPIC } from '#exchange/topics/topics.ts';
import { HutongError } from '#platform/errors.ts';
import { createKafka, createSerialProducer } from '#platform/kafka/client.ts';
import { createLogger } from '#platform/log.ts';
import type { TlsFiles } from '#platform/tls.ts';
import { acknowledged } from '#services/cli/shared/acknowledged.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';

export interface PublishOptions {
  readonly folder: string;
  /** host:port[,host:port] */
  readonly kafka: string;
  readonly tls: TlsFiles;
  readonly publishedBy: string;
  /** Such as 2022-09-15: in force is what was on that day, until the next publication. */
  readonly asOf?: string;
  /** The clock, from which dates are moved. */
  readonly nowMs: number;
}

/** @throws HutongError POLICY_INVALID before anything is sent; KAFKA_UNAVAILABLE */
export async function publishPolicies(
  { folder, kafka, tls, publishedBy, asOf, nowMs }: PublishOptions,
  print: Print,
): Promise<number> {
  const redated = asOf === undefined ? null : redatedTo(asOf, nowMs);
  const { value, book } = await packPolicies(folder, redated);
  if (redated !== null) refuseEmpty(book, redated, nowMs);
  const access = kafkaAccess(kafka, tls);
  const producer = createSerialProducer(createKafka(access, 'hutong-policy', createLogger('policy', 'silent')));
  try {
    await acknowledged(producer.connect()).catch((cause: unknown) => {
      throw cause instanceof HutongError
        ? cause
        : new HutongError('KAFKA_UNAVAILABLE', `kafka at ${kafka} did not answer: nothing is published`, {
            retriable: true,
            cause,
            hint: 'is Kafka up and reachable at that address?',
          });
    });
    await acknowledged(
      producer.sendBatch({
        acks: -1,
        topicMessages: [
          {
            topic: POLICIES_TOPIC,
            // A key of its own: one that comes again would be what takes this publication away.
            messages: [{ key: randomUUID(), value, partition: 0, headers: { 'published-by': publishedBy } }],
          },
        ],
      }),
    );
  } finally {
    await producer.disconnect();
  }
  print(
    `published: ${book.rules.length} versions of rules, ${value.length} bytes. Every look-up takes them ` +
      (redated === null
        ? 'within seconds; each version is in force from its own instant.'
        : `within seconds; in force is what was on ${redated.asOf}, moved by ${redated.shiftedByDays} days.`),
  );
  return EXIT.ok;
}

/** @throws HutongError POLICY_INVALID where no rule was in force then: nothing would be judged anywhere */
export function refuseEmpty({ rules }: PolicyBook, { asOf, shiftedByDays }: Redated, nowMs: number): void {
  const thenMs = nowMs - shiftedByDays * DAY_MS;
  const inForce = rules.filter(
    (rule) => rule.confirmed && rule.inForceFromMs <= thenMs && thenMs < rule.inForceUntilMs,
  );
  if (inForce.length > 0) return;
  throw new HutongError('POLICY_INVALID', `no rule of this folder was in force on ${asOf}: nothing is published`, {
    retriable: false,
    hint: 'name a day on which some were, such as 2022-09-15; `hutong policy table` shows the days',
  });
}

function redatedTo(asOf: string, nowMs: number): Redated {
  const day = parseDay(asOf);
  if (day === null) throw new RangeError(`${asOf} is no day such as 2022-09-15`);
  return { asOf, shiftedByDays: shanghaiDayOf(nowMs) - day };
}
