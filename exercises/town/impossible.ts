/**
 * Events that can't be true, mixed into the day so that one can see them refused while their neighbours are accepted.
 */

import { formatTime, HOUR_MS, MINUTE_MS } from '#core/field/time.ts';
import type { WrittenDelivery } from './deliveries.ts';
import type { Population } from './people.ts';
import type { Random } from './random.ts';

export const IMPOSSIBLE_KINDS = [
  'wrong check digit',
  'report before sampling',
  'report from the future',
  'result outside the list',
] as const;

export function impossibleEvents(
  count: number,
  population: Population,
  random: Random,
  { fromMs, nowMs }: { fromMs: number; nowMs: number },
): WrittenDelivery[] {
  return Array.from({ length: count }, (_, index) => {
    const atMs = fromMs + random.next() * (nowMs - fromMs);
    // Never a small province's: a sparsely filled batch would tell little, and one of them falls silent.
    const province = 15 + random.below(5);
    return {
      kind: 'written',
      atMs,
      province,
      lines: [impossibleLine(index, province, atMs, nowMs, population, random)],
    };
  });
}

function impossibleLine(
  index: number,
  province: number,
  atMs: number,
  nowMs: number,
  population: Population,
  random: Random,
): string {
  const kind = IMPOSSIBLE_KINDS[index % IMPOSSIBLE_KINDS.length] as (typeof IMPOSSIBLE_KINDS)[number];
  const number = '430102198001010017'; // its check digit would be another
  const person =
    kind === 'wrong check digit'
      ? { documentType: 'resident_identity_card', documentNumber: number }
      : population.documentOf(random.below(population.people));
  const sampledAtMs = kind === 'report before sampling' ? atMs : atMs - 8 * HOUR_MS;
  const issuedAtMs =
    kind === 'report from the future'
      ? nowMs + 24 * HOUR_MS
      : kind === 'report before sampling'
        ? atMs - 30 * MINUTE_MS
        : atMs;
  return JSON.stringify({
    type: 'TestReported',
    person,
    province: population.residents[province]?.province,
    laboratory: 'test of the intake',
    sampleId: `X${index}`,
    status: 'final',
    method: 'nucleic_acid',
    sampledAt: formatTime(sampledAtMs),
    reportIssuedAt: formatTime(issuedAtMs),
    result: kind === 'result outside the list' ? 'fine' : 'negative',
  });
}
