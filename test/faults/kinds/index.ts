/** Every kind of fault that the suite knows, and how the short form groups them so that each is met once. */
import type { FaultKind } from '../fault.ts';
import { freezeMaterialiser, freezeRedis } from './freeze.ts';
import { diskFull, redisFull } from './full.ts';
import { killBroker, killLookup, killMaterialiser, killProducer, killRedis, killRegistry } from './kill.ts';
import { comingAndGoing, rollingRestart } from './members.ts';
import { cut, delayed, droppedAcks, halfOpen, heldBack, narrow } from './network.ts';
import { nobodysPoison, personalPoison } from './poison.ts';
import { emptied, olderState } from './rewind.ts';

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
  emptied,
  olderState,
  comingAndGoing,
  rollingRestart,
  personalPoison,
  nobodysPoison,
  diskFull,
  redisFull,
];

/** Those that mark whole provinces come last: after them no look-up says a plain "no" any more. */
export const SHORT_ROUNDS: readonly (readonly FaultKind[])[] = [
  [killProducer, killLookup],
  [droppedAcks, emptied],
  [killMaterialiser, personalPoison],
  [halfOpen, delayed],
  [killRedis],
  [heldBack, narrow],
  [freezeMaterialiser],
  [olderState, cut],
  [freezeRedis, killRegistry],
  [redisFull],
  [diskFull],
  [comingAndGoing],
  [rollingRestart],
  [killBroker, nobodysPoison],
];
