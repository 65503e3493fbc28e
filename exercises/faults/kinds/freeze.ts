/**
 * Faults that stop a process for a while and let it go on as if nothing had been: it wakes up with what it believed
 * before.
 */

import type { Fault, FaultKind } from '#exercises/faults/scene/fault.ts';
import { until } from '#exercises/oracle/exchange.ts';

const LONG_MS = 30_000;
/** By then another copy has its partitions: a session, and what a rebalance takes. */
const TAKEN_OVER_MS_MAX = 30_000;

export const freezeMaterialiser: FaultKind = () => {
  let victim: string | null = null;
  return {
    name: 'materialiser stopped and continued',
    breaks: ['materialisers'],
    needs: ['kafka', 'registry', 'redis', 'network'],
    async inject(scene, random) {
      victim = random.pick(scene.services('materialiser'));
      await scene.stack.kill(victim, 'SIGSTOP');
      // Not before another has committed from where this one stood.
      await scene.exchange.caughtUp(TAKEN_OVER_MS_MAX);
      await scene.lasts(random, { fromMs: 200, toMs: 1_000, longMs: LONG_MS });
    },
    async heal(scene) {
      if (victim !== null) await scene.stack.kill(victim, 'SIGCONT');
    },
  } satisfies Fault;
};

export const freezeRedis: FaultKind = () => {
  let victim: string | null = null;
  return {
    name: 'redis stopped and continued',
    breaks: ['redis'],
    needs: [],
    async inject(scene, random) {
      victim = random.pick(scene.redisNodes());
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
  } satisfies Fault;
};
