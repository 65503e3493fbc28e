/**
 * Everybody who may knock at the exchange: each with the name, the client and the keys that it has. It says what they
 * hold and never what they may do with it.
 */

import { PROVINCE_CODES } from '#core/field/regions.ts';
import { type Caller, callerHolding, type Held } from '#exchange/identity/caller.ts';
import {
  kindOf,
  NATIONAL,
  OPERATOR,
  type Principal,
  provincePrincipal,
  STACK_PRINCIPALS,
} from '#exchange/identity/principals.ts';
import { CLIENTS } from '#infra/issuer/clients.ts';

export interface Who {
  readonly name: string;
  /** That of its certificate; null: it shows none. */
  readonly principal: Principal | null;
  /** By its token; null: it has none. */
  readonly caller: Caller | null;
  /** Whose keys to tag with lie at hand. */
  readonly recordKeys: readonly Principal[];
  /** Whose key to sign with lies at hand. */
  readonly signingKey: Principal | null;
}

const hasKeysOfItsOwn = (name: Principal): boolean =>
  kindOf(name) === 'province' || name === NATIONAL || name === OPERATOR;

/** The materialiser checks all tags, so it has all keys. */
const recordKeysOf = (name: Principal): readonly Principal[] => {
  if (name === 'materialiser') return [...PROVINCE_CODES.map(provincePrincipal), NATIONAL, OPERATOR];
  return hasKeysOfItsOwn(name) ? [name] : [];
};

const whoWith = (name: Principal, held: Held | undefined): Who => ({
  name,
  principal: name,
  caller: held === undefined ? null : callerHolding(name, held),
  recordKeys: recordKeysOf(name),
  signingKey: hasKeysOfItsOwn(name) ? name : null,
});

/** Gates of other kinds than those of a stack. */
const OTHER_GATES: readonly { readonly id: Principal; readonly held: Held }[] = [
  { id: 'gate-hotel', held: { destinations: ['44'], purposes: ['hotel'], modes: ['single'] } },
  { id: 'gate-many', held: { destinations: ['44'], purposes: 'all', modes: ['batch'] } },
  { id: 'gate-history', held: { modes: ['history'] } },
  { id: 'gate-empty', held: {} },
];
const HELD = new Map([...CLIENTS, ...OTHER_GATES].map(({ id, held }) => [id, held]));

const NOBODY: Who = { name: 'nobody', principal: null, caller: null, recordKeys: [], signingKey: null };

export const EVERYBODY: readonly Who[] = [
  ...new Set([...STACK_PRINCIPALS, ...CLIENTS.map(({ id }) => id), ...OTHER_GATES.map(({ id }) => id)]),
]
  .map((name) => whoWith(name, HELD.get(name)))
  .concat(NOBODY);
