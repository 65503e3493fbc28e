/**
 * Injections of the network between any service and any server that it uses, between the outside and any door, and
 * between the servers themselves.
 */

import type { Hits, Trouble } from '#exercises/faults/proxy/tcp-proxy.ts';
import { type Bite, type Injection, type InjectionKind, hasBitten } from '#exercises/faults/scene/injection.ts';
import { heal, isTroubled, type Link, trouble } from '#exercises/faults/scene/links.ts';
import type { Random } from '#exercises/town/random.ts';

interface NetworkInjection {
  readonly name: string;
  readonly what: (random: Random) => Trouble;
  /** Between what; by default anything. */
  readonly where?: (link: Link) => boolean;
  readonly fromMs: number;
  readonly toMs: number;
  readonly longMs?: number;
}

/** How many links suffer at once. */
const LINKS_MAX = 3;
/** So often it begins again, at other links, where nothing passed those that it had chosen. */
const TRIES_MAX = 6;

const HIT: Readonly<Record<keyof Hits, string>> = {
  cut: 'connections cut or refused',
  held: 'bytes held back',
  delay: 'bytes delayed',
  bandwidth: 'bytes slowed down',
  silent: 'bytes lost',
  drop_acks: 'acknowledgements dropped',
};

function network({ name, what, where = () => true, ...lasting }: NetworkInjection): InjectionKind {
  return () => {
    const hit = new Hit();
    return {
      name: `network: ${name}`,
      breaks: ['network'],
      needs: [],
      async inject(scene, random) {
        for (let tries = 1; tries === 1 || (!hasBitten(hit.bites()) && tries <= TRIES_MAX); tries += 1) {
          hit.heal();
          for (let count = 1 + random.below(LINKS_MAX); count > 0; count -= 1) {
            // What another injection has in hand stays as it is.
            const links = scene.links.all.filter((link) => where(link) && !isTroubled(link));
            if (links.length > 0) hit.add(random.pick(links), what(random));
          }
          await scene.lasts(random, lasting);
        }
      },
      async heal() {
        hit.heal();
      },
      async bites() {
        return hit.bites();
      },
    } satisfies Injection;
  };
}

/** The links that one injection has in hand or had, and what it did to them. */
class Hit {
  readonly #inHand: Link[] = [];
  /** What each kind had hit before, by link. */
  readonly #before = new Map<Link, Hits>();
  readonly #kinds = new Set<keyof Hits>();

  add(link: Link, what: Trouble): void {
    if (what.kind === 'none') return;
    this.#inHand.push(link);
    this.#kinds.add(what.kind);
    if (!this.#before.has(link)) this.#before.set(link, hitsOf(link));
    trouble(link, what);
  }

  heal(): void {
    for (const link of this.#inHand.splice(0)) heal(link);
  }

  bites(): Bite[] {
    return [...this.#kinds]
      .map((kind) => ({
        what: HIT[kind],
        count: [...this.#before].reduce((sum, [link, before]) => sum + hitsOf(link)[kind] - before[kind], 0),
      }))
      .filter(({ count }) => count > 0);
  }
}

function hitsOf({ proxies }: Link): Hits {
  const sum = { cut: 0, held: 0, delay: 0, bandwidth: 0, silent: 0, drop_acks: 0 };
  for (const { hits } of proxies) for (const kind of Object.keys(sum) as (keyof Hits)[]) sum[kind] += hits[kind];
  return sum;
}

const isBetweenServers = ({ end }: Link): boolean => end === 'server';

export const delayed = network({
  name: 'slow',
  what: (random) => ({ kind: 'delay', ms: 50 + random.below(400) }),
  fromMs: 2_000,
  toMs: 4_000,
});
export const cut = network({ name: 'cut', what: () => ({ kind: 'cut' }), fromMs: 500, toMs: 3_000, longMs: 12_000 });
export const halfOpen = network({
  name: 'half-open',
  what: (random) => ({ kind: 'silent', loses: random.pick(['both', 'answers'] as const) }),
  fromMs: 2_500,
  toMs: 5_000,
  longMs: 20_000,
});
export const heldBack = network({
  name: 'held back and delivered late',
  what: () => ({ kind: 'held' }),
  fromMs: 2_500,
  toMs: 5_000,
  longMs: 20_000,
});
export const narrow = network({
  name: 'narrow',
  what: (random) => ({ kind: 'bandwidth', bytesPerSecond: 4_000 + random.below(40_000) }),
  fromMs: 2_000,
  toMs: 4_000,
});
export const serversApart = network({
  name: 'servers apart',
  what: (random) =>
    random.pick([
      { kind: 'cut' },
      { kind: 'silent', loses: 'both' },
      { kind: 'silent', loses: 'answers' },
      { kind: 'held' },
    ] as const),
  where: isBetweenServers,
  fromMs: 2_500,
  toMs: 5_000,
  longMs: 20_000,
});
