/**
 * Injections in which there is no room left: a broker's disk, a Redis node's memory. Each must say so, lose nothing and
 * go on by itself.
 */

import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Injection, InjectionKind } from '#exercises/faults/scene/injection.ts';
import { until } from '#exercises/oracle/exchange.ts';

/** What a segment may still grow by. */
const ROOM_BYTES = 16_384;
const FULL_MS_MAX = 60_000;

/**
 * A limit on the size of a file, which any user may set for its own process: the broker's write fails as it does on a
 * full disk, and half a batch may be what lies at the end. A broker without a disk ends itself; there being room again,
 * whoever watches over it starts it.
 */
export const diskFull: InjectionKind = () => {
  let victim: string | null = null;
  let ended = 0;
  return {
    name: 'disk of the broker full',
    breaks: ['kafka'],
    needs: ['network'], // or a door couldn't be heard to say that it can take nothing
    async inject(scene, random) {
      const broker = random.pick(scene.brokers());
      victim = broker;
      const largest = Math.max(
        ...segmentsOf(join(scene.stack.runDir, 'data', broker)).map((file) => statSync(file).size),
      );
      execFileSync('prlimit', ['--pid', String(scene.stack.pidOf(broker)), `--fsize=${largest + ROOM_BYTES}:`]);
      await until('the broker meets its full disk', () => !scene.parts.run(broker), FULL_MS_MAX);
      ended = 1;
      const fullMs = performance.now();
      if (scene.brokers().length === 1)
        await until('every door says that it can take nothing', () => scene.stream.deniedSince(fullMs), FULL_MS_MAX);
    },
    async heal(scene) {
      if (victim !== null) await scene.stack.restart(victim);
    },
    async bites() {
      return [{ what: 'brokers that ended for want of a disk', count: ended }];
    },
  } satisfies Injection;
};

function segmentsOf(dataDir: string): string[] {
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log'))
    .map((name) => join(dataDir, name));
}

export const redisFull: InjectionKind = () => {
  let victim: string | null = null;
  let before = 0;
  return {
    name: 'redis out of memory',
    breaks: ['redis'],
    needs: ['kafka', 'registry', 'materialisers', 'network'],
    async inject(scene, random) {
      victim = random.pick(await scene.redisMasters());
      before = await scene.reloadsFor('store_full');
      await scene.onRedis(victim, async (redis) => {
        const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
        // The people are known: it would hardly grow to a limit above.
        await redis.config('SET', 'maxmemory', Math.floor(0.9 * used));
      });
      await until(
        'a materialiser says that redis is full',
        async () => (await scene.reloadsFor('store_full')) > before,
        FULL_MS_MAX,
      );
      await scene.lasts(random, { fromMs: 1_500, toMs: 3_000, longMs: 15_000 });
    },
    async heal(scene) {
      if (victim !== null) await scene.onRedis(victim, (redis) => redis.config('SET', 'maxmemory', 0));
    },
    async bites(scene) {
      return [{ what: 'commits without room', count: (await scene.reloadsFor('store_full')) - before }];
    },
  } satisfies Injection;
};
