/**
 * The one place that makes Kafka clients. kafkajs is patched at install (a timer that re-armed itself for ever); what
 * else to mind about it is in DESIGN.md under "kafkajs".
 */

import { randomUUID } from 'node:crypto';
import kafkajs, { type Consumer, type Kafka as KafkaClient, type logCreator, type Producer } from 'kafkajs';
import { HutongError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';
import type { Identity } from '#platform/tls.ts';

export type { Admin, Cluster, Consumer, EachBatchPayload, IHeaders, KafkaMessage, Producer } from 'kafkajs';
export interface Kafka extends KafkaClient {
  /** Who connects. */
  readonly principal: string;
}

/** With its TLS: a broker that has just begun takes its time, and one that is given up is asked all over again. */
const CONNECTION_TIMEOUT_MS = 6_000;
/** A request that isn't answered within this is failed and, where that is safe, sent again. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Of a request that isn't a producer's or a consumer's: those try for ever, one request at a time. */
const RETRIES_MAX = 8;
/**
 * The client waits exactly this long once its waits have grown so far, its own jitter notwithstanding. So each client
 * has a bound of its own: those that failed together don't come back together.
 */
const RETRY_MS_MAX = { least: 1_000, most: 3_000 } as const;
/**
 * Shorter: while a partition has no leader its provinces' laboratories wait, and one request is all that each try
 * costs.
 */
const SEND_RETRY_MS_MAX = { least: 300, most: 700 } as const;
/** Of the waits before that: evenly between half of it and one and a half. */
const JITTER = 0.5;

function retryWaits(
  initialRetryTime: number,
  { least, most }: { readonly least: number; readonly most: number } = RETRY_MS_MAX,
): { initialRetryTime: number; maxRetryTime: number; factor: number } {
  return { initialRetryTime, maxRetryTime: Math.round(least + Math.random() * (most - least)), factor: JITTER };
}

export interface KafkaAccess {
  /** host:port */
  readonly brokers: readonly string[];
  /** Who connects. */
  readonly identity: Identity;
}

export function createKafka({ brokers, identity }: KafkaAccess, clientId: string, logger: Logger): Kafka {
  const client = new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    ssl: identity.options, // its own properties are read at each connection
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { ...retryWaits(100), retries: RETRIES_MAX },
    logLevel: kafkajs.logLevel.WARN,
    logCreator: toPino(logger),
  });
  return Object.assign(client, { principal: identity.principal });
}

/** Of a group for one reader: it begins with who reads, for only they may join it or remove it. */
export function groupOf({ principal }: Kafka, purpose: string): string {
  return `${principal}.${purpose}-${randomUUID()}`;
}

/**
 * A producer whose sends must never overlap: kafkajs loses acknowledged records when they do. It tries for ever, since
 * a batch that was given up would leave its sequence numbers to the next one, which the broker would take for a
 * duplicate; the wait is bounded by whoever asked, not here.
 */
export function createSerialProducer(kafka: Kafka): Producer {
  return kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { ...retryWaits(50, SEND_RETRY_MS_MAX), retries: Number.MAX_SAFE_INTEGER },
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
}

/** The waits of a consumer that tries for ever. */
export const consumerRetries = () => ({ ...retryWaits(100), retries: Number.MAX_SAFE_INTEGER });

/** A consumer of its own group that reads a whole topic and commits nothing. */
export function createTopicReader(kafka: Kafka, groupId: string, fetchWaitMs = 500): Consumer {
  return kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: fetchWaitMs,
    sessionTimeout: 10_000,
    heartbeatInterval: 2_000,
    retry: consumerRetries(),
  });
}

/** Tells when a consumer has stopped for good: what it may try again, it does by itself. */
export function onGivenUp(consumer: Consumer, tell: (error: HutongError) => void): void {
  consumer.on(consumer.events.CRASH, ({ payload: { restart, error } }) => {
    if (!restart) tell(new HutongError('KAFKA_UNAVAILABLE', 'a consumer gave up', { retriable: false, cause: error }));
  });
}

const LEVELS = { 0: 'silent', 1: 'error', 2: 'warn', 4: 'info', 5: 'debug' } as const;

// kafkajs reports each of its own retries as an error; it is one only when a call fails, and then the caller logs it.
function toPino(logger: Logger): logCreator {
  return () =>
    ({ level, log, namespace }) => {
      const { message, logger: _logger, timestamp: _timestamp, ...fields } = log;
      const pinoLevel = LEVELS[level as keyof typeof LEVELS] === 'error' ? 'warn' : 'debug';
      logger[pinoLevel](
        { namespace, error: fields['error'], broker: fields['broker'], groupId: fields['groupId'] },
        `kafka client: ${message}`,
      );
    };
}
