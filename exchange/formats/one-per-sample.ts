/**
 * At most one result per sample leaves a message. The exchange keeps one register per sample, so two results of the
 * same sample would replace each other there by chance; where they don't agree, none is sent and a person decides. What
 * is left out is always named.
 */

import type { TestReportedJson } from './event-json.ts';
import type { FormatFault } from './format-fault.ts';
import type { Origins } from './location.ts';
import { canFollow, dayIn, msOf } from './times-in-order.ts';

export interface Candidate {
  /** `OBX 2` */
  readonly within: string;
  /** One gene of a test: gives way to the test's own result. */
  readonly isTarget: boolean;
  readonly event: TestReportedJson;
  readonly origins: Origins;
}

export interface Told {
  readonly within: string;
  readonly fault: FormatFault;
}

export interface Chosen {
  readonly kept: readonly Candidate[];
  readonly refused: readonly Told[];
  /** Left out beside one that is kept. */
  readonly ignored: readonly Told[];
}

/** How the format calls what is told of. */
export interface Words {
  /** Where an observation has its value. */
  readonly valueOf: (within: string) => string;
  /** How to send results of one sample that don't agree. */
  readonly apart: string;
}

export function onePerSample(candidates: readonly Candidate[], words: Words): Chosen {
  const chosen = [...Map.groupBy(candidates, sampleOf).values()].map((ofSample) => chooseOf(ofSample, words));
  return {
    kept: chosen.flatMap(({ kept }) => kept),
    refused: chosen.flatMap(({ refused }) => refused),
    ignored: chosen.flatMap(({ ignored }) => ignored),
  };
}

/**
 * Those whose sample's number stands for several people without a pool's size: taken as each one's own, one positive
 * would make several. What is taken back stays.
 */
export function sharedSamplesIn(candidates: readonly Candidate[]): readonly Told[] {
  const single = candidates.filter(({ event }) => (event.poolSize ?? 1) === 1 && event.status !== 'retracted');
  if (single.length < 2) return [];
  // Numbers of samples begin anew each day in some laboratories.
  const numberOf = ({ event }: Candidate) =>
    JSON.stringify([event.laboratory, event.sampleId, dayIn(event.sampledAt ?? '')]);
  return [...Map.groupBy(single, numberOf).values()]
    .filter((ofNumber) => new Set(ofNumber.map(({ event }) => JSON.stringify(event.person))).size > 1)
    .flat()
    .map(({ within, origins }) => ({ within, fault: { field: origins['/sampleId'] ?? '', ...SHARED } }));
}

/** Of a sample's number. */
export const SHARED = {
  reason: 'stands for several people, and of how many samples the pool is isn’t said',
  hint: 'send how many samples are pooled, or each person’s own number',
} as const;

/** Whose sample it is decides, not which laboratory an observation names: one of two may name none. */
function sampleOf({ event }: Candidate): string {
  return JSON.stringify([event.person, event.sampleId]);
}

function chooseOf(candidates: readonly Candidate[], words: Words): Chosen {
  if (candidates.length === 1) return { kept: candidates, refused: [], ignored: [] };
  const live = candidates.filter(({ event }) => event.status !== 'retracted');
  const standing = live.length > 0 ? live : candidates;
  const whole = standing.filter(({ isTarget }) => !isTarget);
  const rivals = whole.length > 0 ? whole : standing;
  const targets = whole.length > 0 ? standing.filter(({ isTarget }) => isTarget) : [];
  if (disagree(rivals) || contradict(rivals, targets)) {
    const reason = disagreement([...rivals, ...targets]);
    const told = ({ within }: Candidate) => ({
      within,
      fault: { field: words.valueOf(within), reason, hint: words.apart },
    });
    return { kept: [], refused: candidates.map(told), ignored: [] };
  }
  const { kept, equal } = newestOf(rivals);
  const stands = kept[0]?.within ?? '';
  const left = ({ within }: Candidate, why: string): Told => ({
    within,
    fault: { field: words.valueOf(within), reason: `${why}; it is left out`, hint: 'nothing to mend' },
  });
  return {
    kept,
    refused: [],
    ignored: [
      ...equal.map((one) => left(one, `says the same as ${stands}, which is taken`)),
      ...targets.map((one) => left(one, `is a part of the test whose result ${stands} is`)),
      ...(live.length > 0 ? candidates.filter(({ event }) => event.status === 'retracted') : []).map((one) =>
        left(one, `is taken back, and ${stands} stands in its place`),
      ),
    ],
  };
}

function disagree(rivals: readonly Candidate[]): boolean {
  const told = rivals.map(({ event }) => {
    const sampledMs = msOf(event.sampledAt ?? '');
    return `${event.method} ${event.result} ${event.status} ${event.poolSize} ${sampledMs}`;
  });
  return new Set(told).size > 1;
}

/** A gene that was found beside a negative whole, or a positive whole of which no gene was found. */
function contradict(rivals: readonly Candidate[], targets: readonly Candidate[]): boolean {
  const whole = rivals[0]?.event.result;
  if (targets.length === 0 || whole === undefined) return false;
  if (whole === 'negative') return targets.some(({ event }) => event.result === 'positive');
  return whole === 'positive' && targets.every(({ event }) => event.result === 'negative');
}

/**
 * Of equal results in one register the one reported last. One that the door can't take stands for no other: it goes
 * there beside it, and is refused there.
 */
function newestOf(rivals: readonly Candidate[]): { kept: readonly Candidate[]; equal: readonly Candidate[] } {
  const [good, impossible] = [
    rivals.filter(({ event }) => canFollow(event.sampledAt ?? null, event.reportIssuedAt)),
    rivals.filter(({ event }) => !canFollow(event.sampledAt ?? null, event.reportIssuedAt)),
  ];
  const kept: Candidate[] = [];
  const equal: Candidate[] = [];
  for (const same of Map.groupBy(good, ({ event }) => event.laboratory).values()) {
    const [newest, ...others] = same.toSorted(
      (left, right) => msOf(right.event.reportIssuedAt) - msOf(left.event.reportIssuedAt),
    );
    if (newest !== undefined) kept.push(newest);
    equal.push(...others);
  }
  return { kept: [...kept, ...impossible], equal };
}

/** So many places are named; a fault that named thousands for each of thousands would fill the memory. */
const PLACES_MAX = 10;

function disagreement(rivals: readonly Candidate[]): string {
  const places = rivals.slice(0, PLACES_MAX).map(({ within }) => within);
  const others = rivals.length > PLACES_MAX ? ` and ${rivals.length - PLACES_MAX} more` : '';
  return `the results of one sample don’t agree in method, result, status or sampling (${places.join(', ')}${others})`;
}
