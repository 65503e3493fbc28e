/**
 * What a change of rules does to people: both sets of rules over the same views, by the visible data alone, so that a
 * province that happens to be behind doesn't blur who gains and who loses. Pure but for the books it is given.
 */

import type { Rule } from '#core/book/rule.ts';
import { judgedOf, type NoneKnown, type RuleInForce, type Selected } from '#core/book/selected.ts';
import type { Decision } from '#core/decision/decision.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { PURPOSES, type Purpose } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { PersonView } from '#core/view/view.ts';
import { freshSnapshot } from './cases.ts';
import type { RuleSet } from './files.ts';
import { decideStatingNothing } from './stating-nothing.ts';

/** A destination and purpose that another rule, or another text of the same, would judge. */
export interface ChangedQuestion {
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  /** As it would be stated; null: where none is. */
  readonly place: string | null;
  readonly before: Selected;
  readonly after: Selected;
}

/** `barred` and `let_in`: by a state, whatever the outcome. */
export type Effect = 'gains' | 'loses' | 'barred' | 'let_in' | 'other_clause';

export interface Change {
  readonly question: ChangedQuestion;
  readonly effect: Effect;
  /** The clause that recognises; null: none. */
  readonly clauseBefore: string | null;
  readonly clauseAfter: string | null;
}

/** Each version that one of both alone has, or that both have with another text, and when it is in force. */
export function textChanges(before: readonly RuleText[], after: readonly RuleText[]): string[] {
  const [was, is] = [byVersion(before), byVersion(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names.flatMap((name) => {
    const [old, now] = [was.get(name), is.get(name)];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    const how = old === undefined ? 'comes in' : now === undefined ? 'goes' : 'differs';
    const { from, until } = ((now ?? old) as RuleText).inForce;
    return [`${name} ${how}; in force from ${from}${until === null ? '' : ` until ${until}`}`];
  });
}

function byVersion(texts: readonly RuleText[]): ReadonlyMap<string, RuleText> {
  return new Map(texts.map((text) => [`${text.id} v${text.version}${text.confirmed ? '' : ' (unconfirmed)'}`, text]));
}

export function changedQuestions(before: RuleSet, after: RuleSet, atMs: number): ChangedQuestion[] {
  // What stands alongside is there for who claims a class: all are, so that no change of it is passed over.
  const classes = [...before.texts, ...after.texts].flatMap((text) => Object.keys(text.classes ?? {}));
  return PROVINCE_CODES.flatMap((destination) => {
    const places = placesIn([...before.texts, ...after.texts], destination);
    return PURPOSES.flatMap((purpose) =>
      [null, ...places].flatMap((place) => {
        const sought = { destination, purpose, kind: null, place, classes };
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

/** What judges, in full: by kind where they differ, with what else may recognise there, or bar. */
function textOf(set: RuleSet, selected: Selected): string {
  const judging = judgedOf(selected).map(({ kind, policy: { rule } }) => [
    kind,
    rule === null ? null : whole(set, rule),
  ]);
  return JSON.stringify([judging, [...besideOf(set, selected)]]);
}

function whole({ texts }: RuleSet, rule: Rule): RuleText | undefined {
  return texts.find(({ id, version }) => id === rule.id && version === rule.version);
}

/** By its role and name what of each other rule matters there: of one that bars, only what its states turn on. */
function besideOf(set: RuleSet, selected: Selected): ReadonlyMap<string, string> {
  const barring = judgedOf(selected).flatMap(({ policy }) => policy.barring?.rules ?? []);
  return new Map([
    ...(selected.alongside?.rules ?? []).map((rule): [string, string] => [
      `${rule.id} alongside`,
      JSON.stringify(whole(set, rule)),
    ]),
    ...barring.map((rule): [string, string] => {
      const { states, duties, classes } = whole(set, rule) ?? {};
      return [`the states of ${rule.id}`, JSON.stringify([states, duties, classes])];
    }),
  ]);
}

/** What of scope changes: which rules judge, by kind of place where they differ, or that none is known. */
export function scopeChanges(questions: readonly ChangedQuestion[]): string[] {
  return questions.flatMap(({ destination, purpose, place, before, after }) => {
    const [was, is] = [judgedBy(before), judgedBy(after)];
    return was === is ? [] : [`${nameOf({ destination, purpose, place })}: ${was} → ${is}`];
  });
}

/** What else may recognise or bar, where that differs: rules that judge nobody there, and stood in no line before. */
export function changesBeside(before: RuleSet, after: RuleSet, questions: readonly ChangedQuestion[]): string[] {
  return questions.flatMap((question) => {
    const [was, is] = [besideOf(before, question.before), besideOf(after, question.after)];
    const names = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
    return names.map((name) => {
      const how = !was.has(name) ? 'come in' : !is.has(name) ? 'go' : 'differ';
      return `${nameOf(question)}: ${name} ${how}`;
    });
  });
}

function nameOf({ destination, purpose, place }: Pick<ChangedQuestion, 'destination' | 'purpose' | 'place'>): string {
  return `${destination} ${purpose}${place === null ? '' : ` in ${place}`}`;
}

function judgedBy(selected: Selected): string {
  const name = ({ rule }: RuleInForce | NoneKnown): string => rule?.id ?? 'no rule known';
  if (!(selected.kinds !== undefined)) return name(selected);
  return selected.kinds.map(({ kind, policy }) => `${kind ?? 'any other'} ${name(policy)}`).join(', ');
}

/**
 * What changes for a person who states nothing; nothing where both recognise by the same clause, or neither does, and a
 * state bars before as after.
 */
export function changesFor(view: PersonView, questions: readonly ChangedQuestion[], atMs: number): Change[] {
  // As if all data were here: so what bars does so plainly.
  const snapshot = freshSnapshot(view, atMs);
  return questions.flatMap((question) => {
    const { purpose } = question;
    // Somebody who states nothing claims no class: nothing stands alongside.
    const [was, is] = [question.before, question.after].map((policy) =>
      decideStatingNothing({ policy: { ...policy, alongside: undefined }, purpose, snapshot, atMs }),
    ) as [Decision, Decision];
    const effect = effectOf(was, is);
    return effect === null ? [] : [{ question, effect, clauseBefore: was.clauseId, clauseAfter: is.clauseId }];
  });
}

function effectOf(was: Decision, is: Decision): Effect | null {
  if (was.clauseId === null && is.clauseId !== null) return 'gains';
  if (was.clauseId !== null && is.clauseId === null) return 'loses';
  if (isBarred(was) !== isBarred(is)) return isBarred(is) ? 'barred' : 'let_in';
  return was.clauseId === is.clauseId ? null : 'other_clause';
}

function isBarred({ outcome, reason, mayGoIn }: Decision): boolean {
  const isNo = outcome === 'not_recognised' || outcome === 'no_evidence';
  return mayGoIn === false && (!isNo || reason === 'state_bars');
}
