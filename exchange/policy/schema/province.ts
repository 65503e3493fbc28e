/**
 * `province.json`: every publisher has one. It says for what no rule of the province is known and where one was
 * searched, and which city stands for it. Held against the rules, so that it can't say otherwise than they do.
 */

import { type Static, Type } from '@sinclair/typebox';
import { isWithin, PLACE_CODE } from '#core/field/place.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { type KindTable, NO_KINDS } from '#core/rules/kinds-text.ts';
import { namedFor, PURPOSES, purposeOf, type Scope, SCOPE } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { unknownKind } from '#core/rules/scope-faults.ts';
import type { Fault } from '#core/terms/fault.ts';
import { choice, closed, text } from '#core/terms/form.ts';

const said = (description: string) =>
  Type.Object({ zh: text(500, 'in Chinese'), en: text(500, 'in English') }, { ...closed, description });

const SEVERAL = { minItems: 2, uniqueItems: true } as const;

export const ProvinceSchema = Type.Object(
  {
    province: choice(PROVINCE_CODES, 'two-digit code'),
    standsFor: Type.Optional(
      Type.Union([Type.String({ pattern: PLACE_CODE }), Type.Array(Type.String({ pattern: PLACE_CODE }), SEVERAL)], {
        description:
          'the place whose rules hold where no place is stated, or several: then the first that has a rule for what ' +
          'is asked; needed where rules of several places stand',
      }),
    ),
    noneKnown: Type.Optional(
      Type.Record(
        Type.String({ pattern: SCOPE }),
        Type.Object(
          { searched: said('where, when and by which words a rule was searched, and not found') },
          { ...closed, description: 'of a purpose, or a kind of place within it' },
        ),
        { ...closed, description: 'for these no rule of the province is known' },
      ),
    ),
    note: said('what was found and what was not'),
  },
  closed,
);
export type ProvinceText = Static<typeof ProvinceSchema>;

interface InFile {
  readonly file: string;
  readonly value: ProvinceText;
}

/** `index` -1: of no file. */
export function provinceFaults(
  provinces: readonly InFile[],
  rules: readonly RuleText[],
  kinds: KindTable = NO_KINDS,
): (Fault & { readonly index: number })[] {
  const faults = provinces.flatMap(({ file, value }, index) => {
    const own = rules.filter(({ province, confirmed }) => province === value.province && confirmed);
    const found = file.startsWith(`${value.province}-`)
      ? [...searchFaults(value, own, kinds), ...cityFaults(value, own)]
      : [
          {
            pointer: '/province',
            detail: 'does not agree with the file’s place',
            mend: `move it to ${value.province}-<name>/province.json`,
          },
        ];
    return found.map((fault) => ({ index, ...fault }));
  });
  const missing = PROVINCE_CODES.filter((code) => !provinces.some(({ value }) => value.province === code));
  return [
    ...faults,
    ...missing.map((code) => ({
      index: -1,
      pointer: `/${code}`,
      detail: 'has no province.json',
      mend: `add policies/${code}-<name>/province.json`,
    })),
  ];
}

/** What no rule is known for must have been searched, and what one is known for has been found. */
function searchFaults({ noneKnown = {} }: ProvinceText, own: readonly RuleText[], kinds: KindTable): Fault[] {
  const has = (scope: Scope): boolean => own.some((rule) => namedFor(rule, scope) !== null);
  const none = Object.keys(noneKnown) as Scope[];
  const missing = PURPOSES.filter((purpose) => !has(purpose) && !none.includes(purpose));
  return [
    ...missing.map((purpose) => ({
      pointer: '/noneKnown',
      detail: `does not name ${purpose}, for which there is no rule`,
      mend: `add "${purpose}": { "searched": … }, or a rule`,
    })),
    ...none.flatMap((scope) => {
      const pointer = `/noneKnown/${scope.replaceAll('/', '~1')}`;
      const faults = unknownKind(scope, kinds, pointer);
      if (has(scope)) faults.push({ pointer, detail: 'is what a rule of the province is for', mend: 'take it out' });
      else if (scope !== purposeOf(scope) && none.includes(purposeOf(scope)))
        faults.push({ pointer, detail: 'lies in another that is named here', mend: 'take it out' });
      return faults;
    }),
  ];
}

/** Where rules of several places stand, somebody must say which of them is meant where no place is stated. */
function cityFaults({ province, standsFor }: ProvinceText, own: readonly RuleText[]): Fault[] {
  const places = [...new Set(own.flatMap(({ place = [] }) => place))].sort();
  if (standsFor === undefined)
    return places.length <= 1
      ? []
      : [
          {
            pointer: '/standsFor',
            detail: `is missing, and there are rules of ${places.join(', ')}`,
            mend: 'name the one whose rules hold where no place is stated',
          },
        ];
  return [standsFor].flat().flatMap((named, at) =>
    places.some((place) => isWithin(place, named))
      ? []
      : [
          {
            pointer: typeof standsFor === 'string' ? '/standsFor' : `/standsFor/${at}`,
            detail: `is no place of which a rule of ${province} is known`,
            mend: places.length === 0 ? 'take it out' : `use ${places.join(', ')}`,
          },
        ],
  );
}
