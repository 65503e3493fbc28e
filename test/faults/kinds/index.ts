/** Every kind of fault that the suite knows, and how the short form groups them so that each is met once. */
import type { FaultKind } from '../fault.ts';
import { killBroker, killLookup, killMaterialiser, killProducer, killRedis, killRegistry } from './kill.ts';

export const KINDS: readonly FaultKind[] = [killProducer, killMaterialiser, killLookup, killRedis, killBroker, killRegistry];

export const SHORT_ROUNDS: readonly (readonly FaultKind[])[] = [[killProducer, killLookup], [killMaterialiser], [killRedis], [killBroker], [killRegistry]];
