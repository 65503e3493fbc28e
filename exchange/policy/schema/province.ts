/**
 * `province.json`: every publisher has one. It says for what and when no rule of the province is known and where one
 * was searched, and which city stands for it. It can't say otherwise than the rules do: here and in silent.ts.
 */

import { type Static, Type } from '@sinclair/typebox';
import type { NoneFound, Places, Search } from '#core/book/searched.ts';
import { isWithin, PLACE_CODE } from '#core/field/place.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { instantMs, parseDay, parseTime, startOfShanghaiDayMs } from '#core/field/time.ts';
import { type KindTable, NO_KINDS } from '#core/rules/kinds-text.ts';
import { scopesSchema } from '#core/rules/purpose.ts';
import { instant, type RuleText } from '#core/rules/rule-text.ts';
import { unknownKind } from '#core/rules/scope-faults.ts';
import type { Fault } from '#core/terms/fault.ts';
import { choice, closed, text } from '#core/terms/form.ts';

const said = (description: string) =>
  Type.Object({ zh: text(500, 'in Chinese'), en: text(500, 'in English') }, { ...closed, description });

const SEVERAL = { minItems: 2, uniqueItems: true } as const;

const SEARCH_NAME = '^[a-z][a-z0-9_]{0,31}$';
const day = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description });

const SearchSchema = Type.Object(
  {
    where: said('in what'),
    when: Type.String({ pattern: '^\\d{4}-\\d{2}(?:-\\d{2})?$', description: 'the month or the day of the search' }),
    about: Type.Optional(
      Type.Object(
        { from: day('the first day'), to: day('the last day') },
        { ...closed, description: 'of which days rules were looked for; without it of any' },
      ),
    ),
    words: Type.Optional(
      Type.Array(text(200, 'as they were typed'), {
        minItems: 1,
        uniqueItems: true,
        description: 'by which words; without it they were not kept',
      }),
    ),
  },
  closed,
);

const NoneKnownSchema = Type.Object(
  {
    for: scopesSchema('purposes, or kinds of place'),
    place: Type.Optional(
      Type.Union(
        [
          Type.Literal('elsewhere'),
          Type.Array(Type.String({ pattern: PLACE_CODE }), { minItems: 1, uniqueItems: true }),
        ],
        {
          description:
            'where such a place is stated: these codes, or elsewhere than in any place that a rule is for; without ' +
            'it wherever it is',
        },
      ),
    ),
    from: instant('the first instant'),
    until: instant('the first instant after'),
    searched: Type.Array(Type.String({ pattern: SEARCH_NAME }), {
      uniqueItems: true,
      description: 'by which of `searches`; empty: no source was read for it',
    }),
    seen: Type.Optional(said('what was seen, and makes no rule')),
  },
  { ...closed, description: 'no rule of the province is known for these' },
);

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
    searches: Type.Record(Type.String({ pattern: SEARCH_NAME }), SearchSchema, {
      ...closed,
      description: 'where, when and by which words rules of the province were searched',
    }),
    noneKnown: Type.Array(NoneKnownSchema, {
      description:
        'for what and when none is known: each day from 1 December 2021 to 7 January 2023 on which no rule judges, ' +
        'and none on which an own one does',
    }),
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
      ? [...searchFaults(value, kinds), ...cityFaults(value, own)]
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

/** What the file alone says wrongly; whether it agrees with the rules is silent.ts' part. */
function searchFaults({ noneKnown, searches }: ProvinceText, kinds: KindTable): Fault[] {
  const named = new Map(Object.entries(searches));
  return noneKnown.flatMap((entry, at) => {
    const pointer = `/noneKnown/${at}`;
    const [from, until] = [parseTime(entry.from)?.atMs, parseTime(entry.until)?.atMs];
    if (from === undefined || until === undefined || from >= until)
      return [
        {
          pointer: `${pointer}/until`,
          detail: 'is not after `from`, or one of both is no instant',
          mend: 'give the first instant, and the first after the last, such as 2022-07-29T00:00+08:00',
        },
      ];
    return [
      ...entry.for.flatMap((scope, index) => unknownKind(scope, kinds, `${pointer}/for/${index}`)),
      ...entry.searched.flatMap((name, index) =>
        searchedFault(named.get(name), { fromMs: from, untilMs: until }, `${pointer}/searched/${index}`),
      ),
      ...noneKnown.slice(0, at).flatMap((earlier) => overlapFault(earlier, entry, pointer)),
    ];
  });
}

function searchedFault(
  search: Static<typeof SearchSchema> | undefined,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
  pointer: string,
): Fault[] {
  if (search === undefined)
    return [{ pointer, detail: 'is none of `searches`', mend: 'name one of those, or add it there' }];
  if (search.about === undefined) return [];
  const [first, last] = [parseDay(search.about.from), parseDay(search.about.to)];
  if (first === null || last === null)
    return [{ pointer, detail: 'is about days that the calendar hasn’t', mend: 'mend its `about`' }];
  if (startOfShanghaiDayMs(first) <= fromMs && untilMs <= startOfShanghaiDayMs(last + 1)) return [];
  return [
    {
      pointer,
      detail: 'was not about all of these days',
      mend: 'name it for the days that it was about, and add what was searched for the others',
    },
  ];
}

type NoneKnown = ProvinceText['noneKnown'][number];

function overlapFault(earlier: NoneKnown, entry: NoneKnown, pointer: string): Fault[] {
  if (JSON.stringify(entry.place) !== JSON.stringify(earlier.place)) return [];
  const both = entry.for.filter((scope) => earlier.for.includes(scope));
  const apart = instantMs(entry.until) <= instantMs(earlier.from) || instantMs(earlier.until) <= instantMs(entry.from);
  if (both.length === 0 || apart) return [];
  return [{ pointer, detail: `says twice of the same days what ${both.join(', ')} has`, mend: 'say it once' }];
}

/** Of which stated places an entry is. */
export function placesOf({ place }: NoneKnown, own: readonly RuleText[]): Places | null {
  if (place === undefined) return null;
  return place === 'elsewhere' ? { are: 'outside', codes: placesWithRules(own) } : { are: 'within', codes: place };
}

export function placesWithRules(own: readonly RuleText[]): string[] {
  return [...new Set(own.flatMap(({ place = [], confirmed }) => (confirmed ? place : [])))].sort();
}

/** As answers tell it. */
export function noneFoundOf(provinces: readonly ProvinceText[], rules: readonly RuleText[]): NoneFound[] {
  return provinces.flatMap(({ province, searches, noneKnown }) => {
    const own = rules.filter((rule) => rule.province === province);
    const named = new Map(
      Object.entries(searches).map(([name, { where, when, about = null, words = [] }]): [string, Search] => [
        name,
        { where, when, about, words },
      ]),
    );
    return noneKnown.map((entry): NoneFound => {
      const { for: scopes, from, until, searched, seen = null } = entry;
      return {
        province,
        scopes,
        places: placesOf(entry, own),
        fromMs: instantMs(from),
        untilMs: instantMs(until),
        searches: searched.flatMap((name) => named.get(name) ?? []),
        seen,
      };
    });
  });
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
