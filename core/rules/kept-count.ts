/**
 * A transition in which results keep only what an older version counted from: the newer rule, with the older one's
 * count in it. Nothing else of the older version is kept.
 */

import { type ClauseText, clausesIn, isGroup } from '#core/clauses/clause-text.ts';
import type { AnchorText } from '#core/terms/window-text.ts';
import type { RuleText } from './rule-text.ts';

/** The newer version as it judges the results that keep the count; it has no transition itself. */
export function withCountOf(text: RuleText, older: RuleText): RuleText {
  const { transition: _, ...newer } = text;
  const { daysSinceTest } = older;
  const clauses = newer.clauses.map((clause) => counting(clause, countsOf(older.clauses)));
  return { ...newer, clauses, ...(daysSinceTest === undefined ? {} : { daysSinceTest }) };
}

/** Whether any clause of the newer version has one of the same id in the older. */
export function keepsCounts(newer: readonly ClauseText[], older: readonly ClauseText[]): boolean {
  const counts = countsOf(older);
  return [...countsOf(newer).keys()].some((id) => counts.has(id));
}

function countsOf(clauses: readonly ClauseText[]): ReadonlyMap<string, readonly AnchorText[]> {
  return new Map(
    clauses.flatMap((outer) =>
      [...clausesIn(outer)].flatMap(({ clause }) =>
        'countFrom' in clause ? [[clause.id, clause.countFrom] as const] : [],
      ),
    ),
  );
}

function counting(clause: ClauseText, counts: ReadonlyMap<string, readonly AnchorText[]>): ClauseText {
  if (isGroup(clause)) return { ...clause, of: clause.of.map((one) => counting(one, counts)) };
  const countFrom = counts.get(clause.id);
  return 'countFrom' in clause && countFrom !== undefined ? { ...clause, countFrom } : clause;
}
