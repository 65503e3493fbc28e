/**
 * A running exchange as it is seen from outside: a door to send events through, what the view and the metrics hold, and
 * waits that end on what happened, never on time alone. It changes nothing but by what it is asked to send.
 */

import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import type { IdentityDocument, PersonKey } from '#core/field/identity.ts';
import { keyOfDocument } from '#core/field/person.ts';
import type { Position } from '#core/view/snapshot.ts';
import type { Principal } from '#exchange/identity/principals.ts';
import { RecordTags, type TagCheck } from '#exchange/keys/check.ts';
import { type KeyRing, readKeyRing } from '#exchange/keys/ring.ts';
import { requireAnchors } from '#exchange/keys/signing-keys.ts';
import { readCutOff } from '#exchange/topics/cut-off.ts';
import { readKeys } from '#exchange/topics/known-keys.ts';
import { type Log, logOf } from '#exchange/topics/log.ts';
import { tagged } from '#exchange/topics/records.ts';
import { type Generation, parseGeneration, ViewKeys } from '#exchange/view/keys.ts';
import { isAlive } from '#infra/process/process-identity.ts';
import { readState } from '#infra/process/state.ts';
import { operatorRedis } from '#infra/stack/identities.ts';
import { metricsOf } from '#infra/stack/metrics.ts';
import type { Stack } from '#infra/stack/stack.ts';
import { fetchOfClient } from '#infra/stack/tokens.ts';
import { readKeysDir, readLogEdition } from '#platform/config.ts';
import type { Fetch } from '#platform/fetch-as.ts';
import { createKafka, type Kafka } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { sendOnce } from '#platform/kafka/sender.ts';
import { createLogger } from '#platform/log.ts';
import { type RedisAccess, redisLogin } from '#platform/redis.ts';
import { filesOf, Identity } from '#platform/tls.ts';

/** Only for what never comes about: a busy machine takes several times as long as one that is idle. */
const WAIT_MS_MAX = 120_000;
const LOOK_EVERY_MS = 25;

export interface Answer {
  readonly status: number;
  readonly body: {
    accepted: number;
    refused: number;
    duplicate: number;
    unavailable: number;
    results: { outcome: string; eventId?: string; pointer?: string; code?: string }[];
  };
}

export class Exchange {
  readonly stack: Stack;
  /** In a cluster: for what names one key. What is asked of a whole server is asked of each of `redisMasters`. */
  readonly redis: Redis;
  readonly kafka: Kafka;
  readonly log: Log;
  readonly partitions: number;
  readonly secrets: readonly Buffer[];
  readonly ring: KeyRing;
  readonly #viewKeys: ViewKeys;

  constructor(stack: Stack) {
    this.stack = stack;
    this.redis = redisAt(operatorRedis(stack));
    this.redis.on('error', () => undefined); // tests kill it on purpose
    this.kafka = createKafka(stack.kafkaAccess, 'test', createLogger('test', 'silent'));
    this.ring = readKeyRing(readKeysDir(stack.serviceEnv));
    this.log = logOf(readLogEdition(stack.serviceEnv));
    this.#viewKeys = new ViewKeys(this.log);
    this.partitions = stack.partitions;
    this.secrets = (stack.serviceEnv['HUTONG_PERSON_KEY_SECRETS'] ?? '')
      .split(',')
      .map((hex) => Buffer.from(hex, 'hex'));
  }

  /** Kafka as that principal reaches it: with its certificate, and hence its rights. */
  kafkaOf(principal: Principal): Kafka {
    const identity = new Identity(filesOf(this.stack.tls, principal));
    return createKafka({ ...this.stack.kafkaAccess, identity }, principal, createLogger('test', 'silent'));
  }

  /** How its records are checked. */
  async tags(): Promise<TagCheck> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const known = await readKeys(this.kafka, requireAnchors(readKeysDir(this.stack.serviceEnv)));
      return new RecordTags(this.ring, await readCutOff(this.kafka, admin, this.log), known);
    } finally {
      await admin.disconnect();
    }
  }

  /** The record as the province's own producer would tag it. */
  taggedBy(province: string, record: OutgoingRecord): OutgoingRecord {
    return tagged(this.ring.newestOf(`province-${province}`), record);
  }

  /** Appends them as they are, past the doors: Kafka lets each province write what it says is another's. */
  append(...records: readonly OutgoingRecord[]): Promise<void> {
    return sendOnce(this.kafkaOf('province-44'), records);
  }

  get redisMasters(): Redis[] {
    return this.redis.isCluster ? (this.redis as unknown as Cluster).nodes('master') : [this.redis];
  }

  /** A look-up tells nothing of views of another cluster. */
  async clusterId(): Promise<string> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return (await admin.describeCluster()).clusterId;
    } finally {
      await admin.disconnect();
    }
  }

  async stop(): Promise<void> {
    this.redis.disconnect();
    await this.stack.stop();
    rmSync(this.stack.runDir, { recursive: true, force: true });
  }

  /** Starts a part again unless it runs: gives back what a test has killed. */
  async revive(part: string): Promise<void> {
    const runs = readState(this.stack.runDir).parts.some((one) => one.name === part && isAlive(one));
    if (!runs) await this.stack.restart(part);
  }

  /** Asks as a client of the stack: with a token, and its certificate where it has one. */
  as(client: Principal): Fetch {
    return fetchOfClient(this.stack, client);
  }

  /**
   * Asks a look-up; the first one where none is named.
   * @param client may ask for every destination, and for others only as a relay does
   */
  async ask(
    question: object,
    {
      path = '/v1/recognitions',
      url = this.stack.addresses.lookup,
      client = 'operator',
      signal,
    }: {
      readonly path?: string;
      readonly url?: string | undefined;
      readonly client?: Principal;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<Response> {
    return this.as(client)(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Sends events through the door of a producer, those of any province; the first one where none is named. */
  async send(events: readonly unknown[], producer?: string): Promise<Answer> {
    const url = producer === undefined ? this.stack.addresses.intake : this.stack.addresses.intakes?.[producer];
    const response = await this.as('national')(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(events),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  keyOf(document: IdentityDocument): PersonKey {
    const found = keyOfDocument(document, this.secrets, Date.now());
    if (!found.ok) throw new Error(found.fault.detail);
    return found.key;
  }

  /** Which generation look-ups read. */
  async generation(partition: number): Promise<Generation> {
    return parseGeneration(await this.redis.get(this.#viewKeys.live(partition)));
  }

  async viewBytes(key: PersonKey): Promise<Buffer | null> {
    const partition = partitionOf(key, this.partitions);
    return this.redis.getBuffer(this.#viewKeys.view(await this.generation(partition), partition, key));
  }

  async position(partition: number): Promise<Position | null> {
    const stored = await this.redis.get(this.#viewKeys.position(await this.generation(partition), partition));
    return stored === null ? null : (JSON.parse(stored) as Position);
  }

  /** Resolves once every partition's stored position is at the end that the log has now. */
  async caughtUp(waitMs = WAIT_MS_MAX): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const ends = await endsOf(admin, this.log.topics);
      await until(
        'the view has caught up with the log',
        async () => {
          const positions = await Promise.all(
            Array.from({ length: this.partitions }, (_, partition) => this.position(partition)),
          );
          return ends.every(
            ({ topic, partition, high }) => (positions[partition]?.topics[topic]?.nextOffset ?? -1) >= high,
          );
        },
        waitMs,
      );
    } finally {
      await admin.disconnect();
    }
  }

  /** What a service shows of itself, in Prometheus' text form. */
  metrics(url: string): Promise<string> {
    return metricsOf(this.stack, url);
  }

  /** The sum of a metric's samples whose labels hold the given text. */
  async metric(url: string, name: string, labels = ''): Promise<number> {
    const text = await this.metrics(url);
    const lines = text
      .split('\n')
      .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(labels));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }
}

function redisAt({ addresses, identity }: RedisAccess): Redis {
  const [only, ...more] = addresses;
  const login = redisLogin(identity);
  if (more.length === 0) return new Redis({ ...only, ...login, retryStrategy: () => 50 });
  const options = { clusterRetryStrategy: () => 50, slotsRefreshInterval: 500, redisOptions: login };
  return new Cluster([...addresses], options) as unknown as Redis;
}

/**
 * Resolves when the condition holds; fails, saying which, when it doesn't within the bound. What throws doesn't hold
 * yet: it may ask what is just away.
 */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  waitMs = WAIT_MS_MAX,
): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    let failure: unknown;
    try {
      if (await condition()) return;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${waitMs} ms: ${what}`, { cause: failure });
    await delay(LOOK_EVERY_MS);
  }
}
