/**
 * A stack under injections: its services behind proxies, the stream and the gates on it, and what the injections need
 * to know of it. Names and numbers of brokers and Redis nodes are those that the stack has.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import type { Position } from '#core/view/snapshot.ts';
import { Exchange, until } from '#exercises/oracle/exchange.ts';
import { type RulesInForce, rulesInForce } from '#exercises/oracle/published-rules.ts';
import { openRedisNode } from '#exercises/oracle/redis-node.ts';
import { type Random, seededRandom } from '#exercises/town/random.ts';
import { publishRulesOfADay } from '#exercises/town/rules.ts';
import type { ServiceSpec } from '#infra/stack/services.ts';
import { type Stack, startStack } from '#infra/stack/stack.ts';
import { fetchOfClient, tokenOf } from '#infra/stack/tokens.ts';
import { Crowd } from './crowd.ts';
import { Gates } from './gates.ts';
import { Links, portsOf } from './links.ts';
import { Parts } from './parts.ts';
import { PoisonLedger } from './poison-ledger.ts';
import { Stream } from './stream.ts';

export interface SceneOptions {
  readonly runDir: string;
  readonly seed: number;
  /** Injections last as long as the specification says; else as long as they take to show. */
  readonly long: boolean;
  readonly onProgress?: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The shortest that the service takes: until then a dead instance keeps its partitions. */
const SESSION_TIMEOUT_MS = 6_000;
/** Less than by default, so that injections reach it: a look-up must see the published rules again by itself. */
const RULES_SIGHT_MS = 5_000;
/** Less than by default, so that a door says sooner that it can't. */
const ACCEPT_MS_MAX = 4_000;
const VISITOR = 'visitor';
const RECOVERY_MS_MAX = 90_000;
const SERVICES: readonly (ServiceSpec & { name: string })[] = [
  { kind: 'producer', name: 'a', provinces: PROVINCE_CODES.filter((_, index) => index % 2 === 0) },
  { kind: 'producer', name: 'b', provinces: PROVINCE_CODES.filter((_, index) => index % 2 === 1) },
  { kind: 'materialiser', name: '1' },
  { kind: 'materialiser', name: '2' },
  { kind: 'lookup', name: '1' },
  { kind: 'lookup', name: '2' },
];

export class Scene {
  readonly stack: Stack;
  readonly parts: Parts;
  readonly exchange: Exchange;
  readonly rules: RulesInForce;
  readonly links: Links;
  readonly stream: Stream;
  readonly gates: Gates;
  readonly crowd: Crowd;
  readonly poison = new PoisonLedger();
  readonly long: boolean;

  private constructor(
    stack: Stack,
    links: Links,
    crowd: Crowd,
    exchange: Exchange,
    rules: RulesInForce,
    stream: Stream,
    gates: Gates,
    long: boolean,
  ) {
    this.stack = stack;
    this.parts = new Parts(stack);
    this.links = links;
    this.crowd = crowd;
    this.exchange = exchange;
    this.rules = rules;
    this.stream = stream;
    this.gates = gates;
    this.long = long;
  }

  static async start(options: SceneOptions): Promise<Scene> {
    const { runDir, onProgress, signal } = options;
    const env = {
      HUTONG_SESSION_TIMEOUT_MS: String(SESSION_TIMEOUT_MS),
      HUTONG_COMMIT_EVENTS_MAX: '50',
      HUTONG_ACCEPT_TIMEOUT_MS: String(ACCEPT_MS_MAX),
      HUTONG_RULES_SIGHT_BOUND_MS: String(RULES_SIGHT_MS),
    };
    const links = new Links();
    try {
      const stack = await startStack({
        runDir,
        parts: ['kafka', 'registry', 'redis', 'issuer'],
        services: [],
        env,
        detour: links.detour,
        signal,
        ...(onProgress === undefined ? {} : { onProgress }),
      });
      try {
        return await Scene.#on(stack, links, options);
      } catch (error) {
        await stack.stop();
        throw error;
      }
    } catch (error) {
      await links.close();
      throw error;
    }
  }

  /** With its services, whose every connection goes through proxies. */
  static async #on(stack: Stack, links: Links, { seed, long }: SceneOptions): Promise<Scene> {
    const ports = portsOf(stack);
    await Promise.all(
      SERVICES.map(async (spec) =>
        stack.startService({ ...spec, env: await links.envFor(`${spec.kind}-${spec.name}`, ports, stack.tls) }),
      ),
    );
    const exchange = new Exchange(stack);
    await publishRulesOfADay(stack.runDir);
    const crowd = new Crowd((document) => exchange.keyOf(document as Parameters<Exchange['keyOf']>[0]));
    const door = (name: string): Promise<string> => links.door(name, new Parts(stack).addressOf(name));
    const producers = SERVICES.filter(({ kind }) => kind === 'producer');
    const doors = await Promise.all(
      producers.map(async ({ name, provinces = [] }) => ({
        producer: `producer-${name}`,
        url: await door(`producer-${name}`),
        provinces: PROVINCE_CODES.filter((code) => provinces.includes(code)),
      })),
    );
    const lookups = await Promise.all(
      SERVICES.filter(({ kind }) => kind === 'lookup').map(async ({ name }) => ({
        lookup: `lookup-${name}`,
        url: await door(`lookup-${name}`),
      })),
    );
    return new Scene(
      stack,
      links,
      crowd,
      exchange,
      await rulesInForce(exchange.kafka),
      new Stream(doors, crowd, seed, fetchOfClient(stack, 'national')),
      new Gates(lookups, crowd, seed, () => tokenOf(stack, 'gate-travel')),
      long,
    );
  }

  async stop(): Promise<void> {
    this.exchange.redis.disconnect();
    await this.stack.stop();
    await this.links.close();
  }

  /** Instances that only visit: they are gone when a round ends. */
  mayBeGone(part: string): boolean {
    return part.endsWith(VISITOR);
  }

  /** The names of the services of a kind that were there from the start. */
  services(kind: ServiceSpec['kind']): string[] {
    return SERVICES.filter((spec) => spec.kind === kind).map(({ name }) => `${kind}-${name}`);
  }

  brokers(): string[] {
    return this.parts.names('kafka');
  }

  redisNodes(): string[] {
    return this.parts.names('redis');
  }

  /** Those that take writes now. */
  async redisMasters(): Promise<string[]> {
    const roles = await Promise.all(
      this.redisNodes().map(async (node) => ({
        node,
        role: await this.onRedis(node, (redis) => redis.role() as Promise<unknown[]>).catch(() => ['away']),
      })),
    );
    return roles.filter(({ role }) => role[0] === 'master').map(({ node }) => node);
  }

  /** Of all materialisers that answer: how often partitions went back to the stored position for that. */
  async reloadsFor(cause: string): Promise<number> {
    const counts = await Promise.all(
      this.stack.addresses.materialisers.map((url) =>
        this.exchange.metric(url, 'hutong_positions_reloaded_total', `cause="${cause}"`).catch(() => 0),
      ),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** What a materialiser works on. */
  async partitionsOf(materialiser: string): Promise<number[]> {
    const metrics = await this.exchange.metrics(this.parts.addressOf(materialiser));
    const found = metrics.matchAll(/^hutong_partition_lag_records\{topic="tests",partition="(\d+)"\}/gm);
    return Array.from(found, ([, partition]) => Number(partition));
  }

  /** How many records these partitions have consumed, by their stored positions. */
  async consumed(partitions: readonly number[]): Promise<number> {
    const positions = await Promise.all(partitions.map((partition) => this.exchange.position(partition)));
    return positions.reduce((sum, position) => sum + recordsBelow(position), 0);
  }

  /** Starts one more materialiser, or again the one that came before. */
  async visit(before: string | null): Promise<string> {
    if (before !== null) return (await this.stack.restart(before)).name;
    const known = this.parts.names('materialiser').find((name) => name.endsWith(VISITOR));
    return (
      known === undefined
        ? await this.stack.startService({ kind: 'materialiser', name: VISITOR })
        : await this.stack.restart(known)
    ).name;
  }

  /** A connection of the suite's own to one Redis node. */
  async onRedis<T>(node: string, use: (redis: Redis) => Promise<T>): Promise<T> {
    const options = { lazyConnect: true, retryStrategy: () => null };
    const redis = openRedisNode(this.stack, this.parts.addressOf(node), options);
    redis.on('error', () => undefined); // the command says it
    try {
      await redis.connect();
      return await use(redis);
    } finally {
      redis.disconnect();
    }
  }

  /** Resolves when every door takes events, every look-up answers and the view has reached the log's present end. */
  async settled(): Promise<void> {
    const sinceMs = performance.now();
    await until(
      'every door takes events and every look-up answers',
      () => this.stream.servedSince(sinceMs) && this.gates.servedSince(sinceMs),
      RECOVERY_MS_MAX,
    );
    await this.exchange.caughtUp(RECOVERY_MS_MAX);
  }

  /**
   * Resolves when nothing that an injection has set off is under way any more: the group is at rest, and all is served
   * again.
   */
  async atRest(): Promise<void> {
    await this.groupAtRest();
    await until('no province is behind and no rule out of sight', () => this.gates.areFresh(), RECOVERY_MS_MAX);
    await this.settled();
  }

  /** Resolves when the group of the materialisers knows of no instance that is gone, and each has its partitions. */
  async groupAtRest(): Promise<void> {
    const group = this.stack.serviceEnv['HUTONG_CONSUMER_GROUP'] ?? 'materialiser';
    const instances = (): number => this.parts.names('materialiser').filter((name) => this.parts.run(name)).length;
    const admin = this.exchange.kafka.admin();
    await admin.connect();
    try {
      await until(
        'the group of the materialisers is at rest',
        async () => {
          const [found] = (await admin.describeGroups([group])).groups;
          return found?.state === 'Stable' && found.members.length === instances();
        },
        RECOVERY_MS_MAX,
      );
    } finally {
      await admin.disconnect();
    }
  }

  /** Lets the load go on until so many more look-ups were answered. */
  async answered(count: number): Promise<void> {
    const from = this.gates.answers;
    await until('look-ups are answered', () => this.gates.answers >= from + count);
  }

  /** For how long an injection lasts that nothing tells when to end: a few seconds, by the seed. */
  async lasts(
    random: Random,
    { fromMs, toMs, longMs }: { readonly fromMs: number; readonly toMs: number; readonly longMs?: number },
  ): Promise<void> {
    await delay(this.long && longMs !== undefined ? longMs : fromMs + random.below(toMs - fromMs));
  }
}

/** Random choices of one round. */
export function randomOf(seed: number, round: number): Random {
  return seededRandom(seed * 1_009 + round);
}

export function recordsBelow(position: Position | null): number {
  return Object.values(position?.topics ?? {}).reduce((sum, { nextOffset }) => sum + nextOffset, 0);
}
