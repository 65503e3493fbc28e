/**
 * A caller: a client by its name, with all that it holds, as the claims of a verified token say. It must never be made
 * of claims that nobody has verified.
 */

import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { type Purpose, PURPOSES } from '#core/rules/purpose.ts';
import { lazily } from '#platform/lazily.ts';
import { choice, closed } from '#platform/schema.ts';
import { isPrincipal, type Principal } from './principals.ts';

/**
 * How questions may be asked; `history` shows what the exchange holds of a person, and judges nothing; `sources` shows
 * how the provinces fare, and names nobody.
 */
export const MODES = ['single', 'batch', 'history', 'sources'] as const;
export type Mode = (typeof MODES)[number];

export interface Caller {
  readonly id: Principal;
  readonly provinces: ReadonlySet<ProvinceCode>;
  readonly destinations: ReadonlySet<ProvinceCode>;
  readonly purposes: ReadonlySet<Purpose>;
  readonly modes: ReadonlySet<Mode>;
  /** It asks for others. */
  readonly isRelay: boolean;
  /** Null: those of whoever limits it. */
  readonly requestsPerMinute: number | null;
  readonly peoplePerHour: number | null;
}

const namesOf = <N extends string>(names: readonly N[], description: string) =>
  Type.Optional(
    Type.Unsafe<'all' | readonly N[]>(
      Type.Union([Type.Literal('all'), Type.Array(choice(names, description), { uniqueItems: true })]),
    ),
  );
const limit = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000, description }));

/** What the claim `hutong` of a token says. */
export const HeldSchema = Type.Object(
  {
    provinces: namesOf(PROVINCE_CODES, 'whose events it may report'),
    destinations: namesOf(PROVINCE_CODES, 'for which destinations it may ask'),
    purposes: namesOf(PURPOSES, 'for which purposes it may ask'),
    modes: Type.Optional(
      Type.Unsafe<readonly Mode[]>(Type.Array(choice(MODES, 'how it may ask'), { uniqueItems: true })),
    ),
    relay: Type.Optional(Type.Boolean({ description: 'it asks for others' })),
    requestsPerMinute: limit('requests of it, at all look-ups together'),
    peoplePerHour: limit('different people that it may ask about'),
  },
  closed,
);
export type Held = Static<typeof HeldSchema>;

const isHeld = lazily(() => new Ajv({ strict: false }).compile<Held>(HeldSchema));

/** @returns null where the claims have another form: who sends them is nobody */
export function callerOf(claims: Readonly<Record<string, unknown>>): Caller | null {
  const { client_id: id, hutong: held } = claims;
  if (typeof id !== 'string' || !isPrincipal(id)) return null;
  return isHeld()(held) ? callerHolding(id, held) : null;
}

export function callerHolding(id: Principal, held: Held): Caller {
  return {
    id,
    provinces: setOf(held.provinces, PROVINCE_CODES),
    destinations: setOf(held.destinations, PROVINCE_CODES),
    purposes: setOf(held.purposes, PURPOSES),
    modes: setOf(held.modes, MODES),
    isRelay: held.relay ?? false,
    requestsPerMinute: held.requestsPerMinute ?? null,
    peoplePerHour: held.peoplePerHour ?? null,
  };
}

function setOf<N extends string>(names: 'all' | readonly N[] | undefined, all: readonly N[]): ReadonlySet<N> {
  return new Set(names === 'all' ? all : (names ?? []));
}
