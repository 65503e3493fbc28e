/**
 * The decision where a national rule stands alongside what judges, for a class of person that is claimed: either
 * recognises. It must never refuse by a rule that stands alongside, nor let one lift what bars there.
 */

import type { Alongside, Barring, RuleInForce, Selected } from '#core/book/selected.ts';
import { rulesIn } from '#core/book/selected.ts';
import { decideByRule } from './by-rule.ts';
import type { Decision, Question } from './decision.ts';

/** @param judged by what judges there */
export function decideEither(judged: Decision, question: Question, { rules, untilMs }: Alongside): Decision {
  const barring = barringOf(question.policy, untilMs);
  const others = rules.map((rule) => {
    const policy: RuleInForce = { rule, untilMs, ...(barring === undefined ? {} : { barring }) };
    return decideByRule({ ...question, policy }, policy);
  });
  const nextChangeMs = Math.min(untilMs, judged.nextChangeMs, ...others.map((one) => one.nextChangeMs));
  const chosen = [judged, ...others].toSorted((a, b) => rankOf(a) - rankOf(b))[0] as Decision;
  if (chosen === judged) return { ...judged, nextChangeMs };
  const askAgainByMs = soonest(judged.askAgainByMs, chosen.askAgainByMs);
  return { ...chosen, nextChangeMs, askAgainByMs, duties: judged.duties, states: judged.states };
}

/** A yes comes first, then what may still become one; of two alike that of what judges. */
function rankOf({ outcome }: Decision): number {
  return outcome === 'recognised' ? 0 : outcome === 'undetermined' ? 1 : 2;
}

/** All that bars there, also the states of the rule that judges. */
function barringOf(policy: Selected, untilMs: number): Barring | undefined {
  const ofOthers = policy.kinds === undefined ? [policy] : policy.kinds.map((one) => one.policy);
  const rules = [
    ...ofOthers.flatMap(({ barring }) => barring?.rules ?? []),
    ...rulesIn(policy).flatMap(({ rule }) => (rule.hasBars ? [rule] : [])),
  ];
  if (rules.length === 0) return undefined;
  const ends = ofOthers.map((one) => Math.min(one.untilMs, one.barring?.untilMs ?? Number.POSITIVE_INFINITY));
  return { rules: [...new Set(rules)], untilMs: Math.min(untilMs, ...ends) };
}

function soonest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
