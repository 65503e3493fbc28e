/**
 * The decision where no kind of place was stated and different rules judge the kinds: the outcome that all of them come
 * to, if that is one and the same, else what each would be. It must never pick one of them.
 */

import type { KindJudged, NoneKnown, RuleInForce } from '#core/book/selected.ts';
import { decideByRule } from './by-rule.ts';
import type { Decision, KindDecided, Question } from './decision.ts';
import { decideWithoutRule } from './none-known.ts';

export function decideByKind(question: Question, judged: readonly KindJudged[]): Decision {
  const all = decideEach(question, judged);
  const ofRest = all.at(-1) as Decision;
  const nextChangeMs = Math.min(...all.map((one) => one.nextChangeMs));
  const asksAgain = all.flatMap(({ askAgainByMs }) => (askAgainByMs === null ? [] : [askAgainByMs]));
  const askAgainByMs = asksAgain.length === 0 ? null : Math.min(...asksAgain);
  const together = { ...ofRest, nextChangeMs, askAgainByMs };
  const isGoingInAlike = all.every((one) => one.mayGoIn === ofRest.mayGoIn);
  const mayGoIn = isGoingInAlike ? ofRest.mayGoIn : null;
  if (all.every(({ outcome }) => outcome === ofRest.outcome)) {
    const alike = { ...together, ...firstEnd(all) };
    // A state that bars from some kinds alone changes no outcome, and so keeps nobody from the answer.
    return isGoingInAlike
      ? alike
      : { ...alike, mayGoIn, missing: [...ofRest.missing, 'kind'], kinds: kindsOf(judged, all) };
  }
  return {
    ...together,
    outcome: 'undetermined',
    reason: 'statement_missing',
    mayGoIn,
    rule: null,
    clauseId: null,
    evidence: [],
    validUntilMs: null,
    validUntilInclusive: false,
    missing: ['kind'],
    duties: [],
    states: [],
    vaccinated: null,
    daysSinceTest: null,
    kinds: kindsOf(judged, all),
  };
}

/** Kinds with one and the same policy get one decision: a kind from which a state bars has a policy of its own. */
function decideEach(question: Question, judged: readonly KindJudged[]): readonly Decision[] {
  const all: Decision[] = [];
  for (const { kind, policy } of judged) {
    const first = judged.findIndex((one) => one.policy === policy);
    all.push(all[first] ?? decideOne(question, kind, policy));
  }
  return all;
}

function decideOne(question: Question, kind: string | null, policy: RuleInForce | NoneKnown): Decision {
  return isKnown(policy) ? decideByRule(question, policy, kind) : decideWithoutRule(question, policy, kind);
}

function kindsOf(judged: readonly KindJudged[], all: readonly Decision[]): readonly KindDecided[] {
  return judged.map(({ kind, title }, at) => ({ kind, title, decision: all[at] as Decision }));
}

function isKnown(policy: RuleInForce | NoneKnown): policy is RuleInForce {
  return policy.rule !== null;
}

/** Of several recognitions what ends first ends the answer. */
function firstEnd(all: readonly Decision[]): Pick<Decision, 'validUntilMs' | 'validUntilInclusive'> {
  let [validUntilMs, validUntilInclusive] = [all[0]?.validUntilMs ?? null, all[0]?.validUntilInclusive ?? false];
  for (const one of all) {
    if (validUntilMs === null || one.validUntilMs === null || one.validUntilMs > validUntilMs) continue;
    validUntilInclusive = one.validUntilInclusive && (validUntilInclusive || one.validUntilMs < validUntilMs);
    validUntilMs = one.validUntilMs;
  }
  return { validUntilMs, validUntilInclusive };
}
