/**
 * What a change of rules does to people: both sets of rules over the same views, by the visible data alone, so that a
 * province that happens to be behind doesn't blur who gains and who loses. Pure but for the books it is given.
 */

import type { NoneKnown, RuleInForce, Selected } from '#core/book/selected.ts';
import { decide } from '#core/decision/decide.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { PURPOSES, type Purpose } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { NO_FRESHNESS } from '#core/view/snapshot.ts';
import type { PersonView } from '#core/view/view.ts';
import type { RuleSet } from './files.ts';

/** A destination and purpose that another rule, or another text of the same, would judge. */
export interface ChangedQuestion {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  /** As it would be stated; null: where none is. */
  readonly place: string | null;
  readonly before: Selected;
  readonly after: Selected;
}

export type Effect = 'gains' | 'loses' | 'other_clause';

export interface Change {
  readonly question: ChangedQuestion;
  readonly effect: Effect;
  /** The clause that recognises; null: none. */
  readonly clauseBefore: string | null;
  readonly clauseAfter: string | null;
}

export function changedQuestions(before: RuleSet, after: RuleSet, atMs: number): ChangedQuestion[] {
  return PROVINCE_CODES.flatMap((destination) => {
    const places = placesIn([...before.texts, ...after.texts], destination);
    return PURPOSES.flatMap((purpose) =>
      [null, ...places].flatMap((place) => {
        const sought = { destination, purpose, kind: null, place };
        const [was, is] = [before.book.select(sought, atMs), after.book.select(sought, atMs)];
        const question = { destination, purpose, place, before: was, after: is };
        return textOf(before, was) === textOf(after, is) ? [] : [question];
      }),
    );
  });
}

/** The places that have rules of their own: a change there may be none where no place is stated. */
function placesIn(texts: readonly RuleText[], destination: ProvinceCode): string[] {
  const own = texts.filter(({ province }) => province === destination);
  return [...new Set(own.flatMap(({ place = [] }) => place))].sort();
}

/** What judges, in full: by kind where they differ. */
function textOf({ texts }: RuleSet, selected: Selected): string {
  const of = ({ rule }: RuleInForce | NoneKnown): RuleText | null =>
    texts.find(({ id, version }) => id === rule?.id && version === rule.version) ?? null;
  return JSON.stringify(
    selected.kinds !== undefined ? selected.kinds.map(({ kind, policy }) => [kind, of(policy)]) : of(selected),
  );
}

/** What of scope changes: which rules judge, by kind of place where they differ, or that none is known. */
export function scopeChanges(questions: readonly ChangedQuestion[]): string[] {
  return questions.flatMap(({ destination, purpose, place, before, after }) => {
    const [was, is] = [judgedBy(before), judgedBy(after)];
    return was === is ? [] : [`${destination} ${purpose}${place === null ? '' : ` in ${place}`}: ${was} → ${is}`];
  });
}

function judgedBy(selected: Selected): string {
  const name = ({ rule }: RuleInForce | NoneKnown): string => rule?.id ?? 'no rule known';
  if (!(selected.kinds !== undefined)) return name(selected);
  return selected.kinds.map(({ kind, policy }) => `${kind ?? 'any other'} ${name(policy)}`).join(', ');
}

/** What changes for a person who states nothing; nothing where both recognise by the same clause, or neither does. */
export function changesFor(view: PersonView, questions: readonly ChangedQuestion[], atMs: number): Change[] {
  return questions.flatMap((question) => {
    const clauseBefore = clauseOf(view, question, question.before, atMs);
    const clauseAfter = clauseOf(view, question, question.after, atMs);
    if (clauseBefore === clauseAfter) return [];
    const effect: Effect = clauseBefore === null ? 'gains' : clauseAfter === null ? 'loses' : 'other_clause';
    return [{ question, effect, clauseBefore, clauseAfter }];
  });
}

function clauseOf(view: PersonView, { purpose }: ChangedQuestion, policy: Selected, atMs: number): string | null {
  const snapshot = { partition: 0, view, position: null, freshness: NO_FRESHNESS };
  return decide({ policy, purpose, snapshot, presented: [], occasion: NOTHING_STATED, atMs, nowMs: atMs }).clauseId;
}
