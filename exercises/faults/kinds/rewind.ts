/**
 * Faults after which Redis has forgotten: it comes back with an older state, or with none, while busy or while idle.
 */

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault, FaultKind } from '#exercises/faults/scene/fault.ts';
import type { Scene } from '#exercises/faults/scene/scene.ts';
import { until } from '#exercises/oracle/exchange.ts';
import type { Random } from '#exercises/town/random.ts';
import { redisShards } from '#infra/stack/roles.ts';

type Forgetting = (scene: Scene, node: string, random: Random) => Promise<void>;

function rewind(name: string, forget: Forgetting): FaultKind {
  return () =>
    ({
      name,
      breaks: ['redis'],
      needs: ['kafka', 'registry', 'materialisers', 'network'],
      async inject(scene, random) {
        const idle = random.chance(0.5);
        if (idle) {
          await scene.stream.stop();
          await scene.exchange.caughtUp();
        }
        try {
          await forget(scene, random.pick(await scene.redisMasters()), random);
          // The loss must be noticed without an event, and everything read again.
          if (idle) await scene.exchange.caughtUp();
        } finally {
          if (idle) scene.stream.resume();
        }
      },
      async heal(scene) {
        for (const node of scene.redisNodes()) if (!scene.parts.run(node)) await scene.stack.restart(node);
      },
    }) satisfies Fault;
}

export const emptied = rewind('redis emptied', async (scene, node) => {
  await scene.onRedis(node, (redis) => redis.flushall());
});

/** A replica that has missed the newest writes takes over from a master that dies with them. */
export const promotedTooEarly: FaultKind = () => {
  let dead: string | null = null;
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
      await scene.stack.kill(master);
      await scene.stack.kill(replica, 'SIGCONT');
      await until('the replica is master', async () => (await scene.redisMasters()).includes(replica));
      await scene.exchange.caughtUp();
    },
    async heal(scene) {
      if (dead !== null) await scene.stack.restart(dead);
    },
  } satisfies Fault;
};

/** Its folder as it was a while ago, base and increments: the state of that moment, whatever came after. */
export const olderState = rewind('redis back with an older state', async (scene, node, random) => {
  const dir = await scene.onRedis(node, async (redis) => {
    await redis.config('SET', 'auto-aof-rewrite-percentage', 0); // it would replace files while they are copied
    return ((await redis.config('GET', 'dir')) as string[])[1] as string;
  });
  const [disk, older] = [join(dir, 'appendonlydir'), join(dir, 'appendonlydir.older')];
  rmSync(older, { recursive: true, force: true });
  cpSync(disk, older, { recursive: true });
  await scene.lasts(random, { fromMs: 1_000, toMs: 3_000 });
  await scene.stack.kill(node);
  rmSync(disk, { recursive: true });
  cpSync(older, disk, { recursive: true });
  await scene.stack.restart(node);
});
