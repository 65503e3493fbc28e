/**
 * The decision itself: rule × snapshot × what is presented × instant → outcome. Pure, and cheap enough to be made for
 * every look-up. Two things it must never do: call something recognised that a newer positive outweighs, and say "no"
 * plainly where an event that it can't see could make it a "yes" (invariant *Honest about what it can't know*).
 */
import { bestCandidate, count, type Counted } from './candidate.ts';
import { type Doubt, doubtOf, type Incomplete } from './doubt.ts';
import { isPresented, isResult, type Presented, type ResultEvidence } from './evidence.ts';
import { assessData, type DataState } from './freshness.ts';
import type { RuleInForce } from './policy-book.ts';
import type { Rule } from './rule.ts';
import { sift, type Sifted } from './sift.ts';
import type { Snapshot } from './snapshot.ts';
import { shanghaiDayOf } from './time.ts';

export const OUTCOMES = ['recognised', 'not_recognised', 'no_evidence', 'undetermined'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What the visible data says. */
export const FINDINGS = [
  'negative_result',
  'sampling_record',
  'presented_result',
  'presented_sampling',
  'newest_result_positive',
  'too_old',
  'not_accepted_here',
  'no_negative_result',
  'not_yet_issued',
  'nothing_that_counts',
  'nothing_on_record',
] as const;
export type Finding = (typeof FINDINGS)[number];

export type Reason = Finding | Doubt;

export interface Question {
  readonly policy: RuleInForce;
  readonly snapshot: Snapshot;
  readonly presented: readonly Presented[];
  /** The instant of the occasion. */
  readonly atMs: number;
  /** The clock, which freshness is held against. */
  readonly nowMs: number;
}

export interface Decision {
  readonly outcome: Outcome;
  /** The finding, or the doubt where the outcome is undetermined. */
  readonly reason: Reason;
  readonly finding: Finding;
  /** The clause that recognises by the visible data. */
  readonly clauseId: string | null;
  readonly evidence: readonly Counted[];
  /** Null unless recognised. */
  readonly validUntilMs: number | null;
  readonly validUntilInclusive: boolean;
  readonly daysSinceTest: number | null;
  readonly data: DataState;
  readonly incomplete: Incomplete;
}

export function decide({ policy, snapshot, presented, atMs, nowMs }: Question): Decision {
  const { rule } = policy;
  const { view, position, freshness } = snapshot;
  const data = assessData(position, freshness, nowMs, rule.freshnessBoundMs);
  const incomplete = { person: view !== null && view.unreadable.length > 0, provinces: freshness.incompleteProvinces };
  const sifted = sift(rule, view, presented, atMs);
  const refusing = refusingPositive(rule, sifted);
  const best = refusing === null ? bestCandidate(rule, sifted, view, atMs) : null;
  const rest = { data, incomplete, daysSinceTest: daysSinceTest(rule, sifted, atMs) };
  if (best !== null) {
    const finding = FOUND[isResult(best.evidence) ? 'result' : 'sampling'][isPresented(best.evidence) ? 'presented' : 'recorded'];
    const shared = { ...rest, finding, clauseId: best.clauseId, evidence: [{ evidence: best.evidence, untilMs: best.endMs }] };
    const doubt = data.exchangeBehind ? 'exchange_behind' : best.sure ? null : 'history_cut';
    if (doubt !== null) return { ...shared, outcome: 'undetermined', reason: doubt, validUntilMs: null, validUntilInclusive: false };
    const nextMs = Math.min(policy.untilMs, rule.positiveRefuses ? sifted.nextPositiveMs : Number.POSITIVE_INFINITY);
    const ownEnd = best.endMs < nextMs;
    return { ...shared, outcome: 'recognised', reason: finding, validUntilMs: ownEnd ? best.endMs : nextMs, validUntilInclusive: ownEnd && best.endInclusive };
  }
  const { outcome, finding, evidence } = findingOf(rule, sifted, refusing, atMs);
  const doubt = doubtOf({ rule, sifted, refusing, view, data, incomplete, atMs });
  const shown = presented.filter((one) => !evidence.some((counted) => counted.evidence === one)).map((one) => count(rule, one));
  return {
    ...rest,
    outcome: doubt === null ? outcome : 'undetermined',
    reason: doubt ?? finding,
    finding,
    clauseId: null,
    evidence: [...evidence, ...shown],
    validUntilMs: null,
    validUntilInclusive: false,
  };
}

const FOUND: Readonly<Record<'result' | 'sampling', Readonly<Record<'recorded' | 'presented', Finding>>>> = {
  result: { recorded: 'negative_result', presented: 'presented_result' },
  sampling: { recorded: 'sampling_record', presented: 'presented_sampling' },
};

/** The newest result if it is a positive one that refuses. Of two issued in the same instant the positive counts as newer. */
function refusingPositive(rule: Rule, { newestPositive, newestNegativeMs }: Sifted): ResultEvidence | null {
  return rule.positiveRefuses && newestPositive !== null && newestPositive.issuedAtMs >= newestNegativeMs ? newestPositive : null;
}

interface Found {
  readonly outcome: 'not_recognised' | 'no_evidence';
  readonly finding: Finding;
  readonly evidence: readonly Counted[];
}

/** What the visible data comes to where nothing recognises. */
function findingOf(rule: Rule, sifted: Sifted, refusing: ResultEvidence | null, atMs: number): Found {
  if (refusing !== null) return { outcome: 'not_recognised', finding: 'newest_result_positive', evidence: [{ evidence: refusing, untilMs: null }] };
  const negative = newest(sifted.negatives, ({ issuedAtMs }) => issuedAtMs);
  const sampling = newest(sifted.samplings, ({ sampledAtMs }) => sampledAtMs);
  const evidence = [negative, sampling].filter((one) => one !== null).map((one) => count(rule, one));
  if (evidence.length > 0) {
    const expired = [...sifted.negatives, ...sifted.samplings].some((one) => (count(rule, one).untilMs ?? Number.POSITIVE_INFINITY) <= atMs);
    return { outcome: 'not_recognised', finding: expired ? 'too_old' : 'not_accepted_here', evidence };
  }
  if (sifted.newestOther !== null) return { outcome: 'not_recognised', finding: 'no_negative_result', evidence: [{ evidence: sifted.newestOther, untilMs: null }] };
  return { outcome: 'no_evidence', finding: sifted.notYet ? 'not_yet_issued' : sifted.unusable ? 'nothing_that_counts' : 'nothing_on_record', evidence: [] };
}

function newest<E>(list: readonly E[], timeOf: (one: E) => number): E | null {
  let found: E | null = null;
  for (const one of list) if (found === null || timeOf(one) > timeOf(found)) found = one;
  return found;
}

function daysSinceTest(rule: Rule, { newestTest }: Sifted, atMs: number): number | null {
  const testedMs = newestTest === null ? null : rule.testDayMs(newestTest);
  return testedMs === null ? null : Math.max(0, shanghaiDayOf(atMs) - shanghaiDayOf(testedMs));
}
