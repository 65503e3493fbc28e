/**
 * The format of the tables by which codes are converted, as types: `national-code.json` and each publisher's
 * `code.json` under `policies/`. What they mean is in policies/README.md; the schema is exchange/policy/schema/code.ts.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { SourceText, Words } from '#core/rules/rule-text.ts';

/**
 * The three ways of March 2020. Recognition data: the province's own code stays as it is, and gets the data of others
 * beside it. Through the national code: what others assigned is converted into the national code and from there into
 * its own. National code: it has none of its own, and uses the national one together with its own data.
 */
export const CODE_WAYS = ['recognition_data', 'through_national_code', 'national_code'] as const;
export type CodeWay = (typeof CODE_WAYS)[number];

export interface NationalStateText {
  readonly state: string;
  readonly title: Words;
}

export interface NationalCodeText {
  /** The mildest first; the first is green. */
  readonly states: readonly NationalStateText[];
  readonly sources: readonly SourceText[];
  readonly note?: string;
}

export interface LocalStateText extends NationalStateText {
  /**
   * What it is in the national code; null: a local matter that no other province takes over (a pop-up, a missed local
   * round).
   */
  readonly national: string | null;
}

export interface CodeText {
  readonly province: ProvinceCode;
  readonly way: CodeWay;
  /** Its own states; without a code of its own none. */
  readonly states: readonly LocalStateText[];
  /** By national state, its own; for `through_national_code` only. */
  readonly fromNational?: Readonly<Record<string, string>>;
  readonly sources: readonly SourceText[];
  readonly note?: string;
}
