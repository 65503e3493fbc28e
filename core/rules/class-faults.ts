/**
 * What of the classes of person that a rule speaks of can't be right: each must be called by some name in the rule. No
 * list here says which classes there are.
 */

import { clausesIn } from '#core/clauses/clause-text.ts';
import type { Fault } from '#core/terms/fault.ts';
import type { RuleText } from './rule-text.ts';

/** Classes that are asked for and not named, and named and not asked for. */
export function classFaults({ classes = {}, clauses, states = [], duties = [] }: RuleText): Fault[] {
  const asked = [
    ...clauses.map((clause, at) => ({ clause, start: `/clauses/${at}` })),
    ...[
      ...states.map((one, at) => [one, `/states/${at}`] as const),
      ...duties.map((one, at) => [one, `/duties/${at}`] as const),
    ].flatMap(([{ when, unless }, start]) => [
      ...(when === undefined ? [] : [{ clause: when, start: `${start}/when` }]),
      ...(unless === undefined ? [] : [{ clause: unless, start: `${start}/unless` }]),
    ]),
  ]
    .flatMap(({ clause, start }) =>
      [...clausesIn(clause, start)].map((one) => ({ who: one.clause.for, pointer: one.pointer })),
    )
    .concat(duties.map(({ for: who }, at) => ({ who, pointer: `/duties/${at}` })))
    .flatMap(({ who, pointer }) =>
      who?.class === undefined ? [] : [{ name: who.class, pointer: `${pointer}/for/class` }],
    );
  return [
    ...asked
      .filter(({ name }) => classes[name] === undefined)
      .map(({ pointer }) => ({
        pointer,
        detail: 'is no class that the rule names',
        mend: 'add it to the rule’s `classes`, with what it is called in Chinese and English',
      })),
    ...Object.keys(classes)
      .filter((name) => !asked.some((one) => one.name === name))
      .map((name) => ({
        pointer: `/classes/${name}`,
        detail: 'is a class that no clause is for',
        mend: 'leave it out, or say with `for` what is granted to it',
      })),
  ];
}
