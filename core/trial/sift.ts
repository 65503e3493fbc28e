/**
 * What a rule looks at of a person's view and of what was presented: its negatives, its newest positive, its samplings,
 * at one instant. It judges nothing; decide.ts does.
 */

import type { Presented, ResultEvidence, SamplingEvidence } from '#core/question/evidence.ts';
import type { PersonView, TestRegister } from '#core/view/view.ts';
import { takesFrom } from './takers.ts';

/** What the choice depends on; every rule is one. */
export interface Sieve {
  /** A result by another method isn't looked at. */
  readonly methods: ReadonlySet<string>;
  readonly positiveRefuses: boolean;
  readonly indeterminateRefuses: boolean;
  /** Whether a pooled result refuses that isn't negative, and only results of single samples lift what refuses. */
  readonly singlesLift: boolean;
  /** From whose tests the days since the test are counted; null: from everybody's. */
  readonly testDayProvinces: ReadonlySet<string> | null;
}

export interface Sifted {
  readonly negatives: ResultEvidence[];
  readonly samplings: SamplingEvidence[];
  /** All results that count for or against, on record or shown; the negatives themselves while there are no others. */
  tests: ResultEvidence[];
  /** By report issue, as all that is called newest here. */
  newestNegativeMs: number;
  /** That refuses: a positive or an indeterminate one, each where the rule says so. */
  newestPositive: ResultEvidence | null;
  /** All that refuse, in no order. */
  positives: readonly ResultEvidence[];
  /** Neither negative nor refusing. */
  newestOther: ResultEvidence | null;
  /** On record and not invalid: what the days since the test are shown by. */
  newestTest: TestRegister | null;
  /** When one that refuses and is dated after the instant begins to count; Infinity without one. */
  nextPositiveMs: number;
  /** When anything that is dated after the instant begins to be there; Infinity without it. */
  nextMs: number;
  /** Something is there that doesn't count yet at the instant. */
  notYet: boolean;
  /** A report was corrected after the instant, and what it said before is no longer known. */
  correctedSince: boolean;
  /** Something is there that counts for nothing: preliminary, retracted, or by a method that the rule doesn't take. */
  unusable: boolean;
  /** The newest issue of a result that counts as retracted because it was withdrawn; -Infinity without one. */
  withdrawnMs: number;
}

const NONE: readonly ResultEvidence[] = [];

/** @param liftedMs positives issued up to here have no effect: the person has recovered */
export function sift(
  sieve: Sieve,
  view: PersonView | null,
  presented: readonly Presented[],
  atMs: number,
  liftedMs: number,
): Sifted {
  const negatives: ResultEvidence[] = [];
  const sifted: Sifted = {
    negatives,
    samplings: [],
    tests: negatives,
    positives: NONE,
    newestNegativeMs: Number.NEGATIVE_INFINITY,
    newestPositive: null,
    newestOther: null,
    newestTest: null,
    nextPositiveMs: Number.POSITIVE_INFINITY,
    nextMs: Number.POSITIVE_INFINITY,
    notYet: false,
    correctedSince: false,
    unusable: false,
    withdrawnMs: Number.NEGATIVE_INFINITY,
  };
  if (view !== null) {
    for (const register of view.datedTests) siftRegister(sifted, sieve, register, atMs, liftedMs);
    for (const register of view.undatedTests) siftRegister(sifted, sieve, register, atMs, liftedMs);
    for (const register of view.samplings) {
      if (register.status === 'retracted' || register.status === 'preliminary') sifted.unusable = true;
      else siftSampling(sifted, register, atMs);
    }
  }
  for (const shown of presented) {
    if (shown.kind === 'sampling') siftSampling(sifted, shown, atMs);
    else siftResult(sifted, sieve, shown, atMs, liftedMs);
  }
  return sifted;
}

function siftRegister(sifted: Sifted, sieve: Sieve, register: TestRegister, atMs: number, liftedMs: number): void {
  // A preliminary result is not a report yet, and a retraction takes its register back whenever it was made.
  if (register.status === 'preliminary' || register.status === 'retracted') {
    sifted.unusable = true;
    if (register.withdrawn !== undefined && register.issuedAtMs <= atMs && sieve.methods.has(register.method))
      sifted.withdrawnMs = Math.max(sifted.withdrawnMs, register.issuedAtMs);
    return;
  }
  if (!siftResult(sifted, sieve, register, atMs, liftedMs)) {
    if (register.status === 'corrected' && register.issuedAtMs > atMs) {
      sifted.correctedSince = true;
      sifted.nextMs = Math.min(sifted.nextMs, register.issuedAtMs);
    }
    return;
  }
  const known = sifted.newestTest;
  if (
    register.result !== 'invalid' &&
    takesFrom(sieve.testDayProvinces, register.province) &&
    (known === null || register.issuedAtMs > known.issuedAtMs)
  )
    sifted.newestTest = register;
}

/** Whether it's there at the instant. */
function siftResult(sifted: Sifted, sieve: Sieve, evidence: ResultEvidence, atMs: number, liftedMs: number): boolean {
  const { result, method, issuedAtMs } = evidence;
  if (!sieve.methods.has(method)) {
    sifted.unusable = true;
    return false;
  }
  const refuses =
    ((result === 'positive' && sieve.positiveRefuses) ||
      (result === 'indeterminate' &&
        (sieve.indeterminateRefuses || (sieve.singlesLift && evidence.isPooled === true)))) &&
    issuedAtMs > liftedMs;
  if (issuedAtMs > atMs) {
    sifted.notYet = true;
    sifted.nextMs = Math.min(sifted.nextMs, issuedAtMs);
    if (refuses) sifted.nextPositiveMs = Math.min(sifted.nextPositiveMs, issuedAtMs);
    return false;
  }
  if (result !== 'negative' && result !== 'invalid') {
    if (sifted.tests === sifted.negatives) sifted.tests = [...sifted.negatives];
    sifted.tests.push(evidence);
  }
  if (result === 'negative') {
    if (sifted.tests !== sifted.negatives) sifted.tests.push(evidence);
    sifted.negatives.push(evidence);
    sifted.newestNegativeMs = Math.max(sifted.newestNegativeMs, issuedAtMs);
  } else if (refuses) {
    sifted.positives = [...sifted.positives, evidence];
    sifted.newestPositive = newer(sifted.newestPositive, evidence);
  } else {
    sifted.newestOther = newer(sifted.newestOther, evidence);
  }
  return true;
}

function siftSampling(sifted: Sifted, evidence: SamplingEvidence, atMs: number): void {
  if (evidence.sampledAtMs > atMs) {
    sifted.notYet = true;
    sifted.nextMs = Math.min(sifted.nextMs, evidence.sampledAtMs);
  } else {
    sifted.samplings.push(evidence);
  }
}

/** The newest negative that lifts what refuses. Asked for only where something refuses, or may. */
export function newestLiftingMs({ singlesLift }: Sieve, { negatives, newestNegativeMs }: Sifted): number {
  if (!singlesLift) return newestNegativeMs;
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const { issuedAtMs, isPooled } of negatives) if (isPooled !== true) newestMs = Math.max(newestMs, issuedAtMs);
  return newestMs;
}

function newer(known: ResultEvidence | null, evidence: ResultEvidence): ResultEvidence {
  return known === null || evidence.issuedAtMs > known.issuedAtMs ? evidence : known;
}
