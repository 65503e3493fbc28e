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
import type { DutyOwed } from '#core/trial/duties.ts';
import { sift, type Sifted } from '#core/trial/sift.ts';
import { staysWereCut } from '#core/trial/stays.ts';
import { emptyNotes, type Held, type Known, NO_DUTIES, TRUTH, type Verdict } from '#core/trial/trial.ts';
import { type Vaccinated, vaccinatedAt } from '#core/trial/vaccinated-at.ts';
import { endOfDayMs } from '#core/trial/window.ts';
import { assessData, type DataState } from '#core/view/freshness.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import { isIncomplete } from '#core/view/unreadable.ts';
import { besideOf } from './beside.ts';
import { doubtOf, hidesStayThatGrants, type Incomplete, newestCutMs } from './doubt.ts';
import { type Finding, findingOf, foundBy, type Lasting, lastingOf } from './finding.ts';
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
  readonly evidence: readonly Lasting[];
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
  const known = knownOf(rule, question, sifted, liftedMs);
  const notes = emptyNotes();
  const verdict = rule.judge(known, notes);
  const reminds = refusing === null && atMs < inForce.enforcedFromMs;
  // A rule that only reminds admits everybody. So a verdict that isn't sure gives way to that, and raises no doubt.
  const held =
    refusing === null && verdict.truth === TRUTH.yes && (!reminds || isSure(verdict, known)) ? verdict : null;
  const otherInstant =
    occasion.instant !== null && rule.comparedWith.length > 0 && !rule.comparedWith.includes(occasion.instant);
  const decided = { inForce, rule, question, known, refusing, verdict, otherInstant, data, incomplete };
  const found = held !== null || reminds ? admitted(decided, held) : turnedAway(decided);
  const { duties, states, nextMs: besideNextMs } = besideOf(rule, known);
  const { nextChangeMs, standsForMs } = nextChangeOf({
    policy,
    rule,
    known,
    askedNextMs: Math.min(notes.nextMs, found.nextMs, besideNextMs),
    outcome: found.outcome,
    data,
    nowMs,
  });
  return {
    outcome: found.outcome,
    reason: found.reason,
    finding: found.finding,
    clauseId: found.clauseId,
    evidence: found.evidence,
    validUntilMs: found.validUntilMs,
    validUntilInclusive: found.validUntilInclusive,
    rule,
    missing: held === null && refusing === null && notes.missing !== null ? [...notes.missing] : [],
    duties,
    states,
    vaccinated: inForce.showsVaccination ? vaccinatedAt(view, atMs) : null,
    daysSinceTest: daysSinceTest(rule, sifted, held, atMs),
    data,
    incomplete,
    nextChangeMs,
    askAgainByMs: nowMs + Math.min(inForce.askAgainMs, standsForMs),
  };
}

/** What the outcome is made of. */
interface Decided {
  readonly inForce: Rule;
  /** The version that judges. */
  readonly rule: Rule;
  readonly question: Question;
  readonly known: Known;
  readonly refusing: ResultEvidence | null;
  readonly verdict: Verdict;
  /** Whether the instant is another than the one that the rule compares with. */
  readonly otherInstant: boolean;
  readonly data: DataState;
  readonly incomplete: Incomplete;
}

interface Found extends Pick<
  Decision,
  'outcome' | 'reason' | 'finding' | 'clauseId' | 'evidence' | 'validUntilMs' | 'validUntilInclusive'
> {
  /** When what was asked on the way may come out otherwise. */
  readonly nextMs: number;
}

/** @param held what recognises; null: the rule only reminds */
function admitted(
  { inForce, rule, question: { policy }, known, otherInstant, data }: Decided,
  held: Held | null,
): Found {
  const { sifted } = known;
  const finding = held === null ? 'only_reminded' : foundBy(held);
  const doubt = data.exchangeBehind
    ? 'exchange_behind'
    : otherInstant
      ? 'other_instant'
      : isSure(held, known)
        ? null
        : cutFrom(known)
          ? 'history_cut'
          : 'stay_unclear';
  const endsBy = held === null ? inForce.enforcedFromMs : held.endMs;
  const nextMs = Math.min(
    policy.untilMs,
    rule.positiveRefuses || rule.indeterminateRefuses ? sifted.nextPositiveMs : Number.POSITIVE_INFINITY,
    rule === inForce ? Number.POSITIVE_INFINITY : sifted.nextMs,
  );
  const ownEnd = endsBy < nextMs;
  return {
    outcome: doubt === null ? 'recognised' : 'undetermined',
    reason: doubt ?? finding,
    finding,
    clauseId: held?.clauseId ?? null,
    evidence: held === null ? [] : held.evidence.map((one) => lastingIn(rule, one, held)),
    validUntilMs: doubt === null ? (ownEnd ? endsBy : nextMs) : null,
    validUntilInclusive: doubt === null && ownEnd && held !== null && held.endInclusive,
    nextMs: Number.POSITIVE_INFINITY,
  };
}

function turnedAway({
  rule,
  question: { presented },
  known,
  refusing,
  verdict,
  otherInstant,
  data,
  incomplete,
}: Decided): Found {
  const { sifted, view, atMs } = known;
  const { outcome, finding, evidence } = findingOf(rule, sifted, refusing, verdict, atMs);
  const notes = emptyNotes();
  const hidesStay = refusing === null && hidesStayThatGrants(rule, known, notes);
  const doubt =
    doubtOf({ rule, sifted, refusing, view, hidesStay, data, incomplete, atMs: lookBackMs(known) }) ??
    (otherInstant
      ? 'other_instant'
      : refusing === null && verdict.truth === TRUTH.unknown
        ? 'statement_missing'
        : null);
  const shown = presented
    .filter((one) => !evidence.some((listed) => listed.evidence === one))
    .map((one) => lastingOf(rule, one));
  return {
    outcome: doubt === null ? outcome : 'undetermined',
    reason: doubt ?? finding,
    finding,
    clauseId: null,
    evidence: [...evidence, ...shown],
    validUntilMs: null,
    validUntilInclusive: false,
    nextMs: notes.nextMs,
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
function refusingResult(rule: Rule, { newestPositive, newestNegativeMs }: Sifted): ResultEvidence | null {
  if (newestPositive === null || newestPositive.issuedAtMs < newestNegativeMs) return null;
  return rule.positiveRefuses || newestPositive.result === 'indeterminate' ? newestPositive : null;
}

function knownOf(
  rule: Rule,
  { snapshot: { view }, occasion, atMs }: Question,
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
    positiveMs: refuses && newestPositive !== null ? newestPositive.issuedAtMs : Number.NEGATIVE_INFINITY,
    hiddenMs: cutMs > liftedMs ? cutMs : Number.NEGATIVE_INFINITY,
    delayMs: !late ? 0 : occasion.stayedInside === true ? Number.POSITIVE_INFINITY : rule.delayMs,
    claimableDelayMs: occasion.delayedFromMs === null ? rule.delayMs : 0,
    sinceMs: Number.NEGATIVE_INFINITY,
    duties: NO_DUTIES,
  };
}

/**
 * Whether nothing can stand against it that can't be seen: a positive that was cut, a stay that was cut or is unclear.
 */
function isSure(held: Held | null, { hiddenMs, sifted }: Known): boolean {
  if (held !== null && (!held.sure || held.evidence.length > 0)) return held.sure;
  return hiddenMs === Number.NEGATIVE_INFINITY || sifted.newestNegativeMs > hiddenMs;
}

function cutFrom({ hiddenMs, view }: Known): boolean {
  return hiddenMs !== Number.NEGATIVE_INFINITY || staysWereCut(view);
}

/** From when back a window may reach: what still counted at the scheduled instant may count later. */
function lookBackMs({ atMs, delayMs, occasion }: Known): number {
  return delayMs > 0 && occasion.delayedFromMs !== null ? occasion.delayedFromMs : atMs;
}

/** One piece of evidence alone lasts as long as what it holds up. */
function lastingIn(rule: Rule, evidence: Lasting['evidence'], { evidence: all, endMs, by }: Held): Lasting {
  return all.length === 1 && by !== 'condition' ? { evidence, untilMs: endMs } : lastingOf(rule, evidence);
}

/** As the code shows them: while a sampling carries the newest test over, the days stand still at the sampling's. */
function daysSinceTest(rule: Rule, { newestTest }: Sifted, held: Held | null, atMs: number): number | null {
  const testedMs = newestTest === null ? null : rule.testDayMs(newestTest);
  if (testedMs === null) return null;
  const [sampling, carried] = held?.by === 'carried_over' ? held.evidence : [];
  const shownAtMs = carried === newestTest ? (sampling?.sampledAtMs ?? atMs) : atMs;
  return Math.max(0, shanghaiDayOf(shownAtMs) - shanghaiDayOf(testedMs));
}
