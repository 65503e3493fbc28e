/** Which faults each round brings: every kind alone before any again, and random combinations between them. */

import type { Random } from '#exercises/town/random.ts';
import { type Fault, type FaultKind, goTogether } from './scene/fault.ts';

const COMBINED_SHARE = 0.5;
const TOGETHER_MAX = 3;

/** The faults of so many rounds. */
export function planRounds(kinds: readonly FaultKind[], random: Random, count: number): Fault[][] {
  const rounds: Fault[][] = [];
  while (kinds.length > 0 && rounds.length < count) {
    for (const kind of shuffled(kinds, random)) {
      rounds.push([kind()]);
      const together = random.chance(COMBINED_SHARE) ? combination(kinds, random) : [];
      if (together.length > 1) rounds.push(together); // else the first that was drawn goes with no other
    }
  }
  return rounds.slice(0, count);
}

function combination(kinds: readonly FaultKind[], random: Random): Fault[] {
  const chosen: Fault[] = [];
  for (const fault of shuffled(kinds, random).map((kind) => kind())) {
    if (chosen.length < TOGETHER_MAX && chosen.every((one) => goTogether(one, fault))) chosen.push(fault);
  }
  return chosen;
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
