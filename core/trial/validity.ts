/**
 * Until when evidence is valid for a clause, and what holds by it. Every kind of clause asks these, so that a delay, an
 * arrival and an end mean the same in all of them; which evidence a clause looks at, the clause itself says.
 */

import { type Evidence, isPresented, type ResultEvidence } from '#core/question/evidence.ts';
import { takenAtMs } from './tests-chain.ts';
import { endsAt, type Held, type Known, misses, type Notes, TRUTH } from './trial.ts';
import { endsAfter } from './window.ts';

/** When something ends, prolonged where it held at the instant that was scheduled. */
function prolonged(known: Known, notes: Notes, endMs: number, inclusive: boolean): number {
  const { delayMs, claimableDelayMs, occasion, atMs } = known;
  if (delayMs > 0 && occasion.delayedFromMs !== null && endsAfter(endMs, inclusive, occasion.delayedFromMs))
    return endMs + delayMs;
  if (
    claimableDelayMs > 0 &&
    !endsAfter(endMs, inclusive, atMs) &&
    endsAfter(endMs + claimableDelayMs, inclusive, atMs)
  )
    misses(notes, 'delayedFromMs');
  return endMs;
}

/** Until when evidence is valid, a delay included; null where it no longer is. Notes that end for `nextChangeAt`. */
export function endIfValid(known: Known, notes: Notes, ownEndMs: number | null, inclusive: boolean): number | null {
  if (ownEndMs === null) return null;
  const endMs = prolonged(known, notes, ownEndMs, inclusive);
  if (!endsAfter(endMs, inclusive, known.atMs)) return null;
  endsAt(known, notes, endMs, inclusive);
  return endMs;
}

/** Whether it was taken before what is looked at. */
export function isBefore({ sinceMs }: Known, evidence: ResultEvidence): boolean {
  return sinceMs !== Number.NEGATIVE_INFINITY && takenAtMs(evidence) < sinceMs;
}

export function heldBy(
  clauseId: string,
  by: Held['by'],
  evidence: readonly Evidence[],
  endMs: number,
  endInclusive: boolean,
  sure: boolean,
): Held {
  return { truth: TRUTH.yes, clauseId, by, evidence, endMs, endInclusive, sure, presented: evidence.some(isPresented) };
}

/** What holds by no evidence of its own: it is sure unless its clause says otherwise. */
export function withoutEvidence(
  clauseId: string,
  by: Held['by'],
  endMs = Number.POSITIVE_INFINITY,
  endInclusive = false,
): Held {
  return heldBy(clauseId, by, [], endMs, endInclusive, true);
}
