/** Who there is in a stack on one machine, and what each holds: the one table of clients. */

import { PROVINCES } from '#core/field/regions.ts';
import type { Held } from '#exchange/identity/caller.ts';
import type { Principal } from '#exchange/identity/principals.ts';

export interface Client {
  readonly id: Principal;
  readonly held: Held;
}

/** Of what measures, and of what asks on behalf of a whole town. */
const UNBOUNDED = { requestsPerMinute: 1_000_000_000, peoplePerHour: 1_000_000_000 } as const;

export const CLIENTS: readonly Client[] = [
  ...PROVINCES.flatMap(({ code }): Client[] => [
    { id: `province-${code}`, held: { provinces: [code] } },
    { id: `gate-${code}`, held: { destinations: [code], purposes: 'all', modes: ['single'] } },
  ]),
  { id: 'gate-travel', held: { destinations: 'all', purposes: 'all', modes: ['single', 'batch'], ...UNBOUNDED } },
  { id: 'gate-relay', held: { destinations: 'all', purposes: 'all', modes: ['single', 'batch'], relay: true } },
  {
    id: 'operator',
    held: { destinations: 'all', purposes: 'all', modes: ['single', 'batch', 'history', 'sources'], ...UNBOUNDED },
  },
  { id: 'mllp', held: { provinces: 'all' } },
  { id: 'national', held: { provinces: 'all', modes: ['sources'] } },
];
