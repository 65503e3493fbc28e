/**
 * Injections after which Redis has forgotten: it comes back with an older state, or with none, while busy or while
 * idle.
 */

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Position } from '#core/view/snapshot.ts';
import type { Bite, Injection, InjectionKind } from '#exercises/faults/scene/injection.ts';
import { heal, type Link, trouble } from '#exercises/faults/scene/links.ts';
import { recordsBelow, type Scene } from '#exercises/faults/scene/scene.ts';
import { emptyRedis } from '#exercises/oracle/empty-redis.ts';
import { until } from '#exercises/oracle/exchange.ts';
import type { Random } from '#exercises/town/random.ts';
import { redisShards } from '#infra/stack/roles.ts';

/** What it did. */
type Forgetting = (scene: Scene, node: string, random: Random, quieten: () => Promise<void>) => Promise<Bite>;

/** @param forget is handed what ends the stream first, where the loss must be noticed without an event */
function rewind(name: string, forget: Forgetting): InjectionKind {
  return () => {
    const bites: Bite[] = [];
    return {
      name,
      breaks: ['redis'],
      needs: ['kafka', 'registry', 'materialisers', 'network'],
      async inject(scene, random) {
        const idle = random.chance(0.5);
        const quieten = async (): Promise<void> => {
          if (!idle) return;
          await scene.stream.stop();
          await scene.exchange.caughtUp();
        };
        try {
          bites.push(await forget(scene, random.pick(await scene.redisMasters()), random, quieten));
          // Everything is read again.
          if (idle) await scene.exchange.caughtUp();
        } finally {
          if (idle) {
            await scene.stream.stop();
            scene.stream.resume();
          }
        }
      },
      async heal(scene) {
        for (const link of linksToRedis(scene)) heal(link);
        for (const node of scene.redisNodes()) if (!scene.parts.run(node)) await scene.stack.restart(node);
      },
      async bites() {
        return bites;
      },
    } satisfies Injection;
  };
}

/** By which views are written. */
function linksToRedis(scene: Scene): Link[] {
  return scene.services('materialiser').map((materialiser) => scene.links.between(materialiser, 'redis'));
}

/** By the positions that the node itself has. */
function consumedBy(scene: Scene, node: string): Promise<number> {
  return scene.onRedis(node, async (redis) => {
    const keys = await redis.keys('*:position');
    const stored = keys.length === 0 ? [] : await redis.mget(keys);
    return stored.reduce((sum, text) => sum + recordsBelow(JSON.parse(text ?? 'null') as Position | null), 0);
  });
}

export const emptied = rewind('redis emptied', async (scene, node, _random, quieten) => {
  await quieten();
  const [keys] = await scene.onRedis(node, async (redis) => [await redis.dbsize(), await emptyRedis(redis)] as const);
  return { what: 'keys forgotten', count: keys };
});

/** A replica that has missed the newest writes takes over from a master that dies with them. */
export const promotedTooEarly: InjectionKind = () => {
  let dead: string | null = null;
  let rewound = 0;
  return {
    name: 'replica promoted before it had everything',
    breaks: ['redis'],
    needs: ['kafka', 'registry', 'materialisers', 'network'],
    async inject(scene, random) {
      const { master, replicas } = random.pick(await redisShards(scene.stack));
      const [replica] = replicas;
      if (replica === undefined) return; // a Redis that stands alone has nobody to promote
      await scene.stack.kill(replica, 'SIGSTOP');
      // Or what the master sends would wait in the stopped replica's socket, and be applied after all.
      await scene.onRedis(master, (redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'replica'));
      await scene.lasts(random, { fromMs: 300, toMs: 1_200 }); // less than after which it would be given up
      dead = master;
      const before = await consumedBy(scene, master);
      await scene.stack.kill(master);
      await scene.stack.kill(replica, 'SIGCONT');
      rewound = before - (await consumedBy(scene, replica)); // which takes no writes yet
      await until('the replica is master', async () => (await scene.redisMasters()).includes(replica));
      await scene.exchange.caughtUp();
    },
    async heal(scene) {
      if (dead !== null) await scene.stack.restart(dead);
    },
    async bites() {
      return [{ what: 'records that the replica lacked', count: rewound }];
    },
  } satisfies Injection;
};

/** So many records more than the older state has are consumed before Redis goes back to it. */
const NEWER_RECORDS = 50;

/**
 * Its folder as it was a while ago, base and increments: the state of that moment, whatever came after. Nobody can
 * write from before the kill until it is known how far back it went.
 */
export const olderState = rewind('redis back with an older state', async (scene, node, random, quieten) => {
  const dir = await scene.onRedis(node, async (redis) => {
    await redis.config('SET', 'auto-aof-rewrite-percentage', 0); // it would replace files while they are copied
    return ((await redis.config('GET', 'dir')) as string[])[1] as string;
  });
  const [disk, older] = [join(dir, 'appendonlydir'), join(dir, 'appendonlydir.older')];
  rmSync(older, { recursive: true, force: true });
  cpSync(disk, older, { recursive: true });
  const copied = await consumedBy(scene, node);
  await scene.lasts(random, { fromMs: 1_000, toMs: 3_000 });
  await until(
    'what is newer than the older state',
    async () => (await consumedBy(scene, node)) >= copied + NEWER_RECORDS,
  );
  await quieten();
  const links = linksToRedis(scene);
  for (const link of links) trouble(link, { kind: 'cut' });
  const before = await consumedBy(scene, node);
  await scene.stack.kill(node);
  rmSync(disk, { recursive: true });
  cpSync(older, disk, { recursive: true });
  await scene.stack.restart(node);
  const after = await consumedBy(scene, node);
  for (const link of links) heal(link);
  return { what: 'records rewound', count: before - after };
});
