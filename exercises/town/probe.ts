/**
 * How far the exchange has got, asked from outside: the ends of the log from Kafka, positions and watermarks from
 * Redis.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { operatorIdentity } from '#exchange/identity/operator.ts';
import { type Log, logOf } from '#exchange/topics/log.ts';
import { FIRST_GENERATION, ViewKeys } from '#exchange/view/keys.ts';
import type { Config } from '#platform/config.ts';
import { type Admin, createKafka } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { createLogger } from '#platform/log.ts';
import { connectRedis, type Redis } from '#platform/redis.ts';

export interface ExchangeState {
  readonly visible: number;
  /** Records in the log that aren't in the views yet. */
  readonly lag: number;
  /** Provinces whose watermark is older than the bound in some partition, or that have none. */
  readonly behind: readonly string[];
}

export class ExchangeProbe {
  readonly #admin: Admin;
  readonly #redis: Redis;
  readonly #partitions: number;
  readonly #provinces: readonly string[];
  readonly #boundMs: number;
  readonly #topics: Log['topics'];
  readonly #viewKeys: ViewKeys;

  private constructor(admin: Admin, redis: Redis, options: ProbeOptions) {
    this.#admin = admin;
    this.#redis = redis;
    this.#partitions = options.config.partitions;
    this.#provinces = options.provinces;
    this.#boundMs = options.boundMs;
    const log = logOf(options.config.logEdition);
    this.#topics = log.topics;
    this.#viewKeys = new ViewKeys(log);
  }

  static async connect(options: ProbeOptions): Promise<ExchangeProbe> {
    const { kafkaBrokers: brokers, tls } = options.config;
    const identity = operatorIdentity(tls);
    const admin = createKafka({ brokers, identity }, 'demo', createLogger('demo', 'silent')).admin();
    await admin.connect();
    const redis = await connectRedis({ addresses: options.config.redis, identity }, createLogger('demo', 'silent'));
    return new ExchangeProbe(admin, redis, options);
  }

  async state(): Promise<ExchangeState> {
    const numbers = Array.from({ length: this.#partitions }, (_, partition) => partition);
    const [ends, stored] = await Promise.all([
      this.#ends(this.#topics),
      // One by one: those of different partitions may lie on different servers.
      Promise.all(
        (['position', 'freshness'] as const).flatMap((kind) =>
          numbers.map((partition) => this.#redis.get(this.#viewKeys[kind](FIRST_GENERATION, partition))),
        ),
      ),
    ]);
    const positions = stored
      .slice(0, this.#partitions)
      .map((text) => JSON.parse(text ?? '{}') as { topics?: Record<string, { nextOffset: number }> });
    const visible = positions.reduce(
      (sum, { topics = {} }) =>
        sum + Object.values(topics).reduce((offsets, { nextOffset }) => offsets + nextOffset, 0),
      0,
    );
    return { visible, lag: ends - visible, behind: this.#behind(stored.slice(this.#partitions)) };
  }

  /** Records in the topic, by its offsets. */
  async recordsIn(topic: string): Promise<number> {
    return this.#ends([topic]);
  }

  /** @throws Error when the views haven't caught up within the bound */
  async waitUntilVisible(withinMs: number): Promise<ExchangeState> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const state = await this.state();
      if (state.lag === 0) return state;
      if (performance.now() > deadline)
        throw new Error(`${state.lag} records are not in the views ${withinMs / 1_000} s after the last was sent`);
      await sleep(100);
    }
  }

  async close(): Promise<void> {
    await this.#admin.disconnect();
    this.#redis.disconnect();
  }

  async #ends(topics: readonly string[]): Promise<number> {
    return (await endsOf(this.#admin, topics)).reduce((sum, { high }) => sum + high, 0);
  }

  #behind(freshness: readonly (string | null)[]): string[] {
    const oldestMs = Date.now() - this.#boundMs;
    const inPartitions = freshness.map(
      (text) =>
        (JSON.parse(text ?? '{}') as { watermarks?: { province: string; throughMs: number }[] }).watermarks ?? [],
    );
    return this.#provinces.filter((province) =>
      inPartitions.some((watermarks) => {
        const own = watermarks.filter((watermark) => watermark.province === province);
        return own.length === 0 || own.some(({ throughMs }) => throughMs < oldestMs);
      }),
    );
  }
}

export interface ProbeOptions {
  /** Of the exchange's services. */
  readonly config: Pick<Config, 'kafkaBrokers' | 'tls' | 'redis' | 'partitions' | 'logEdition'>;
  readonly provinces: readonly string[];
  readonly boundMs: number;
}
