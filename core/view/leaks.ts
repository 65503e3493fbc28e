/**
 * How views stand to keys that had leaked. What is withdrawn with a key is in no view only if whoever folded knew of it
 * from the first record on; until such views are there, every word of the key's holder in a view may be false, or in
 * the place of a true one. It never calls views clean of a leak that they were folded without knowing.
 */

import { compareText } from '#core/field/text-order.ts';
import type { KeyHolder, Leak } from '#core/keys/leak.ts';
import { type PersonView, PUBLISHED } from './view.ts';

export type { KeyHolder } from '#core/keys/leak.ts';

/** A leak as it stands with the views of one generation of a partition. */
export interface FoldedLeak extends Leak {
  /** Whoever folded them knew of it from the first record on. */
  readonly isOut: boolean;
}

export const NO_LEAKS: readonly FoldedLeak[] = [];

/**
 * What holds of a generation once these leaks are known too. One that is known stays as it is; one that reaches further
 * back than was known is another.
 * @param isFirst nothing has been folded yet
 */
export function withLeaks(
  before: readonly FoldedLeak[],
  known: readonly Leak[],
  { isFirst }: { readonly isFirst: boolean },
): readonly FoldedLeak[] {
  const further = known.filter(
    ({ key, sinceMs }) => !before.some((leak) => leak.key === key && leak.sinceMs <= sinceMs),
  );
  if (further.length === 0) return before;
  const kept = before.filter(({ key }) => !further.some((leak) => leak.key === key));
  const added = further.map(({ key, of, sinceMs }) => ({ key, of, sinceMs, isOut: isFirst }));
  return [...kept, ...added].toSorted((a, b) => compareText(a.key, b.key));
}

/** Those of which something may be in the views. */
export function leaksWithin(leaks: readonly FoldedLeak[]): readonly FoldedLeak[] {
  return leaks.length === 0 ? leaks : leaks.filter(({ isOut }) => !isOut);
}

const NOBODY: readonly KeyHolder[] = [];

/**
 * Whose word in this view may be somebody else's. Whatever was said leaves a trace: a register, that one was cut, an
 * erasure. So a view without a trace of a holder is what it would be without all of their records.
 */
export function leakedIn(view: PersonView | null, leaks: readonly FoldedLeak[]): readonly KeyHolder[] {
  if (view === null || leaks.length === 0) return NOBODY;
  return [...new Set(leaksWithin(leaks).map(({ of }) => of))].filter((holder) => holdsWordOf(view, holder));
}

function holdsWordOf(view: PersonView, holder: KeyHolder): boolean {
  // It copies what anybody has written, and settles letters.
  if (holder === 'operator') return true;
  if (holder === 'national') return view.erasedThroughMs !== null;
  return (
    view.publisherErasures.some(({ province }) => province === holder) ||
    // Null: of whom something was cut isn't known.
    PUBLISHED.some((list) => view[list].some(({ province }) => province === holder || province === null))
  );
}
