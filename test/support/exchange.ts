/**
 * Starts an exchange for a test: services on real parts. Its log is empty and its own; Kafka and the registry are those
 * of the run where a test doesn't break them.
 */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { operatorIdentity } from '#exchange/identity/operator.ts';
import { EDITIONS_TOPIC, topicsOf } from '#exchange/topics/topics.ts';
import { Exchange, until } from '#exercises/oracle/exchange.ts';
import { clientsIn } from '#infra/issuer/keys.ts';
import { startStack, type StackOptions } from '#infra/stack/stack.ts';
import { createKafka } from '#platform/kafka/client.ts';
import { createLogger } from '#platform/log.ts';
import { LOG } from './first-edition.ts';

export interface ExchangeOptions extends Partial<StackOptions> {
  /** A Kafka and registry of its own: for a test that breaks the registry, or gives it what only that test expects. */
  readonly ownLog?: boolean;
  /** A Kafka of its own beside the shared registry: for a test that breaks Kafka. */
  readonly ownKafka?: boolean;
}

export async function startExchange({
  ownLog = false,
  ownKafka = false,
  ...options
}: ExchangeOptions = {}): Promise<Exchange> {
  const runDir = mkdtempSync(join(tmpdir(), 'hutong-test-'));
  const { issuer, clients, tls } = inject('parts');
  symlinkSync(clients, clientsIn(runDir)); // of the issuer that all share
  symlinkSync(dirname(tls.ca), join(runDir, 'pki')); // for commands that are told the run directory
  const log = await logFor(ownLog || options.topology === 'cluster', ownKafka);
  // A group of its own waits for no member of an earlier exchange.
  const env = { HUTONG_CONSUMER_GROUP: `materialiser-${randomUUID()}`, ...options.env };
  const servers = { issuer, ...log.servers, ...options.servers };
  return new Exchange(await startStack({ ...log, runDir, ...options, servers, env }));
}

async function logFor(ownLog: boolean, ownKafka: boolean): Promise<Partial<StackOptions>> {
  if (ownLog) return { parts: ['kafka', 'registry', 'redis'], tls: inject('parts').tls };
  const { registry, tls } = inject('parts');
  if (ownKafka) return { parts: ['kafka', 'redis'], servers: { registry }, topics: true, tls };
  const kafka = kafkaOfWorker();
  await emptyKafka(kafka);
  return { parts: ['redis'], servers: { kafka, registry }, topics: true, tls };
}

/** Of the worker that this test runs in: it runs one file at a time. */
export function kafkaOfWorker(): string {
  const kafka = inject('parts').kafkas[Number(process.env['VITEST_POOL_ID']) - 1];
  if (kafka === undefined) throw new Error(`there is no Kafka for worker ${process.env['VITEST_POOL_ID']}`);
  return kafka;
}

const OF_FIRST_EDITION = [...topicsOf(LOG).map(({ topic }) => topic), EDITIONS_TOPIC];
/** Of any edition of the log: a later one's names end with its number. */
const isOfAnExchange = (topic: string): boolean => OF_FIRST_EDITION.includes(topic.replace(/-\d+$/, ''));

/** Takes away the topics that an earlier exchange had; what the servers keep there for themselves stays. */
async function emptyKafka(kafka: string): Promise<void> {
  const identity = operatorIdentity(inject('parts').tls);
  const admin = createKafka({ brokers: kafka.split(','), identity }, 'test', createLogger('test', 'silent')).admin();
  await admin.connect();
  try {
    const topicsLeft = async () => (await admin.listTopics()).filter(isOfAnExchange);
    const topics = await topicsLeft();
    if (topics.length > 0) await admin.deleteTopics({ topics });
    await until('the topics are gone', async () => (await topicsLeft()).length === 0);
  } finally {
    await admin.disconnect();
  }
}
