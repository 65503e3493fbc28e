/**
 * Injections that stop a process for a while and let it go on as if nothing had been: it wakes up with what it believed
 * before.
 */

import type { Injection, InjectionKind } from '#exercises/faults/scene/injection.ts';
import { until } from '#exercises/oracle/exchange.ts';

const LONG_MS = 30_000;
/** By then another instance has its partitions: a session, and what a rebalance takes. */
const TAKEN_OVER_MS_MAX = 30_000;

export const freezeMaterialiser: InjectionKind = () => {
  let victim: string | null = null;
  let readByOthers = 0;
  return {
    name: 'materialiser stopped and continued',
    breaks: ['materialisers'],
    needs: ['kafka', 'registry', 'redis', 'network'],
    async inject(scene, random) {
      victim = random.pick(scene.services('materialiser'));
      const own = await scene.partitionsOf(victim);
      await scene.stack.kill(victim, 'SIGSTOP');
      const before = await scene.consumed(own);
      // Not before another has committed from where this one stood.
      await scene.exchange.caughtUp(TAKEN_OVER_MS_MAX);
      await scene.lasts(random, { fromMs: 200, toMs: 1_000, longMs: LONG_MS });
      readByOthers = (await scene.consumed(own)) - before;
    },
    async heal(scene) {
      if (victim !== null) await scene.stack.kill(victim, 'SIGCONT');
    },
    async bites() {
      return [{ what: 'records of its partitions read by others', count: readByOthers }];
    },
  } satisfies Injection;
};

export const freezeRedis: InjectionKind = () => {
  let victim: string | null = null;
  let before = 0;
  return {
    name: 'redis stopped and continued',
    breaks: ['redis'],
    needs: [],
    async inject(scene, random) {
      victim = random.pick(await scene.redisMasters());
      before = await scene.reloadsFor('store_unavailable');
      await scene.stack.kill(victim, 'SIGSTOP');
      await scene.lasts(random, { fromMs: 3_000, toMs: 5_000, longMs: LONG_MS });
    },
    async heal(scene) {
      if (victim === null) return;
      const node = victim;
      await scene.stack.kill(node, 'SIGCONT');
      await until('redis answers', () =>
        scene
          .onRedis(node, (redis) => redis.ping())
          .then(
            () => true,
            () => false,
          ),
      );
    },
    async bites(scene) {
      return [{ what: 'commits without an answer', count: (await scene.reloadsFor('store_unavailable')) - before }];
    },
  } satisfies Injection;
};
