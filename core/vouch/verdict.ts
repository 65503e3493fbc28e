/**
 * Claims of one process of an instance about one partition, against the records there that say they are of it. Pure: it
 * believes no tag, only the chain; whoever reads the log can come to the same.
 */

import { type Head, isSameHead, linked, NO_RECORD } from './chain.ts';
import type { Claim, Numbered } from './claims.ts';

/** A record that says that it is of the process. */
export interface Found extends Numbered {
  readonly offset: number;
  readonly digest: Buffer;
  /** Whether it can't be of its publisher, as far as the reader can tell: it is taken only where no other is there. */
  readonly isDoubtful: boolean;
}

export interface Verdict {
  readonly claimedAndThere: number;
  /** Numbers of records; what is between two claims that don't agree with what is there is missing as a whole. */
  readonly claimedAndMissing: readonly NumberRange[];
  /** Offsets. */
  readonly thereAndUnclaimed: readonly number[];
  /** Two claims of as many records that differ: whoever signed them has said two things. */
  readonly contradicts: boolean;
}

export interface NumberRange {
  readonly from: number;
  readonly through: number;
}

export function judgeClaims(found: readonly Found[], claims: readonly Claim[]): Verdict {
  const { heads, contradicts } = inOrder(claims);
  const claimed = new Set<Found>();
  const missing: NumberRange[] = [];
  const ordered = found.toSorted((a, b) => Number(a.isDoubtful) - Number(b.isDoubtful) || a.offset - b.offset);
  let before: Claim = { ...NO_RECORD, attempt: 0 };
  for (const head of heads) {
    const byNumber = claimedBetween(ordered, before, head);
    const there: Found[] = [];
    let chain: Head = before;
    for (let number = before.number + 1; number <= head.number; number += 1) {
      const record = byNumber.get(number);
      if (record === undefined) add(missing, number, number);
      else {
        there.push(record);
        chain = linked(chain, record.digest);
      }
    }
    if (isSameHead(chain, head)) for (const record of there) claimed.add(record);
    else if (there.length === head.number - before.number) add(missing, before.number + 1, head.number);
    // Some are missing, so no hash can tell of the others whether they are the ones; by number they are.
    else for (const record of there) claimed.add(record);
    before = head;
  }
  return {
    claimedAndThere: claimed.size,
    claimedAndMissing: missing,
    thereAndUnclaimed: found.filter((record) => !claimed.has(record)).map(({ offset }) => offset),
    contradicts,
  };
}

function inOrder(claims: readonly Claim[]): { readonly heads: readonly Claim[]; readonly contradicts: boolean } {
  const heads: Claim[] = [];
  let contradicts = false;
  for (const head of claims.toSorted((a, b) => a.number - b.number)) {
    const last = heads.at(-1);
    if (last?.number !== head.number) heads.push(head);
    else if (!isSameHead(last, head)) contradicts = true;
  }
  return { heads: heads.filter(({ number }) => number > 0), contradicts };
}

/**
 * By number, the record that would be the claimed one: of the latest attempt that had begun by that number. Of several
 * copies the first; a copy that was appended again is unclaimed.
 */
function claimedBetween(ordered: readonly Found[], before: Claim, head: Claim): ReadonlyMap<number, Found> {
  const between = ordered.filter(
    ({ number, attempt }) =>
      number > before.number && number <= head.number && attempt >= before.attempt && attempt <= head.attempt,
  );
  const firstOf = new Map<number, number>();
  for (const { attempt, number, isDoubtful } of between)
    if (!isDoubtful) firstOf.set(attempt, Math.min(number, firstOf.get(attempt) ?? Number.POSITIVE_INFINITY));
  const begun = [...firstOf].toSorted(([a], [b]) => b - a);
  const byNumber = new Map<number, Found>();
  for (const record of between) {
    const latest = begun.find(([, first]) => first <= record.number)?.[0];
    if (record.attempt === (latest ?? record.attempt) && !byNumber.has(record.number))
      byNumber.set(record.number, record);
  }
  return byNumber;
}

function add(ranges: NumberRange[], from: number, through: number): void {
  const last = ranges.at(-1);
  if (last?.through === from - 1) ranges[ranges.length - 1] = { from: last.from, through };
  else ranges.push({ from, through });
}
