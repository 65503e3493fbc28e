/**
 * What goes wrong in a run, and when: each seed has some of the kinds only, so that every one of them is also tried
 * without the noise of the others.
 */

import type { Random } from '#exercises/town/random.ts';
import type { SimGroup } from './group.ts';
import type { MaterialiserInstance } from './materialiser-instance.ts';
import { PARTITIONS } from './people.ts';
import type { Target } from './process.ts';
import type { SimRedis } from './redis.ts';
import type { Scheduler } from './scheduler.ts';

const ACTIONS_MAX = 8;
const INSTANCES_MAX = 3;

/** What can go wrong. */
export type Kind =
  | 'kill'
  | 'end'
  | 'stop'
  | 'expel'
  | 'startAgain'
  | 'part'
  | 'startAnother'
  | 'emptyRedis'
  | 'rewindRedis'
  | 'fillRedis'
  | 'redisAway'
  | 'kafkaAway'
  | 'lettersAway'
  | 'registryAway';

/** What of a run can be disturbed; the world of the simulation is one. */
interface Disturbed {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly redis: SimRedis;
  readonly group: SimGroup;
  readonly materialisers: readonly MaterialiserInstance[];
  faultProbability: number;
  slowProbability: number;
  startMaterialiser(): void;
  takeAway(target: Target, ms: number): void;
  bringAllBack(): void;
  happens(kind: string, details?: string): void;
  note(what: string): void;
}

export class Chaos {
  readonly #world: Disturbed;

  constructor(world: Disturbed) {
    this.#world = world;
  }

  plan(durationMs: number): void {
    const { random, scheduler, redis } = this.#world;
    const kinds = Object.values(this.#kinds()).filter(() => random.chance(0.4));
    if (kinds.length === 0) return;
    for (let snapshots = random.below(4); snapshots > 0; snapshots -= 1)
      scheduler.after(random.below(durationMs), () => redis.takeSnapshot());
    for (let actions = random.between(1, ACTIONS_MAX); actions > 0; actions -= 1) {
      const act = random.pick(kinds);
      scheduler.after(random.below(durationMs), act);
    }
  }

  /** Lets one kind of thing go wrong now. */
  act(kind: Kind): void {
    this.#kinds()[kind]();
  }

  /** From here on nothing goes wrong; what was stopped goes on, and somebody is there to go on. */
  end(): void {
    const world = this.#world;
    world.note('nothing goes wrong any more');
    world.faultProbability = 0;
    world.slowProbability = 0.05;
    world.redis.isFull = false;
    world.bringAllBack();
    for (const { process } of world.materialisers) process.continue();
    if (this.#alive().length === 0) world.startMaterialiser();
  }

  /** In an order that the seeds' choices rest on. */
  #kinds(): Record<Kind, () => void> {
    const world = this.#world;
    const { random, scheduler, redis, group } = world;
    const away = (target: Target) => (): void => {
      const ms = random.between(100, 4_000);
      world.happens(`${target} is away`);
      world.takeAway(target, ms);
    };
    return {
      kill: () =>
        this.#withInstance('is killed', (instance) => {
          instance.process.kill();
          // Its session has to time out.
          scheduler.after(random.between(500, 3_000), () => group.leave(instance.consumer));
          scheduler.after(random.between(100, 2_000), () => this.#startAnother());
        }),
      end: () =>
        this.#withInstance('ends', (instance) => {
          void instance.end();
          scheduler.after(random.between(100, 2_000), () => this.#startAnother());
        }),
      stop: () =>
        this.#withInstance('is stopped', (instance) => {
          instance.process.stop();
          scheduler.after(random.between(100, 5_000), () => {
            world.happens('is continued', `${instance.process.name} `);
            instance.process.continue();
          });
          if (random.chance(0.7)) scheduler.after(random.between(100, 2_000), () => group.expel(instance.consumer));
        }),
      expel: () => this.#withInstance('is expelled', (instance) => group.expel(instance.consumer)),
      startAgain: () =>
        this.#withInstance('is sent back to the start of the log by its client', (instance) =>
          instance.consumer.startAgain(),
        ),
      // The two come together when a network parts: an instance goes on beside its successor, and a replica takes over.
      part: () =>
        this.#withInstance('is cut off, and a replica takes over,', (instance) => {
          group.expel(instance.consumer);
          scheduler.after(random.below(1_000), () => (random.chance(0.5) ? this.#empty() : this.#goBack()));
        }),
      startAnother: () => this.#startAnother(),
      emptyRedis: () => this.#empty(),
      rewindRedis: () => this.#goBack(),
      fillRedis: () => {
        world.happens('redis is full');
        redis.isFull = true;
        scheduler.after(random.between(100, 3_000), () => {
          redis.isFull = false;
        });
      },
      redisAway: away('redis'),
      kafkaAway: away('kafka'),
      lettersAway: away('dead letters'),
      registryAway: away('registry'),
    };
  }

  #empty(): void {
    this.#world.happens('redis is emptied');
    this.#world.redis.empty();
  }

  #goBack(): void {
    const { random, redis } = this.#world;
    const partition = random.chance(0.5) ? random.below(PARTITIONS) : null;
    this.#world.happens(partition === null ? 'redis goes back' : 'a shard of redis goes back');
    redis.goBack((count) => random.below(count + 1), partition, PARTITIONS);
  }

  #alive(): readonly MaterialiserInstance[] {
    return this.#world.materialisers.filter(({ process }) => !process.isDead);
  }

  #startAnother(): void {
    if (this.#alive().length < INSTANCES_MAX) this.#world.startMaterialiser();
  }

  #withInstance(what: string, act: (instance: MaterialiserInstance) => void): void {
    const alive = this.#alive();
    if (alive.length === 0) return;
    const instance = this.#world.random.pick(alive);
    this.#world.happens(what, `${instance.process.name} `);
    act(instance);
  }
}
