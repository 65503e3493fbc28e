/**
 * `province.json`: every publisher has one, and it says for what it has rules of its own and for what the national ones
 * stand in. Held against the rules, so that it can't say otherwise than they do.
 */

import { type Static, Type } from '@sinclair/typebox';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { PURPOSES, type Purpose, type RuleText } from '#core/rules/rule-text.ts';
import type { Fault } from '#core/terms/fault.ts';
import { choice, closed, text } from '#core/terms/form.ts';

export const ProvinceSchema = Type.Object(
  {
    province: choice(PROVINCE_CODES, 'two-digit code'),
    fallsBackFor: Type.Array(choice(PURPOSES, 'what the person wants to do'), {
      uniqueItems: true,
      description: 'for these the national rules apply: no rule without an end was found',
    }),
    note: Type.Object(
      { zh: text(500, 'in Chinese'), en: text(500, 'in English') },
      { ...closed, description: 'what was found and what was not' },
    ),
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
): (Fault & { readonly index: number })[] {
  const faults = provinces.flatMap(({ file, value }, index) => {
    if (!file.startsWith(`${value.province}-`))
      return [
        {
          index,
          pointer: '/province',
          detail: 'does not agree with the file’s place',
          mend: `move it to ${value.province}-<name>/province.json`,
        },
      ];
    const without = purposesWithout(value.province, rules);
    const same =
      without.length === value.fallsBackFor.length && without.every((purpose) => value.fallsBackFor.includes(purpose));
    return same
      ? []
      : [
          {
            index,
            pointer: '/fallsBackFor',
            detail: 'does not agree with the rules',
            mend: `write [${without.map((purpose) => `"${purpose}"`).join(', ')}], or change the rules`,
          },
        ];
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

/** The purposes for which a province has no rule of its own in force without an end. */
export function purposesWithout(code: string, rules: readonly RuleText[]): Purpose[] {
  const lasting = rules.filter(
    ({ province, confirmed, inForce }) => province === code && confirmed && inForce.until === null,
  );
  return PURPOSES.filter((purpose) => !lasting.some(({ purposes }) => purposes.includes(purpose)));
}
