/**
 * The measurements themselves: a log is filled once, then read again by one, two and four materialisers and asked about
 * through as many look-ups. Between two of them nothing else of the stack is at work.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { type Log, logOf } from '#exchange/topics/log.ts';
import { emptyRedis } from '#exercises/oracle/empty-redis.ts';
import { Feed } from '#exercises/town/feed.ts';
import { questionsFor } from '#exercises/town/load.ts';
import { ExchangeProbe } from '#exercises/town/probe.ts';
import { publishRulesOfADay } from '#exercises/town/rules.ts';
import { operatorRedis } from '#infra/stack/identities.ts';
import type { Stack } from '#infra/stack/stack.ts';
import { certifiedClientsOf, tokenOf } from '#infra/stack/tokens.ts';
import { readConfig } from '#platform/config.ts';
import { createLogger } from '#platform/log.ts';
import { connectRedis, mastersOf, type Redis } from '#platform/redis.ts';
import { type Spent, startCounting } from './cpu.ts';
import type { ScaleSettings } from './settings.ts';
import { logBytes, memoryOf, sizeOfFullViews } from './sizes.ts';
import { askByWrk, writeQuestions } from './wrk.ts';

export interface Measured {
  readonly copies: number;
  readonly perSecond: number;
  readonly done: number;
  readonly spent: Spent;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
}

export interface Sizes {
  readonly logBytesPerEvent: number;
  readonly eventsPerPerson: number;
  readonly redisBytesPerPerson: number;
  readonly redisBytesPerFullView: number;
  readonly fullViewBytes: number;
}

const PRODUCER = 'producer-a';
const POLL_MS = 20;
const READ_MS_MAX = 180_000;
const CONNECTIONS = 32;
const WARM_UP_SECONDS = 3;
const FULL_VIEWS = 50_000;

export class Scale {
  readonly #stack: Stack;
  readonly #settings: ScaleSettings;
  readonly #redis: Redis;
  readonly #probe: ExchangeProbe;
  readonly #log: Log;
  readonly #stopped: AbortSignal;
  /** A file. */
  readonly #questions: string;

  private constructor(
    stack: Stack,
    settings: ScaleSettings,
    redis: Redis,
    probe: ExchangeProbe,
    log: Log,
    stopped: AbortSignal,
  ) {
    this.#stack = stack;
    this.#settings = settings;
    this.#redis = redis;
    this.#probe = probe;
    this.#log = log;
    this.#stopped = stopped;
    const { personKeySecrets: secrets } = readConfig({ ...stack.serviceEnv });
    const { people, seed } = settings;
    this.#questions = writeQuestions(stack.runDir, questionsFor({ people, seed, secrets }));
  }

  /** @param stopped ends the load generator */
  static async connect(stack: Stack, settings: ScaleSettings, stopped: AbortSignal): Promise<Scale> {
    const config = readConfig({ ...stack.serviceEnv });
    const probe = await ExchangeProbe.connect({
      config,
      provinces: [],
      boundMs: 0,
    });
    return new Scale(
      stack,
      settings,
      await connectRedis(operatorRedis(stack), createLogger('scale', 'silent')),
      probe,
      logOf(config.logEdition),
      stopped,
    );
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await this.#probe.close();
  }

  /**
   * Through the door, by one producer process for all provinces; which then is stopped, so that it takes no processor.
   */
  async fill(): Promise<Measured> {
    const { people, events, seed } = this.#settings;
    await publishRulesOfADay(this.#stack.runDir);
    const end = startCounting(this.#stack);
    const feed = new Feed({
      people,
      events,
      seed,
      streamSeconds: 1,
      holdAt: Number.POSITIVE_INFINITY,
      nowMs: Date.now(),
      clients: certifiedClientsOf(this.#stack),
      doors: { default: this.#stack.addresses.intake ?? '', byProvince: {} },
    });
    const { accepted, tookMs } = await feed.done;
    const spent = end();
    await this.#stack.stopPart(PRODUCER);
    return { copies: 1, perSecond: accepted / (tookMs / 1_000), done: accepted, spent };
  }

  /** Twice: a process is slower until its code has been compiled, which is not what more copies are for. */
  async materialisers(copies: number): Promise<Measured> {
    while (this.#stack.addresses.materialisers.length < copies)
      await this.#stack.startService({ kind: 'materialiser' });
    await this.#readAll(copies);
    return this.#readAll(copies);
  }

  /** Empties Redis, which every copy notices, and measures from the first view to the last. */
  async #readAll(copies: number): Promise<Measured> {
    await this.#probe.waitUntilVisible(READ_MS_MAX);
    await sleep(1_000);
    await Promise.all(mastersOf(this.#redis).map((master) => emptyRedis(master)));
    let before = (await this.#probe.state()).visible;
    while (before === 0) {
      await sleep(POLL_MS);
      before = (await this.#probe.state()).visible;
    }
    const end = startCounting(this.#stack);
    const { visible } = await this.#probe.waitUntilVisible(READ_MS_MAX);
    const spent = end();
    return { copies, perSecond: (visible - before) / spent.seconds, done: visible - before, spent };
  }

  async lookups(copies: number): Promise<Measured> {
    while (this.#stack.addresses.lookups.length < copies) await this.#stack.startService({ kind: 'lookup' });
    await this.#askAll(copies, WARM_UP_SECONDS);
    return this.#askAll(copies, this.#settings.loadSeconds);
  }

  async #askAll(copies: number, seconds: number): Promise<Measured> {
    const end = startCounting(this.#stack);
    const token = await tokenOf(this.#stack, 'gate-travel');
    const connections = Math.ceil(CONNECTIONS / copies);
    const results = await Promise.all(
      this.#stack.addresses.lookups.map((url) =>
        askByWrk({ url, token, connections, seconds }, this.#questions, this.#stopped),
      ),
    );
    const spent = end();
    const failed = results.reduce((sum, result) => sum + result.failed, 0);
    if (failed > 0) throw new Error(`${failed} look-ups were not answered`);
    const done = results.reduce((sum, { answered }) => sum + answered, 0);
    const perSecond = results.reduce((sum, result) => sum + result.perSecond, 0);
    return {
      copies,
      perSecond,
      done,
      spent,
      p50Ms: Math.max(...results.map(({ p50Ms }) => p50Ms)),
      p99Ms: Math.max(...results.map(({ p99Ms }) => p99Ms)),
    };
  }

  /** Stops the materialisers and empties Redis: nothing can be measured behind it. */
  async sizes(brokers: number): Promise<Sizes> {
    const { visible } = await this.#probe.state();
    const full = await memoryOf(this.#redis);
    const people = full.keys - 2 * this.#stack.partitions;
    for (const { name } of this.#stack.processes.filter((part) => part.name.startsWith('materialiser-')))
      await this.#stack.stopPart(name);
    await Promise.all(mastersOf(this.#redis).map((master) => emptyRedis(master)));
    const empty = await memoryOf(this.#redis);
    const { perPerson, view } = await sizeOfFullViews(this.#redis, this.#log, this.#stack.partitions, FULL_VIEWS);
    return {
      logBytesPerEvent: logBytes(this.#stack.runDir, this.#log) / brokers / visible,
      eventsPerPerson: visible / people,
      redisBytesPerPerson: (full.bytes - empty.bytes) / people,
      redisBytesPerFullView: perPerson,
      fullViewBytes: view,
    };
  }
}

export const SERVICES = [{ kind: 'producer', name: 'a', provinces: PROVINCE_CODES }] as const;
