/**
 * What the caller states about the occasion, beside what the person wants and when. Nothing here is read from the
 * exchange, and nothing is assumed: what isn't stated is null, and no privilege is granted on it.
 */

import { isWithin, type RISK_LEVELS } from '#core/field/place.ts';

/** What the instant of the question is. */
export const INSTANTS = [
  'checkpoint',
  'boarding',
  'scheduled_departure',
  'scheduled_arrival',
  'scheduled_landing',
] as const;
export type Instant = (typeof INSTANTS)[number];

export const RESIDENCES = ['resident', 'visitor'] as const;
export const ENTRIES = ['first', 'later'] as const;
export const ACCOMPANYING = ['recognised', 'not_recognised'] as const;

/** A stay in an area of some risk. */
export interface Visit {
  /** GB/T 2260 code of two, four or six digits. */
  readonly place: string;
  readonly level: (typeof RISK_LEVELS)[number];
  /** Null: not stated. A stay counts as a long one then, for it may have been one. */
  readonly cameAtMs: number | null;
  /** Null: still there. */
  readonly leftAtMs: number | null;
}

export interface Occasion {
  /** The kind of place within the purpose, as the table of kinds names it. */
  readonly kind: string | null;
  /** Null: what the rule compares with, whatever that is. */
  readonly instant: Instant | null;
  /** For when it was first scheduled, where it is late. */
  readonly delayedFromMs: number | null;
  /** Whether a delayed traveller stayed behind the check. */
  readonly stayedInside: boolean | null;
  readonly residence: (typeof RESIDENCES)[number] | null;
  readonly entry: (typeof ENTRIES)[number] | null;
  /** Completed years. */
  readonly ageYears: number | null;
  /** What the adult with whom a child travels was answered. */
  readonly accompanyingAdult: (typeof ACCOMPANYING)[number] | null;
  /** Days since 1970-01-01. */
  readonly recoveredOnDay: number | null;
  readonly commuter: boolean | null;
  /** What the person is by trade or status, as claimed and shown; a rule says which it knows. Empty: none of them. */
  readonly classes: readonly string[] | null;
  readonly stayHours: number | null;
  /** In how many hours somebody goes on who only changes planes or trains. */
  readonly transferHours: number | null;
  readonly arrivedAtMs: number | null;
  /** Where the occasion is, more narrowly than the destination. */
  readonly place: string | null;
  readonly registeredIn: string | null;
  /** Beside those on record. Empty: no others, by the person's own word. */
  readonly visits: readonly Visit[] | null;
}

export type Statement = keyof Occasion;

export const NOTHING_STATED: Occasion = {
  kind: null,
  instant: null,
  delayedFromMs: null,
  stayedInside: null,
  residence: null,
  entry: null,
  ageYears: null,
  accompanyingAdult: null,
  recoveredOnDay: null,
  commuter: null,
  classes: null,
  stayHours: null,
  transferHours: null,
  arrivedAtMs: null,
  place: null,
  registeredIn: null,
  visits: null,
};

/** The name that a statement has in a request. */
export const STATEMENT_NAMES: Readonly<Record<Statement, string>> = {
  kind: 'kind',
  instant: 'instant',
  delayedFromMs: 'delayedFrom',
  stayedInside: 'stayedInside',
  residence: 'residence',
  entry: 'entry',
  ageYears: 'ageYears',
  accompanyingAdult: 'accompanyingAdult',
  recoveredOnDay: 'recoveredOn',
  commuter: 'commuter',
  classes: 'classes',
  stayHours: 'stayHours',
  transferHours: 'transferHours',
  arrivedAtMs: 'arrivedAt',
  place: 'place',
  registeredIn: 'registeredIn',
  visits: 'visits',
};

/** Whether any of the places holds the one that is stated. */
export function isWithinAny(places: readonly string[], stated: string): boolean {
  return places.some((place) => isWithin(place, stated));
}
