/**
 * National rules that recognise a class of person beside whatever judges: "drivers with this pass everywhere". They are
 * looked for only where a question claims one of their classes. They must never turn anybody away.
 */

import { isApart, type KindTable } from '#core/rules/kinds-text.ts';
import { namedFor, scopeOf } from '#core/rules/purpose.ts';
import type { Rule } from './rule.ts';
import type { Alongside, Sought } from './selected.ts';

/** @param rules all that stand alongside @returns undefined where none is, or will be, for the classes claimed */
export function alongsideFor(
  rules: readonly Rule[],
  { purpose, kind, classes }: Sought,
  atMs: number,
  table: KindTable,
): Alongside | undefined {
  // Nearly all questions: they pay for nothing.
  if (classes === undefined || classes === null || classes.length === 0) return undefined;
  const scope = scopeOf(purpose, kind);
  const meant = rules.filter(
    (rule) =>
      atMs < rule.inForceUntilMs &&
      classes.some((name) => rule.text.classes?.[name] !== undefined) &&
      (isApart(table, scope) ? namedFor(rule, scope) === 'itself' : namedFor(rule, scope) !== null),
  );
  if (meant.length === 0) return undefined;
  const inForce = meant.filter(({ inForceFromMs }) => inForceFromMs <= atMs);
  const untilMs = Math.min(
    ...meant.map(({ inForceFromMs, inForceUntilMs }) => (inForceFromMs <= atMs ? inForceUntilMs : inForceFromMs)),
  );
  return { rules: inForce, untilMs };
}
