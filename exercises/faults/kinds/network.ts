/**
 * Faults of the network between any service and any server that it uses, between the outside and any door, and between
 * the servers themselves.
 */

import type { Trouble } from '#exercises/faults/proxy/tcp-proxy.ts';
import type { Fault, FaultKind } from '#exercises/faults/scene/fault.ts';
import { heal, type Link, trouble } from '#exercises/faults/scene/links.ts';
import type { Random } from '#exercises/town/random.ts';

interface NetworkFault {
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

function network({ name, what, where = () => true, ...lasting }: NetworkFault): FaultKind {
  return () => {
    const hit: Link[] = [];
    return {
      name: `network: ${name}`,
      breaks: ['network'],
      needs: [],
      async inject(scene, random) {
        const links = scene.links.all.filter(where);
        for (let count = 1 + random.below(LINKS_MAX); count > 0; count -= 1) {
          const link = random.pick(links);
          hit.push(link);
          trouble(link, what(random));
        }
        await scene.lasts(random, lasting);
      },
      async heal() {
        for (const link of hit) heal(link);
      },
    } satisfies Fault;
  };
}

const isKafka = ({ end, service }: Link): boolean => end === 'kafka' && service.startsWith('producer');

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
export const droppedAcks = network({
  name: 'acknowledgements dropped',
  what: (random) => ({ kind: 'drop_acks', share: 0.2, chance: random.next }),
  where: isKafka,
  fromMs: 3_000,
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
