/**
 * By which withdrawal in force a result is taken. It is asked at each look-up, so the withdrawals are put in order once
 * for each set of them.
 */

import type { InForce } from './in-force.ts';
import { takes, type Withdrawable, type Withdrawal } from './withdrawal.ts';

/** By province and laboratory. */
type Index = ReadonlyMap<string, readonly Withdrawal[]>;

/** Sets are never changed, and one is asked about thousands of times. */
const KNOWN = new WeakMap<InForce, Index>();

/** The first that takes it; null: none does. */
export function takenBy(inForce: InForce, result: Withdrawable): Withdrawal | null {
  if (inForce.length === 0) return null;
  return (
    indexOf(inForce)
      .get(nameOf(result))
      ?.find((withdrawal) => takes(withdrawal, result)) ?? null
  );
}

function indexOf(inForce: InForce): Index {
  const known = KNOWN.get(inForce);
  if (known !== undefined) return known;
  const index = Map.groupBy(inForce, nameOf);
  KNOWN.set(inForce, index);
  return index;
}

function nameOf({ province, laboratory }: Pick<Withdrawable, 'province' | 'laboratory'>): string {
  return `${province} ${laboratory}`;
}
