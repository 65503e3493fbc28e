/**
 * The clauses of a rule as they are written: few parts, each with one meaning, put together by `all_of` and `any_of`.
 * What a part takes is written out in every rule; there are no hidden defaults. policies/README.md is the guide.
 */

import { Type } from '@sinclair/typebox';
import { clauseFields, type ForText } from '#core/terms/for-text.ts';
import { closed } from '#core/terms/form.ts';
import { KINDS, type LeafClauseText } from './kinds.ts';

/** Written out, for a schema can't be the source of a type that holds itself. */
export interface GroupClauseText {
  readonly id: string;
  readonly for?: ForText;
  readonly kind: 'all_of' | 'any_of';
  readonly of: readonly ClauseText[];
}

export type ClauseText = LeafClauseText | GroupClauseText;

export function isGroup(clause: ClauseText): clause is GroupClauseText {
  return clause.kind === 'all_of' || clause.kind === 'any_of';
}

/** The name under which the whole schema holds the clauses: they stand inside each other. */
export const Clause = Type.Unsafe<ClauseText>({ $ref: '#/$defs/clause' });

const of = Type.Array(Clause, { minItems: 2, maxItems: 8 });
const AllOfClause = Type.Object(
  { ...clauseFields, kind: Type.Literal('all_of'), of },
  { ...closed, description: 'all of these together' },
);
const AnyOfClause = Type.Object(
  { ...clauseFields, kind: Type.Literal('any_of'), of },
  { ...closed, description: 'any one of these' },
);

/** Told apart by one property, so that a fault is reported against the kind that was meant. */
export const ClauseDefinition = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [...Object.values(KINDS).map(({ schema }) => schema), AllOfClause, AnyOfClause],
};
export const CLAUSE_KINDS: readonly string[] = [...Object.keys(KINDS), 'all_of', 'any_of'];

/** A clause with all that stand in it, from outside inwards, and where: a JSON pointer from the clause itself. */
export function* clausesIn(
  clause: ClauseText,
  pointer = '',
): Generator<{ readonly clause: ClauseText; readonly pointer: string; readonly within: readonly ClauseText[] }> {
  yield* walk(clause, pointer, []);
}

function* walk(clause: ClauseText, pointer: string, within: readonly ClauseText[]): ReturnType<typeof clausesIn> {
  yield { clause, pointer, within };
  if (!isGroup(clause)) return;
  for (const [index, one] of clause.of.entries()) yield* walk(one, `${pointer}/of/${index}`, [...within, clause]);
}
