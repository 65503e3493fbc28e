/**
 * The decision itself: rule × snapshot × occasion × what is presented × instant → outcome. Pure, and cheap enough to be
 * made for every look-up. Two things it must never do: call something recognised that a newer positive outweighs, and
 * say "no" plainly where an event that it can't see could make it a "yes" (invariant *Honest about what it can't
 * know*).
 */

import type { RuleInForce } from '#core/book/policy-book.ts';
import type { Rule, State } from '#core/book/rule.ts';
import { shanghaiDayOf, startOfShanghaiDayMs } from '#core/field/time.ts';
import type { Presented, ResultEvidence } from '#core/question/evidence.ts';
import type { Occasion, Statement } from '#core/question/occasion.ts';
import { type DutyOwed, dutiesOwed } from '#core/trial/duties.ts';
import { sift, type Sifted } from '#core/trial/sift.ts';
import { staysWereCut } from '#core/trial/stays.ts';
import { changesAt, type Held, type Trial, TRUTH } from '#core/trial/trial.ts';
import { type Vaccinated, vaccinatedAt } from '#core/trial/vaccinated-at.ts';
import { endOfDayMs } from '#core/trial/window.ts';
import { assessData, type DataState } from '#core/view/freshness.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import { isIncomplete } from '#core/view/unreadable.ts';
import { doubtOf, type Incomplete, newestCutMs } from './doubt.ts';
import { type Counted, count, type Finding, findingOf, foundBy } from './finding.ts';
import { nextChangeOf } from './next-change.ts';
import type { Outcome, Reason } from './outcome.ts';

export interface Question {
  readonly policy: RuleInForce;
  readonly snapshot: Snapshot;
  readonly presented: readonly Presented[];
  readonly occasion: Occasion;
  /** The instant of the occasion. */
  readonly atMs: number;
  /** The clock, which freshness is held against. */
  readonly nowMs: number;
}

export interface Decision {
  readonly outcome: Outcome;
  /** The finding, or what keeps it from being settled. */
  readonly reason: Reason;
  readonly finding: Finding;
  /** The version whose clauses judged: another than the one in force only in a transition. */
  readonly rule: Rule;
  /** The clause that recognises by the visible data. */
  readonly clauseId: string | null;
  readonly evidence: readonly Counted[];
  /** Null unless recognised; Infinity where nothing known ends it. */
  readonly validUntilMs: number | null;
  readonly validUntilInclusive: boolean;
  /** On the clock of `atMs`; Infinity: never by the clock alone. */
  readonly nextChangeMs: number;
  /** On the clock of `nowMs`. */
  readonly askAgainByMs: number;
  /** Statements that could make a difference. */
  readonly missing: readonly Statement[];
  readonly duties: readonly DutyOwed[];
  readonly states: readonly State[];
  /** Null where the rule doesn't show it. */
  readonly vaccinated: Vaccinated | null;
  readonly daysSinceTest: number | null;
  readonly data: DataState;
  readonly incomplete: Incomplete;
}

export function decide(question: Question): Decision {
  const { policy, snapshot, presented, occasion, atMs, nowMs } = question;
  const inForce = policy.rule;
  const { view, position, freshness } = snapshot;
  const data = assessData(position, freshness, nowMs, inForce.freshnessBoundMs);
  const incomplete = { person: view !== null && isIncomplete(view), provinces: freshness.incompleteProvinces };
  const liftedMs = recoveredUntilMs(inForce, occasion, atMs);
  const sifted = sift(inForce, view, presented, atMs, liftedMs);
  const rule = ruleFor(inForce, sifted);
  const refusing = refusingResult(rule, sifted);
  const trial = trialOf(rule, question, sifted, liftedMs);
  const verdict = rule.judge(trial);
  const reminds = refusing === null && atMs < inForce.enforcedFromMs;
  // While a rule only reminds, evidence that isn't sure is no worse than none.
  const held =
    refusing === null && verdict.truth === TRUTH.yes && (!reminds || isSure(verdict, trial)) ? verdict : null;
  const onlyReminds = held === null && reminds;
  changesAt(trial, inForce.enforcedFromMs);
  const missing = held === null && refusing === null && trial.missing !== null ? [...trial.missing] : [];
  const otherInstant =
    occasion.instant !== null && rule.comparedWith.length > 0 && !rule.comparedWith.includes(occasion.instant);
  const states = rule.states.length === 0 ? NO_STATES : rule.states.filter((state) => isShown(state, trial));
  const shared = {
    rule,
    missing,
    duties: dutiesOwed(rule.duties, trial),
    states,
    vaccinated: inForce.showsVaccination ? vaccinatedAt(view, atMs) : null,
    daysSinceTest: daysSinceTest(rule, sifted, held, atMs),
    data,
    incomplete,
  };
  let found: Pick<
    Decision,
    'outcome' | 'reason' | 'finding' | 'clauseId' | 'evidence' | 'validUntilMs' | 'validUntilInclusive'
  >;
  if (held !== null || onlyReminds) {
    const finding = held === null ? 'only_reminded' : foundBy(held);
    const doubt = data.exchangeBehind
      ? 'exchange_behind'
      : otherInstant
        ? 'other_instant'
        : isSure(held, trial)
          ? null
          : cutFrom(trial)
            ? 'history_cut'
            : 'stay_unclear';
    const endsBy = held === null ? inForce.enforcedFromMs : held.endMs;
    const evidence = held === null ? [] : held.evidence.map((one) => counted(rule, one, held));
    const nextMs = Math.min(
      policy.untilMs,
      rule.positiveRefuses || rule.indeterminateRefuses ? sifted.nextPositiveMs : Number.POSITIVE_INFINITY,
      rule === inForce ? Number.POSITIVE_INFINITY : sifted.nextMs,
    );
    const ownEnd = endsBy < nextMs;
    found = {
      outcome: doubt === null ? 'recognised' : 'undetermined',
      reason: doubt ?? finding,
      finding,
      clauseId: held?.clauseId ?? null,
      evidence,
      validUntilMs: doubt === null ? (ownEnd ? endsBy : nextMs) : null,
      validUntilInclusive: doubt === null && ownEnd && held !== null && held.endInclusive,
    };
  } else {
    const { outcome, finding, evidence } = findingOf(rule, sifted, refusing, verdict, trial);
    const doubt =
      doubtOf({ rule, sifted, refusing, trial, data, incomplete, atMs: lookBackMs(trial) }) ??
      (otherInstant
        ? 'other_instant'
        : refusing === null && verdict.truth === TRUTH.unknown
          ? 'statement_missing'
          : null);
    const shown = presented
      .filter((one) => !evidence.some((known) => known.evidence === one))
      .map((one) => count(rule, one));
    found = {
      outcome: doubt === null ? outcome : 'undetermined',
      reason: doubt ?? finding,
      finding,
      clauseId: null,
      evidence: [...evidence, ...shown],
      validUntilMs: null,
      validUntilInclusive: false,
    };
  }
  const { nextChangeMs, standsForMs } = nextChangeOf({ policy, rule, trial, outcome: found.outcome, data, nowMs });
  return { ...found, ...shared, nextChangeMs, askAgainByMs: nowMs + Math.min(inForce.askAgainMs, standsForMs) };
}

const NO_STATES: readonly State[] = [];

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
function refusingResult(rule: Rule, { newestPositive, newestNegativeMs }: Sifted): ResultEvidence | null {
  if (newestPositive === null || newestPositive.issuedAtMs < newestNegativeMs) return null;
  return rule.positiveRefuses || newestPositive.result === 'indeterminate' ? newestPositive : null;
}

function trialOf(
  rule: Rule,
  { snapshot: { view }, occasion, atMs }: Question,
  sifted: Sifted,
  liftedMs: number,
): Trial {
  const refuses = rule.positiveRefuses || rule.indeterminateRefuses;
  const { newestPositive } = sifted;
  const cutMs = refuses ? newestCutMs(view) : Number.NEGATIVE_INFINITY;
  const late = rule.delayMs > 0 && occasion.delayedFromMs !== null && occasion.delayedFromMs < atMs;
  const trial: Trial = {
    atMs,
    occasion,
    view,
    sifted,
    positiveMs: refuses && newestPositive !== null ? newestPositive.issuedAtMs : Number.NEGATIVE_INFINITY,
    hiddenMs: cutMs > liftedMs ? cutMs : Number.NEGATIVE_INFINITY,
    delayMs: !late ? 0 : occasion.stayedInside === true ? Number.POSITIVE_INFINITY : rule.delayMs,
    claimableDelayMs: occasion.delayedFromMs === null ? rule.delayMs : 0,
    nextMs: Number.POSITIVE_INFINITY,
    sinceMs: Number.NEGATIVE_INFINITY,
    duties: null,
    missing: null,
  };
  if (rule.recoveryLifts && occasion.recoveredOnDay !== null)
    changesAt(trial, startOfShanghaiDayMs(occasion.recoveredOnDay));
  if (occasion.delayedFromMs !== null) changesAt(trial, occasion.delayedFromMs);
  return trial;
}

/**
 * Whether nothing can stand against it that can't be seen: a positive that was cut, a stay that was cut or is unclear.
 */
function isSure(held: Held | null, { hiddenMs, sifted }: Trial): boolean {
  if (held !== null && (!held.sure || held.evidence.length > 0)) return held.sure;
  return hiddenMs === Number.NEGATIVE_INFINITY || sifted.newestNegativeMs > hiddenMs;
}

function cutFrom({ hiddenMs, view }: Trial): boolean {
  return hiddenMs !== Number.NEGATIVE_INFINITY || staysWereCut(view);
}

/** From when back a window may reach: what still counted at the scheduled instant may count later. */
function lookBackMs({ atMs, delayMs, occasion }: Trial): number {
  return delayMs > 0 && occasion.delayedFromMs !== null ? occasion.delayedFromMs : atMs;
}

function isShown({ when, unless }: State, trial: Trial): boolean {
  return (when === null || when(trial).truth === TRUTH.yes) && (unless === null || unless(trial).truth !== TRUTH.yes);
}

/** One piece of evidence alone lasts as long as what it holds up. */
function counted(rule: Rule, evidence: Counted['evidence'], { evidence: all, endMs, by }: Held): Counted {
  return all.length === 1 && by !== 'condition' ? { evidence, untilMs: endMs } : count(rule, evidence);
}

/** As the code shows them: while a sampling carries the newest test over, the days stand still at the sampling's. */
function daysSinceTest(rule: Rule, { newestTest }: Sifted, held: Held | null, atMs: number): number | null {
  const testedMs = newestTest === null ? null : rule.testDayMs(newestTest);
  if (testedMs === null) return null;
  const [sampling, carried] = held?.by === 'carried_over' ? held.evidence : [];
  const shownAtMs = carried === newestTest ? (sampling?.sampledAtMs ?? atMs) : atMs;
  return Math.max(0, shanghaiDayOf(shownAtMs) - shanghaiDayOf(testedMs));
}
