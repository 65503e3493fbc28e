/**
 * `kinds.json`: the kinds of place that announcements tell apart within a purpose. The table grows with them; rules,
 * states and callers may name what is in it. Nothing in the code may know a kind by its name.
 */

import { Type } from '@sinclair/typebox';
import { closed, text } from '#core/terms/form.ts';
import { BothLanguages, type Words } from '#core/terms/words.ts';
import { KIND_NAME, PURPOSES, type Purpose } from './purpose.ts';

/** Of each purpose, what its kinds are called. */
export type KindTable = { readonly [P in Purpose]?: Readonly<Record<string, Words>> };

export interface KindsText {
  readonly kinds: KindTable;
  readonly note: string;
}

const OfPurpose = Type.Record(Type.String({ pattern: `^${KIND_NAME}$` }), BothLanguages, {
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

/** What a kind is called; null: the table doesn't name it. */
export function titleOfKind(table: KindTable, purpose: Purpose, kind: string): Words | null {
  const named = table[purpose];
  return named !== undefined && Object.hasOwn(named, kind) ? (named[kind] ?? null) : null;
}
