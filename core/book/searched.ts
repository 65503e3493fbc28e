/**
 * What was searched where no rule of a province is known: for which places and days, where, when and by which words.
 * An answer without a rule tells it. It brings no rule into force, and takes none out.
 */

import { isWithin } from '#core/field/place.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS } from '#core/field/time.ts';
import { type Purpose, type Scope, scopeOf } from '#core/rules/purpose.ts';
import type { Redating } from '#core/rules/redate.ts';
import type { Words } from '#core/terms/words.ts';

export interface Search {
  readonly where: Words;
  /** The month or the day of the search itself. */
  readonly when: string;
  /** The first and the last day of which rules were looked for; null: of any day. */
  readonly about: { readonly from: string; readonly to: string } | null;
  /** As they were typed; empty: they were not kept. */
  readonly words: readonly string[];
}

/** No rule of the province is known for these scopes from the one instant until the other. */
export interface NoneFound {
  readonly province: ProvinceCode;
  readonly scopes: readonly Scope[];
  /** Of which stated places it is told; null: of the whole province, whatever is stated. */
  readonly places: Places | null;
  readonly fromMs: number;
  /** Infinity: no end, where the rules stand as of another day. */
  readonly untilMs: number;
  /** Empty: no source was read for it. */
  readonly searches: readonly Search[];
  /** What was seen, and makes no rule. */
  readonly seen: Words | null;
}

/** Those within these codes, or those within none of them: elsewhere in the province. */
export interface Places {
  readonly are: 'within' | 'outside';
  readonly codes: readonly string[];
}

export interface SearchBook {
  /**
   * Null: nothing is on record of a search.
   * @param place as it is stated; null: not
   */
  readonly at: (
    destination: ProvinceCode,
    purpose: Purpose,
    kind: string | null,
    atMs: number,
    place?: string | null,
  ) => NoneFound | null;
}

export const NOTHING_SEARCHED: SearchBook = { at: () => null };

/** @param redating where the rules stand as of another day: then what is said of them is moved with them */
export function compileSearches(found: readonly NoneFound[], redating?: Redating): SearchBook {
  const byProvince = new Map<ProvinceCode, Map<Scope, NoneFound[]>>();
  for (const one of found) {
    const moved = redating === undefined ? one : movedBy(one, redating);
    if (moved === null) continue;
    const byScope = byProvince.get(one.province) ?? new Map<Scope, NoneFound[]>();
    byProvince.set(one.province, byScope);
    for (const scope of one.scopes) byScope.set(scope, [...(byScope.get(scope) ?? []), moved]);
  }
  const find = (
    destination: ProvinceCode,
    scope: Scope,
    atMs: number,
    isMeant: (places: Places | null) => boolean,
  ): NoneFound | undefined =>
    byProvince
      .get(destination)
      ?.get(scope)
      ?.find(({ fromMs, untilMs, places }) => fromMs <= atMs && atMs < untilMs && isMeant(places));
  return {
    at: (destination, purpose, kind, atMs, place = null) => {
      const scopes = kind === null ? [purpose] : [scopeOf(purpose, kind), purpose];
      const told = (isMeant: (places: Places | null) => boolean): NoneFound | undefined => {
        for (const scope of scopes) {
          const found = find(destination, scope, atMs, isMeant);
          if (found !== undefined) return found;
        }
        return undefined;
      };
      // What is told of the place comes before what is told of the whole province.
      return (
        (place === null ? undefined : told((places) => places !== null && lies(place, places))) ??
        told((places) => places === null) ??
        null
      );
    },
  };
}

export function lies(place: string, { are, codes }: Places): boolean {
  return codes.some((code) => isWithin(code, place)) === (are === 'within');
}

/** As rules are moved: what held then has no end, and what came later is left out. */
function movedBy(one: NoneFound, { redated, publishedAtMs }: Redating): NoneFound | null {
  const shiftMs = redated.shiftedByDays * DAY_MS;
  const thenMs = publishedAtMs - shiftMs;
  if (one.fromMs > thenMs) return null;
  const untilMs = one.untilMs <= thenMs ? one.untilMs + shiftMs : Number.POSITIVE_INFINITY;
  return { ...one, fromMs: one.fromMs + shiftMs, untilMs };
}
