/**
 * Compares every view in Redis, byte for byte, with what the oracle makes of the log alone; and what was accepted with
 * what is in the log. Shares no code with the materialiser. Two threads share the partitions.
 */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Stack } from '#infra/stack/stack.ts';
import type { Compared, CompareWork } from './compare-worker.ts';

export interface Comparison extends Omit<Compared, 'acceptedFound'> {
  readonly acceptedMissing: number;
}

const THREADS = 2;
const COMPARE_MS_MAX = 90_000;

/** @param accepted how many different event ids `acceptedIds` holds */
export async function compareViews(
  { addresses, tls, partitions }: Pick<Stack, 'addresses' | 'tls' | 'partitions'>,
  acceptedIds: Uint8Array,
  accepted: number,
): Promise<Comparison> {
  const { kafka = '', registry = '', redis = '' } = addresses;
  const work = { kafka, tls, registry, redis, acceptedIds };
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const parts = await Promise.all(
    Array.from({ length: THREADS }, async (_, thread) =>
      compareSome({ ...work, partitions: numbers.filter((partition) => partition % THREADS === thread) }),
    ),
  );
  const sum = (of: (part: Compared) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    records: sum(({ records }) => records),
    views: sum(({ views }) => views),
    different: sum(({ different }) => different),
    missing: sum(({ missing }) => missing),
    unexplained: sum(({ unexplained }) => unexplained),
    acceptedMissing: accepted - sum(({ acceptedFound }) => acceptedFound),
  };
}

async function compareSome(work: CompareWork): Promise<Compared> {
  const worker = new Worker(new URL('./compare-worker.ts', import.meta.url), { workerData: work });
  try {
    const [compared] = (await once(worker, 'message', { signal: AbortSignal.timeout(COMPARE_MS_MAX) })) as [Compared];
    return compared;
  } finally {
    await worker.terminate();
  }
}
