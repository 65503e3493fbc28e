/** Which faults each round brings: every kind alone before any again, and random combinations between them. */
import type { Random } from '#infra/demo/random.ts';
import { type Fault, type FaultKind, goTogether } from './fault.ts';

const COMBINED_SHARE = 0.5;
const TOGETHER_MAX = 3;

/** A round without combinations first of all kinds, then mixed. */
export function* rounds(kinds: readonly FaultKind[], random: Random): Generator<Fault[]> {
  for (;;) {
    for (const kind of shuffled(kinds, random)) {
      yield [kind()];
      if (random.chance(COMBINED_SHARE)) yield combination(kinds, random);
    }
  }
}

function combination(kinds: readonly FaultKind[], random: Random): Fault[] {
  const chosen: Fault[] = [];
  for (const fault of shuffled(kinds, random).map((kind) => kind())) {
    if (chosen.length < TOGETHER_MAX && chosen.every((one) => goTogether(one, fault))) chosen.push(fault);
  }
  return chosen;
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values.map((value) => ({ value, at: random.next() })).sort((a, b) => a.at - b.at).map(({ value }) => value);
}
