/** Injections that end a process without a word and start it again a little later. */

import type { Area, Bite, Injection, InjectionKind } from '#exercises/faults/scene/injection.ts';
import { heal, trouble } from '#exercises/faults/scene/links.ts';
import type { Scene } from '#exercises/faults/scene/scene.ts';
import type { Random } from '#exercises/town/random.ts';

interface Killing {
  readonly name: string;
  readonly breaks: Area;
  readonly needs?: readonly Area[];
  readonly victims: (scene: Scene) => string[];
  /** What goes before the kill; by default nothing. */
  readonly aim?: (scene: Scene, victim: string, random: Random) => Promise<Bite>;
}

function killing({ name, breaks, needs = [], victims, aim }: Killing): InjectionKind {
  return () => {
    let victim: string | null = null;
    const bites: Bite[] = [];
    return {
      name,
      breaks: [breaks],
      needs,
      async inject(scene, random) {
        const chosen = random.pick(victims(scene));
        const aimed = await aim?.(scene, chosen, random);
        victim = chosen;
        const wasUp = scene.parts.run(chosen);
        await scene.stack.kill(chosen);
        bites.push({ what: 'processes killed', count: Number(wasUp && !scene.parts.run(chosen)) });
        if (aimed !== undefined) bites.push(aimed);
        for (const link of scene.links.of(chosen)) heal(link); // what the aim has troubled
        await scene.lasts(random, { fromMs: 200, toMs: 2_500 });
      },
      async heal(scene) {
        if (victim !== null) await scene.stack.restart(victim);
      },
      async bites() {
        return bites;
      },
    } satisfies Injection;
  };
}

/**
 * Until a commit is on its way, which then arrives unanswered or not at all. Not before: of what a step reads first, an
 * answer must come, or there is no commit.
 */
async function inTheMiddleOfACommit(scene: Scene, victim: string, random: Random): Promise<Bite> {
  const link = scene.links.between(victim, 'redis');
  const loses = random.chance(0.5) ? 'both' : 'answers';
  const enough = new AbortController();
  const tooLate = AbortSignal.timeout(COMMIT_MS_MAX);
  await Promise.race(
    link.proxies.map((proxy) =>
      proxy.requestWith('evalsha', AbortSignal.any([enough.signal, tooLate]), () =>
        trouble(link, { kind: 'silent', loses }),
      ),
    ),
  );
  enough.abort();
  return { what: 'commits under way', count: Number(!tooLate.aborted) };
}

/** An instance that owns nothing at the moment commits nothing. */
const COMMIT_MS_MAX = 15_000;

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
