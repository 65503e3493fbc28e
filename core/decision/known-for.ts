/**
 * What is known of a person for one rule: which version judges, what of the records it takes, and whether the newest
 * result refuses. It decides nothing.
 */

import type { Rule } from '#core/book/rule.ts';
import { startOfShanghaiDayMs } from '#core/field/time.ts';
import type { ResultEvidence } from '#core/question/evidence.ts';
import type { Occasion } from '#core/question/occasion.ts';
import { newestLiftingMs, sift, type Sifted } from '#core/trial/sift.ts';
import { type Known, NO_DUTIES } from '#core/trial/trial.ts';
import { endOfDayMs } from '#core/trial/window.ts';
import type { Question } from './decision.ts';
import { newestCutMs } from './doubt.ts';

/** What of a question is about the person. */
type OfPerson = Pick<Question, 'snapshot' | 'presented' | 'occasion' | 'atMs'>;

export interface KnownFor {
  /** The version whose clauses judge: another than the one in force only in a transition. */
  readonly rule: Rule;
  readonly known: Known;
  /** The newest result, where it is a positive one that refuses. */
  readonly refusing: ResultEvidence | null;
}

export function knownFor(inForce: Rule, asked: OfPerson): KnownFor {
  const { snapshot, presented, occasion, atMs } = asked;
  const liftedMs = recoveredUntilMs(inForce, occasion, atMs);
  const first = sift(inForce, snapshot.view, presented, atMs, liftedMs);
  const rule = ruleFor(inForce, first);
  // What refuses is the judging version's word.
  const sifted =
    rule.positiveRefuses === inForce.positiveRefuses && rule.indeterminateRefuses === inForce.indeterminateRefuses
      ? first
      : sift(rule, snapshot.view, presented, atMs, liftedMs);
  return {
    rule,
    known: knownOf(inForce, rule, asked, sifted, liftedMs),
    refusing: refusingResult(inForce, sifted),
  };
}

/** In a transition the version that goes on judging, where the newest result is one of those that keep it. */
function ruleFor(rule: Rule, sifted: Sifted): Rule {
  const { transition } = rule;
  if (transition === null || sifted.tests.length === 0) return rule;
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const { issuedAtMs } of sifted.tests) newestMs = Math.max(newestMs, issuedAtMs);
  return transition.reportsIssued.some(({ fromMs, untilMs }) => newestMs >= fromMs && newestMs < untilMs)
    ? transition.rule
    : rule;
}

/** Up to when a stated recovery lifts positives; -Infinity when it lifts none. */
function recoveredUntilMs({ recoveryLifts }: Rule, { recoveredOnDay }: Occasion, atMs: number): number {
  if (!recoveryLifts || recoveredOnDay === null || atMs < startOfShanghaiDayMs(recoveredOnDay))
    return Number.NEGATIVE_INFINITY;
  return endOfDayMs(recoveredOnDay);
}

/** The newest result if it is one that refuses. Of two issued in the same instant the positive counts as newer. */
function refusingResult(inForce: Rule, sifted: Sifted): ResultEvidence | null {
  const { newestPositive } = sifted;
  return newestPositive === null || newestPositive.issuedAtMs < newestLiftingMs(inForce, sifted)
    ? null
    : newestPositive;
}

function knownOf(
  inForce: Rule,
  rule: Rule,
  { snapshot: { view }, occasion, atMs }: OfPerson,
  sifted: Sifted,
  liftedMs: number,
): Known {
  const refuses = rule.positiveRefuses || rule.indeterminateRefuses;
  const { newestPositive } = sifted;
  const cutMs = refuses ? newestCutMs(view) : Number.NEGATIVE_INFINITY;
  const late = rule.delayMs > 0 && occasion.delayedFromMs !== null && occasion.delayedFromMs < atMs;
  return {
    atMs,
    occasion,
    view,
    sifted,
    positiveMs: newestPositive === null ? Number.NEGATIVE_INFINITY : newestPositive.issuedAtMs,
    hiddenMs: cutMs > liftedMs ? hiddenUntilMs(inForce, rule, sifted, cutMs) : Number.NEGATIVE_INFINITY,
    delayMs: !late ? 0 : occasion.stayedInside === true ? Number.POSITIVE_INFINITY : rule.delayMs,
    claimableDelayMs: occasion.delayedFromMs === null ? rule.delayMs : 0,
    sinceMs: Number.NEGATIVE_INFINITY,
    duties: NO_DUTIES,
  };
}

/** Where single results alone lift, what was cut may refuse still beside the newest of the pooled ones. */
function hiddenUntilMs(inForce: Rule, { singlesLift }: Rule, sifted: Sifted, cutMs: number): number {
  return singlesLift && newestLiftingMs(inForce, sifted) <= cutMs ? Number.POSITIVE_INFINITY : cutMs;
}
