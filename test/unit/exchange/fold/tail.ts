/** A tail on the three small topics in memory: what they hold arrives when a test says so. */

import { ExchangeTail } from '#exchange/fold/exchange-tail.ts';
import type { ReadsKeys } from '#exchange/topics/keys-feed.ts';
import type { SignatureCheck } from '#exchange/topics/public-keys.ts';
import { encodeValue } from '#exchange/topics/records.ts';
import type { SchemaSource } from '#exchange/topics/registry.ts';
import type { Admin, Kafka } from '#platform/kafka/client.ts';
import { LOG } from '#test/support/first-edition.ts';
import { READ_ALREADY, UNSIGNED } from '#test/support/keys.ts';
import { SCHEMA_IDS, schemaSource, SILENT, turns } from '#test/unit/platform/kafka/support.ts';
import { START } from './support.ts';

export interface Message {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Record<string, string | Buffer>;
  readonly timestamp?: string;
}

export const registered = (instance: string, epoch = 0): Message => ({
  key: Buffer.from(instance),
  value: encodeValue('ProducerRegistered', SCHEMA_IDS.ProducerRegistered, {
    province: instance.slice(0, 2),
    instance,
    epoch,
    process: '',
  }),
});
export const retired = (instance: string, timestamp = '0'): Message => ({
  key: Buffer.from(instance),
  value: encodeValue('ProducerRetired', SCHEMA_IDS.ProducerRetired, { instance, epoch: 0, by: 'li', why: 'gone' }),
  timestamp,
});
export const watermark = (instance: string, throughMs: number, nextOffset = 0, epoch = 0, claims = {}): Message => ({
  key: Buffer.from(instance),
  value: encodeValue('Watermark', SCHEMA_IDS.Watermark, {
    province: instance.slice(0, 2),
    instance,
    throughMs,
    epoch,
    offsets: [{ topic: 'tests', nextOffsets: [nextOffset] }],
    ...claims,
  }),
});

export const OWN_CLOCK_MS = 10_000_000;

/** The three small topics; `ends` are what they hold when the tail starts, beginning at offset 0. */
export function exchange(
  ends: Record<string, number>,
  schemas: SchemaSource = schemaSource(),
  signatures: SignatureCheck = UNSIGNED,
  keys: ReadsKeys = READ_ALREADY,
) {
  let eachBatch: (payload: object) => Promise<void> = async () => undefined;
  const next: Record<string, number> = {};
  let crash: (event: object) => void = () => undefined;
  const givenUp: string[] = [];
  const changes = { withdrawals: 0 };
  const consumer = {
    events: { CRASH: 'consumer.crash' },
    on: (_event: string, tell: typeof crash) => void (crash = tell),
    connect: async () => undefined,
    subscribe: async () => undefined,
    disconnect: async () => undefined,
    run: async (config: { eachBatch: typeof eachBatch }) => void (eachBatch = config.eachBatch),
  };
  const kafka = { consumer: () => consumer } as unknown as Kafka;
  const admin = {
    fetchTopicOffsets: async (topic: string) => [{ partition: 0, low: '0', high: String(ends[topic] ?? 0) }],
  } as unknown as Admin;
  let tail: ExchangeTail | null = null;
  const started = ExchangeTail.start({
    log: LOG,
    kafka,
    admin,
    schemas,
    signatures,
    keys,
    groupId: 'group',
    logger: SILENT,
    sleep: () => turns(1),
    now: () => OWN_CLOCK_MS,
    onWithdrawals: () => void (changes.withdrawals += 1),
    onFatal: ({ code }) => void givenUp.push(code),
  }).then((running) => {
    tail = running.tail;
    return running.tail;
  });
  return {
    started,
    isStarted: () => tail !== null,
    givenUp,
    changes,
    crash: (restart: boolean) => crash({ payload: { restart, error: new Error('away') } }),
    arrive: async (topic: string, ...messages: Message[]) => {
      await turns();
      const first = next[topic] ?? 0;
      next[topic] = first + messages.length;
      await eachBatch({
        batch: {
          topic,
          lastOffset: () => String(first + messages.length - 1),
          messages: messages.map((message, index) => ({ timestamp: '1', ...message, offset: String(first + index) })),
        },
      });
      await turns();
    },
  };
}

export const throughOf = (tail: ExchangeTail) =>
  Object.fromEntries(tail.freshnessAt(0, START, []).watermarks.map(({ instance, throughMs }) => [instance, throughMs]));
