/**
 * What of a rule's scope can never hold: kinds that the table doesn't name, exceptions from nothing, a place outside
 * the province. And which rules of one owner would be in force at once for the same scope. It judges no person.
 */

import { isWithin } from '#core/field/place.ts';
import { instantMs } from '#core/field/time.ts';
import type { Fault } from '#core/terms/fault.ts';
import { liesIn } from '#core/terms/part-faults.ts';
import { NATIONAL } from '#core/terms/source.ts';
import { type KindTable, kindsOf, titleOfKind } from './kinds-text.ts';
import { covers, kindIn, namedFor, purposeOf, type Scope } from './purpose.ts';
import type { RuleText } from './rule-text.ts';

export function scopeFaults(text: RuleText): Fault[] {
  const { province, purposes, except = [], place = [], takesPlaceOf } = text;
  const faults: Fault[] = except.flatMap((scope, at) =>
    purposes.some((one) => covers(one, scope))
      ? []
      : [
          {
            pointer: `/except/${at}`,
            detail: 'lies in none of the purposes that the rule names',
            mend: 'take it out: what isn’t named is left to others anyway',
          },
        ],
  );
  purposes.forEach((scope, at) => {
    if (except.some((one) => covers(one, scope)))
      faults.push({
        pointer: `/purposes/${at}`,
        detail: 'is left to others by `except`',
        mend: 'take it out of the one or the other',
      });
  });
  place.forEach((code, at) => {
    if (code.length <= 2 || !liesIn(province, code))
      faults.push({
        pointer: `/place/${at}`,
        detail: 'is no part of the province',
        mend: 'give codes of its cities or counties, or leave `place` out where the whole province is meant',
      });
  });
  if (takesPlaceOf !== undefined && province !== NATIONAL)
    faults.push({
      pointer: '/takesPlaceOf',
      detail: 'stands in a province’s rule',
      mend: 'take it out: only a national rule takes the place of others',
    });
  return [...faults, ...alongsideFaults(text)];
}

/** What stands alongside only ever recognises, and only its classes. */
function alongsideFaults({
  province,
  standsAlongside,
  takesPlaceOf,
  inForce,
  clauses,
  states = [],
  duties = [],
}: RuleText): Fault[] {
  if (standsAlongside === undefined) return [];
  const fault = (detail: string, mend: string): Fault => ({ pointer: '/standsAlongside', detail, mend });
  return [
    ...(province === NATIONAL ? [] : [fault('stands in a province’s rule', 'take it out: a city’s rule has `place`')]),
    ...(takesPlaceOf === undefined && inForce.enforcedFrom === undefined && states.length + duties.length === 0
      ? []
      : [
          fault(
            'stands beside `takesPlaceOf`, `enforcedFrom`, states or duties, which it can’t have',
            'leave one of the two out: such a rule only ever recognises',
          ),
        ]),
    ...clauses.flatMap((clause, at) =>
      clause.for?.class === undefined
        ? [
            {
              pointer: `/clauses/${at}`,
              detail: 'is for everybody, and the rule stands alongside others for classes of person',
              mend: 'say with `for` for which class it is, or leave `standsAlongside` out',
            },
          ]
        : [],
    ),
  ];
}

/** The kinds that a rule names and the table doesn't. */
export function unknownKinds({ purposes, except = [], states = [] }: RuleText, table: KindTable): Fault[] {
  const named: [string, Scope][] = [
    ...purposes.map((scope, at): [string, Scope] => [`/purposes/${at}`, scope]),
    ...except.map((scope, at): [string, Scope] => [`/except/${at}`, scope]),
    ...states.flatMap(({ admits = [], bars = [] }, state) => [
      ...admits.map((scope, at): [string, Scope] => [`/states/${state}/admits/${at}`, scope]),
      ...bars.map((scope, at): [string, Scope] => [`/states/${state}/bars/${at}`, scope]),
    ]),
  ];
  return named.flatMap(([pointer, scope]) => unknownKind(scope, table, pointer));
}

export function unknownKind(scope: Scope, table: KindTable, pointer: string): Fault[] {
  const kind = kindIn(scope);
  const purpose = purposeOf(scope);
  if (kind === null || titleOfKind(table, purpose, kind) !== null) return [];
  const known = kindsOf(table, purpose);
  return [
    {
      pointer,
      detail: 'names a kind of place that isn’t in the table',
      mend: `add it to 00-national/kinds.json${known.length === 0 ? '' : `, or use ${known.join(', ')}`}`,
    },
  ];
}

/** A scope that both would decide for at once, neither being narrower than the other. */
export function scopeOfBoth(a: RuleText, b: RuleText): Scope | null {
  if (a.province !== b.province || !overlap(a.inForce, b.inForce) || !samePlace(a.place, b.place)) return null;
  if (a.standsAlongside !== b.standsAlongside) return null;
  const same = a.purposes.find((scope) => namedFor(a, scope) === 'itself' && namedFor(b, scope) === 'itself');
  return same ?? null;
}

/** Of two places one within the other the narrower decides; so does any against none. */
function samePlace(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.some((code) => b.includes(code));
}

function overlap(a: RuleText['inForce'], b: RuleText['inForce']): boolean {
  const until = (text: string | null): number => (text === null ? Number.POSITIVE_INFINITY : instantMs(text));
  return instantMs(a.from) < until(b.until) && instantMs(b.from) < until(a.until);
}

/** Whether some question may be judged by either rule, the one before and the one after. */
export function sharesScope(a: RuleText, b: RuleText): boolean {
  const places = (a.place ?? [null]).some((one) =>
    (b.place ?? [null]).some((other) => one === null || other === null || isWithin(one, other) || isWithin(other, one)),
  );
  return places && a.purposes.some((one) => b.purposes.some((other) => covers(one, other) || covers(other, one)));
}
