/** Every kind of injection that the suite knows, and how the short form groups them so that each is met once. */

import type { InjectionKind } from '#exercises/faults/scene/injection.ts';
import { droppedAcks } from './acknowledgements.ts';
import { freezeMaterialiser, freezeRedis } from './freeze.ts';
import { diskFull, redisFull } from './full.ts';
import { killBroker, killLookup, killMaterialiser, killProducer, killRedis, killRegistry } from './kill.ts';
import { comingAndGoing, rollingRestart } from './members.ts';
import { cut, delayed, halfOpen, heldBack, narrow, serversApart } from './network.ts';
import { forgedPoison, nobodysPoison, personalPoison } from './poison.ts';
import { emptied, olderState, promotedTooEarly } from './rewind.ts';

export const KINDS: readonly InjectionKind[] = [
  killProducer,
  killMaterialiser,
  killLookup,
  killRedis,
  killBroker,
  killRegistry,
  freezeMaterialiser,
  freezeRedis,
  delayed,
  cut,
  halfOpen,
  heldBack,
  narrow,
  droppedAcks,
  serversApart,
  emptied,
  olderState,
  comingAndGoing,
  rollingRestart,
  personalPoison,
  nobodysPoison,
  forgedPoison,
  diskFull,
  redisFull,
];

/** Where there are several of everything. */
export const CLUSTER_KINDS: readonly InjectionKind[] = [...KINDS, promotedTooEarly];

/**
 * The rounds of the short form, each a few waves. Redis is emptied first, for then every view is written anew, which
 * would mend what came before. What upsets the group of the materialisers ends a round, for its end waits until the
 * group is at rest. What marks whole provinces comes last: after it no look-up says a plain "no" any more.
 */
export const SHORT_ROUNDS: readonly (readonly (readonly InjectionKind[])[])[] = [
  [
    [emptied, killProducer],
    [droppedAcks, delayed, narrow],
    [killMaterialiser, killLookup, personalPoison],
  ],
  [[olderState], [killRegistry, halfOpen, heldBack, cut, serversApart], [freezeMaterialiser]],
  [[rollingRestart], [redisFull], [comingAndGoing]],
  [[killRedis, killBroker], [diskFull], [freezeRedis, nobodysPoison], [forgedPoison]],
];
