/** Faults that end a process without a word and start it again a little later. */

import type { Area, Fault, FaultKind } from '#exercises/faults/scene/fault.ts';
import { heal, trouble } from '#exercises/faults/scene/links.ts';
import type { Scene } from '#exercises/faults/scene/scene.ts';
import type { Random } from '#exercises/town/random.ts';

interface Killing {
  readonly name: string;
  readonly breaks: Area;
  readonly needs?: readonly Area[];
  readonly victims: (scene: Scene) => string[];
  /** What goes before the kill; by default nothing. */
  readonly aim?: (scene: Scene, victim: string, random: Random) => Promise<void>;
}

function killing({ name, breaks, needs = [], victims, aim }: Killing): FaultKind {
  return () => {
    let victim: string | null = null;
    return {
      name,
      breaks: [breaks],
      needs,
      async inject(scene, random) {
        const chosen = random.pick(victims(scene));
        await aim?.(scene, chosen, random);
        victim = chosen;
        await scene.stack.kill(chosen);
        for (const link of scene.links.of(chosen)) heal(link); // what the aim has troubled
        await scene.lasts(random, { fromMs: 200, toMs: 2_500 });
      },
      async heal(scene) {
        if (victim !== null) await scene.stack.restart(victim);
      },
    } satisfies Fault;
  };
}

/** Until a commit is on its way, which then arrives unanswered or not at all. */
async function inTheMiddleOfACommit(scene: Scene, victim: string, random: Random): Promise<void> {
  const link = scene.links.between(victim, 'redis');
  trouble(link, { kind: 'silent', loses: random.chance(0.5) ? 'both' : 'answers' });
  const enough = new AbortController();
  await Promise.race(
    link.proxies.map((proxy) =>
      proxy.requestWith('evalsha', AbortSignal.any([enough.signal, AbortSignal.timeout(COMMIT_MS_MAX)])),
    ),
  );
  enough.abort();
}

/** A copy that owns nothing at the moment commits nothing. */
const COMMIT_MS_MAX = 5_000;

const ALL_BUT_SERVICES = ['kafka', 'registry', 'redis', 'network'] as const;

export const killProducer = killing({
  name: 'producer killed',
  breaks: 'producers',
  needs: ['kafka', 'registry'],
  victims: (scene) => scene.services('producer'),
});
export const killMaterialiser = killing({
  name: 'materialiser killed in mid-commit',
  breaks: 'materialisers',
  needs: ALL_BUT_SERVICES,
  victims: (scene) => scene.services('materialiser'),
  aim: inTheMiddleOfACommit,
});
export const killLookup = killing({
  name: 'look-up killed',
  breaks: 'lookups',
  needs: ['redis'],
  victims: (scene) => scene.services('lookup'),
});
export const killRedis = killing({ name: 'redis killed', breaks: 'redis', victims: (scene) => scene.redisNodes() });
export const killBroker = killing({ name: 'broker killed', breaks: 'kafka', victims: (scene) => scene.brokers() });
export const killRegistry = killing({
  name: 'registry killed',
  breaks: 'registry',
  needs: ['kafka'],
  victims: (scene) => scene.parts.names('registry'),
});
