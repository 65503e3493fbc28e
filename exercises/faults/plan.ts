/** Which injections each round brings: every kind alone before any again, and random combinations between them. */

import type { Random } from '#exercises/town/random.ts';
import { type Injection, type InjectionKind, goTogether } from './scene/injection.ts';

const COMBINED_SHARE = 0.5;
const TOGETHER_MAX = 3;

/** The injections of so many rounds, each of which is one wave. */
export function planRounds(kinds: readonly InjectionKind[], random: Random, count: number): Injection[][] {
  const rounds: Injection[][] = [];
  while (kinds.length > 0 && rounds.length < count) {
    for (const kind of shuffled(kinds, random)) {
      rounds.push([kind()]);
      const together = random.chance(COMBINED_SHARE) ? combination(kinds, random) : [];
      if (together.length > 1) rounds.push(together); // else the first that was drawn goes with no other
    }
  }
  return rounds.slice(0, count);
}

function combination(kinds: readonly InjectionKind[], random: Random): Injection[] {
  const chosen: Injection[] = [];
  for (const injection of shuffled(kinds, random).map((kind) => kind())) {
    if (chosen.length < TOGETHER_MAX && chosen.every((one) => goTogether(one, injection))) chosen.push(injection);
  }
  return chosen;
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
