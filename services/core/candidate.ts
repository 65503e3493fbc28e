/**
 * What a rule recognises by: the evidence, the clause that takes it, and until when it counts. Which positive refuses is
 * known before this is asked.
 */
import { type Evidence, isPresented, isResult, type ResultEvidence, type SamplingEvidence } from './evidence.ts';
import { type ResultClause, type Rule, type SamplingClause, takesFrom } from './rule.ts';
import type { Sifted } from './sift.ts';
import type { PersonView } from './view.ts';
import { endsAfter } from './window.ts';

export interface Candidate {
  readonly evidence: Evidence;
  readonly clauseId: string;
  readonly endMs: number;
  readonly endInclusive: boolean;
  /** False when a newer positive may be among what was cut from the view. */
  readonly sure: boolean;
}

/** Of all that recognises: what is sure before what isn't, what is on record before what is shown, then what lasts longest. */
export function bestCandidate(rule: Rule, sifted: Sifted, view: PersonView | null, atMs: number): Candidate | null {
  const hiddenMs = rule.positiveRefuses ? newestCutMs(view) : Number.NEGATIVE_INFINITY;
  const positiveMs = rule.positiveRefuses && sifted.newestPositive !== null ? sifted.newestPositive.issuedAtMs : Number.NEGATIVE_INFINITY;
  let best: Candidate | null = null;
  for (const evidence of sifted.negatives) {
    if (evidence.issuedAtMs <= positiveMs) continue;
    const sure = evidence.issuedAtMs > hiddenMs;
    for (const clause of rule.results) best = better(best, clause, evidence, resultEndMs(clause, evidence), sure, atMs);
  }
  const sure = sifted.newestNegativeMs > hiddenMs || hiddenMs === Number.NEGATIVE_INFINITY;
  for (const evidence of sifted.samplings) {
    for (const clause of rule.samplings) best = better(best, clause, evidence, samplingEndMs(clause, evidence), sure, atMs);
  }
  return best;
}

function better(best: Candidate | null, clause: ResultClause | SamplingClause, evidence: Evidence, endMs: number | null, sure: boolean, atMs: number): Candidate | null {
  const { endInclusive } = clause.window;
  if (endMs === null || !endsAfter(endMs, endInclusive, atMs)) return best;
  const candidate = { evidence, clauseId: clause.id, endMs, endInclusive, sure };
  return best === null || compare(candidate, best) > 0 ? candidate : best;
}

function compare(a: Candidate, b: Candidate): number {
  return (
    Number(a.sure) - Number(b.sure) ||
    Number(isPresented(b.evidence)) - Number(isPresented(a.evidence)) ||
    a.endMs - b.endMs ||
    Number(a.endInclusive) - Number(b.endInclusive)
  );
}

/** When a result stops counting by a clause; null when the clause doesn't take it. */
function resultEndMs(clause: ResultClause, evidence: ResultEvidence): number | null {
  if (!clause.methods.has(evidence.method) || !takesFrom(clause.provinces, evidence.province)) return null;
  const anchorMs = clause.anchorMs(evidence);
  return anchorMs === null ? null : clause.window.endMs(anchorMs);
}

function samplingEndMs(clause: SamplingClause, evidence: SamplingEvidence): number | null {
  return takesFrom(clause.provinces, evidence.province) ? clause.window.endMs(evidence.sampledAtMs) : null;
}

export interface Counted {
  readonly evidence: Evidence;
  /** Until when it counts by the rule's longest clause for it; null when it never did. */
  readonly untilMs: number | null;
}

export function count(rule: Rule, evidence: Evidence): Counted {
  let untilMs: number | null = null;
  const widen = (endMs: number | null): void => {
    if (endMs !== null) untilMs = Math.max(endMs, untilMs ?? endMs);
  };
  if (!isResult(evidence)) for (const clause of rule.samplings) widen(samplingEndMs(clause, evidence));
  else if (evidence.result === 'negative') for (const clause of rule.results) widen(resultEndMs(clause, evidence));
  return { evidence, untilMs };
}

/** The latest report issue among the results that were cut; -Infinity when none was. */
export function newestCutMs(view: PersonView | null): number {
  return Math.max(view?.datedTestsCut?.issuedAtMaxMs ?? Number.NEGATIVE_INFINITY, view?.undatedTestsCut?.issuedAtMaxMs ?? Number.NEGATIVE_INFINITY);
}
