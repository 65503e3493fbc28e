/**
 * `kinds.json`: the kinds of place that announcements tell apart within a purpose. The table grows with them; rules,
 * states and callers may name what is in it. Nothing in the code may know a kind by its name.
 */

import { Type } from '@sinclair/typebox';
import { closed, text } from '#core/terms/form.ts';
import { BothLanguages, type Words } from '#core/terms/words.ts';
import { KIND_NAME, kindIn, PURPOSES, type Purpose, purposeOf, type Scope } from './purpose.ts';

/** What a kind is called, and whether it is one only where it is stated. */
export interface KindText extends Words {
  /** Whoever means it says so, rules and callers alike: what is for the purpose isn't for it. */
  readonly apart?: boolean;
}

/** Of each purpose, its kinds. */
export type KindTable = { readonly [P in Purpose]?: Readonly<Record<string, KindText>> };

export interface KindsText {
  readonly kinds: KindTable;
  readonly note: string;
}

const Kind = Type.Object(
  {
    ...BothLanguages.properties,
    apart: Type.Optional(
      Type.Boolean({
        description: 'it must be named: no rule for the purpose is for it, and no question that names no kind means it',
      }),
    ),
  },
  closed,
);
const OfPurpose = Type.Record(Type.String({ pattern: `^${KIND_NAME}$` }), Kind, {
  ...closed,
  description: 'kinds of place within the purpose, as announcements tell them apart',
});

export const KindsSchema = Type.Object(
  {
    kinds: Type.Unsafe<KindTable>(
      Type.Object(Object.fromEntries(PURPOSES.map((purpose) => [purpose, Type.Optional(OfPurpose)])), closed),
    ),
    note: text(2_000, 'what a reader of the table should know'),
  },
  closed,
);

export const NO_KINDS: KindTable = {};

/** In the order of the table. */
export function kindsOf(table: KindTable, purpose: Purpose): readonly string[] {
  return Object.keys(table[purpose] ?? {});
}

/** The kinds that must be named to be meant. */
export function kindsApart(table: KindTable, purpose: Purpose): readonly string[] {
  return kindsOf(table, purpose).filter((kind) => table[purpose]?.[kind]?.apart === true);
}

export function isApart(table: KindTable, scope: Scope): boolean {
  const kind = kindIn(scope);
  return kind !== null && table[purposeOf(scope)]?.[kind]?.apart === true;
}

/** What a kind is called; null: the table doesn't name it. */
export function titleOfKind(table: KindTable, purpose: Purpose, kind: string): Words | null {
  const named = table[purpose];
  const title = named !== undefined && Object.hasOwn(named, kind) ? named[kind] : undefined;
  return title === undefined ? null : { zh: title.zh, en: title.en };
}
