/**
 * The decision by one rule. Two things it must never do: call something recognised that a newer positive outweighs,
 * and say "no" plainly where an event that it can't see could make it a "yes" (invariant *Honest about what it can't
 * know*).
 */

import type { Rule, State } from '#core/book/rule.ts';
import type { RuleInForce } from '#core/book/selected.ts';
import { shanghaiDayOf } from '#core/field/time.ts';
import type { Presented, ResultEvidence } from '#core/question/evidence.ts';
import type { Statement } from '#core/question/occasion.ts';
import type { Sifted } from '#core/trial/sift.ts';
import { staysWereCut } from '#core/trial/stays.ts';
import { emptyNotes, type Held, type Known, TRUTH, type Verdict } from '#core/trial/trial.ts';
import { vaccinatedAt } from '#core/trial/vaccinated-at.ts';
import { assessData, type DataState } from '#core/view/freshness.ts';
import { leakedIn } from '#core/view/leaks.ts';
import { isIncomplete } from '#core/view/unreadable.ts';
import { type Barred, barredIn, NOT_BARRED } from './barred.ts';
import { besideOf, NOTHING_BESIDE, withDuties } from './beside.ts';
import type { Decision, Question } from './decision.ts';
import { doubtOf, hidesStayThatGrants, type Incomplete } from './doubt.ts';
import { findingOf, foundBy, type Lasting, lastingOf } from './finding.ts';
import { knownFor } from './known-for.ts';
import { unlessLeaked } from './leaked.ts';
import { nextChangeOf, type StandsWhile } from './next-change.ts';
import type { Outcome } from './outcome.ts';

/** @param kind of place: the one stated, or one of those that come into question where none is */
export function decideByRule(
  question: Question,
  policy: RuleInForce,
  kind: string | null = question.occasion.kind,
): Decision {
  const { snapshot, occasion, atMs, nowMs } = question;
  const inForce = policy.rule;
  const { view, position, freshness } = snapshot;
  const data = assessData(position, freshness, nowMs, inForce.freshnessBoundMs);
  const incomplete = { person: view !== null && isIncomplete(view), provinces: freshness.incompleteProvinces };
  const { rule, known, refusing } = knownFor(inForce, question);
  const notes = emptyNotes();
  const verdict = rule.judge(known, notes);
  const reminds = refusing === null && atMs < inForce.enforcedFromMs;
  // A rule that only reminds admits everybody. So a verdict that isn't sure gives way to that, and raises no doubt.
  const held =
    refusing === null && verdict.truth === TRUTH.yes && (!reminds || isSure(verdict, known)) ? verdict : null;
  const otherInstant =
    occasion.instant !== null && rule.comparedWith.length > 0 && !rule.comparedWith.includes(occasion.instant);
  const decided = { policy, rule, question, known, refusing, verdict, otherInstant, data, incomplete };
  const hasBeside = rule.duties.length > 0 || rule.states.length > 0;
  const standing = hasBeside ? withDuties(rule, known) : null;
  const barred =
    policy.barring === undefined && !rule.hasBars
      ? NOT_BARRED
      : barredIn(question, kind, policy.barring, standing, decided);
  const found = withBarring(held !== null || reminds ? admitted(decided, held) : turnedAway(decided), barred);
  const { duties, states, nextMs: besideNextMs } = standing === null ? NOTHING_BESIDE : besideOf(standing);
  const { nextChangeMs, standsForMs } = nextChangeOf({
    policy,
    rule,
    known,
    askedNextMs: Math.min(notes.nextMs, found.nextMs, besideNextMs, barred.nextMs),
    stands: standsWhile(found, barred),
    data,
    nowMs,
  });
  const decision = {
    outcome: found.outcome,
    reason: found.reason,
    finding: found.finding,
    mayGoIn: mayGoIn(found.outcome, barred),
    clauseId: found.clauseId,
    evidence: found.evidence,
    validUntilMs: found.validUntilMs,
    validUntilInclusive: found.validUntilInclusive,
    rule,
    missing: missingOf(held === null && refusing === null ? notes.missing : null, found.outcome, barred),
    duties,
    states: barred.states.length === 0 ? states : statesTogether(states, barred.states),
    vaccinated: inForce.showsVaccination ? vaccinatedAt(view, atMs) : null,
    daysSinceTest: daysSinceTest(rule, known.sifted, held, atMs),
    data,
    incomplete,
    nextChangeMs,
    askAgainByMs: nowMs + Math.min(inForce.askAgainMs, standsForMs),
    leaked: leakedIn(view, freshness.leaks),
    kinds: NO_KINDS,
  };
  return found.isPlain && barred === NOT_BARRED ? decision : unlessLeaked(decision);
}

const NO_KINDS: Decision['kinds'] = [];

/** What the outcome is made of. */
interface Decided {
  readonly policy: RuleInForce;
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
  /** Whether no data can turn it. */
  readonly isPlain: boolean;
}

/** What a state that bars makes of an outcome. From the notice of 29 July 2022 on only stays change one. */
function withBarring(found: Found, barred: Barred): Found {
  if (barred === NOT_BARRED) return found;
  const { refusing, doubt, nextMs } = barred;
  if (refusing === 'clear') return found;
  const isNo = found.outcome === 'not_recognised' || found.outcome === 'no_evidence';
  const none = { clauseId: null, validUntilMs: null, validUntilInclusive: false } as const;
  if (refusing === 'bars')
    return isNo ? found : { ...found, ...none, outcome: 'not_recognised', reason: 'state_bars', finding: 'state_bars' };
  if (found.outcome !== 'recognised') return found;
  if (doubt !== null) return { ...found, ...none, outcome: 'undetermined', reason: doubt, finding: 'state_bars' };
  return found.validUntilMs === null || found.validUntilMs < nextMs
    ? found
    : { ...found, validUntilMs: nextMs, validUntilInclusive: false };
}

function mayGoIn(outcome: Outcome, { standing }: Barred): boolean | null {
  if (outcome === 'not_recognised' || outcome === 'no_evidence' || standing === 'bars') return false;
  return outcome === 'recognised' && standing === 'clear' ? true : null;
}

/** While which data stay as they are the answer does. */
function standsWhile({ outcome, isPlain }: Found, { turnsOnRecords }: Barred): StandsWhile {
  if (turnsOnRecords) return 'all_fresh';
  if (outcome === 'undetermined' || isPlain) return 'whatever';
  return outcome === 'recognised' ? 'any_fresh' : 'all_fresh';
}

/** What a state turns on is asked for where it alone keeps one from going in, or may: not beside a plain no. */
function missingOf(ofRule: readonly Statement[] | null, outcome: Outcome, barred: Barred): readonly Statement[] {
  const ofStates = mayGoIn(outcome, barred) === null ? barred.missing : [];
  if (ofRule === null || ofStates.length === 0) return ofRule ?? ofStates;
  return [...new Set([...ofRule, ...ofStates])];
}

/** A state that several rules show, such as a colour, is shown once: first that of the rule that judges. */
function statesTogether(own: readonly State[], others: readonly State[]): readonly State[] {
  const all = [...own, ...others];
  return all.filter((one, at) => at < own.length || all.findIndex(({ state }) => state === one.state) === at);
}

/** A rule that asks nothing, and whose positives do nothing: no event can turn what it says. */
function asksNothingAtAll({ asksNothing, positiveRefuses, indeterminateRefuses }: Rule): boolean {
  return asksNothing && !positiveRefuses && !indeterminateRefuses;
}

/** @param held what recognises; null: the rule only reminds */
function admitted({ policy, rule, known, otherInstant, data }: Decided, held: Held | null): Found {
  const { sifted } = known;
  const inForce = policy.rule;
  const finding = held === null ? 'only_reminded' : rule.asksNothing ? 'nothing_asked' : foundBy(held);
  const isPlain = asksNothingAtAll(rule);
  const doubt = isPlain
    ? null
    : data.exchangeBehind
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
    sifted.nextPositiveMs,
    rule === inForce ? Number.POSITIVE_INFINITY : sifted.nextMs,
  );
  const ownEnd = endsBy < nextMs;
  return {
    isPlain,
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
  return {
    isPlain: false,
    outcome: doubt === null ? outcome : 'undetermined',
    reason: doubt ?? finding,
    finding,
    clauseId: null,
    evidence: presented.length === 0 ? evidence : withPresented(rule, evidence, presented),
    validUntilMs: null,
    validUntilInclusive: false,
    nextMs: notes.nextMs,
  };
}

/** What was shown is told of too, also where it counts for nothing. */
function withPresented(rule: Rule, evidence: readonly Lasting[], presented: readonly Presented[]): readonly Lasting[] {
  const others = presented.filter((one) => !evidence.some((listed) => listed.evidence === one));
  return [...evidence, ...others.map((one) => lastingOf(rule, one))];
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
  // Of what is carried over, the sampling stands first.
  const isCarried = held?.by === 'carried_over' && held.evidence[1] === newestTest;
  const shownAtMs = isCarried ? (held.evidence[0]?.sampledAtMs ?? atMs) : atMs;
  return Math.max(0, shanghaiDayOf(shownAtMs) - shanghaiDayOf(testedMs));
}
