/** Every kind of fault that the suite knows, and how the short form groups them so that each is met once. */

import type { FaultKind } from '#exercises/faults/scene/fault.ts';
import { droppedAcks } from './acknowledgements.ts';
import { freezeMaterialiser, freezeRedis } from './freeze.ts';
import { diskFull, redisFull } from './full.ts';
import { killBroker, killLookup, killMaterialiser, killProducer, killRedis, killRegistry } from './kill.ts';
import { comingAndGoing, rollingRestart } from './members.ts';
import { cut, delayed, halfOpen, heldBack, narrow, serversApart } from './network.ts';
import { nobodysPoison, personalPoison } from './poison.ts';
import { emptied, olderState, promotedTooEarly } from './rewind.ts';

export const KINDS: readonly FaultKind[] = [
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
  diskFull,
  redisFull,
];

/** Where there are several of everything. */
export const CLUSTER_KINDS: readonly FaultKind[] = [...KINDS, promotedTooEarly];

/** What marks whole provinces comes last: after it no look-up says a plain "no" any more. */
export const SHORT_ROUNDS: readonly (readonly FaultKind[])[] = [
  [killProducer, emptied],
  [droppedAcks, delayed],
  [killMaterialiser, personalPoison],
  [halfOpen, narrow, serversApart],
  [killRedis, killRegistry],
  [heldBack, cut],
  [freezeMaterialiser],
  [olderState],
  [redisFull],
  [comingAndGoing],
  [rollingRestart],
  [killBroker, killLookup],
  [diskFull],
  [freezeRedis, nobodysPoison],
];
