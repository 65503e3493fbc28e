/** Poison with an id that the registry doesn't know: what it costs. */

import { expect, it } from 'vitest';
import { testReported } from '#exercises/town/events.ts';
import { schemaSource, turns } from '#test/unit/platform/kafka/support.ts';
import { MemoryLog, offsetsOf, rigOf } from './support.ts';

const A = Buffer.from('aaaaaaaaaaaaaaaa');

it('a step asks the registry once for an id it doesn’t know, not per record; the next step asks again', async () => {
  const asked: number[] = [];
  const known = schemaSource();
  const schemas = {
    cached: (id: number) => known.cached(id) ?? undefined,
    fetch: async (id: number) => (asked.push(id), null),
  };
  const { worker, store, letters, begin } = rigOf({ schemas });
  await begin();
  const log = new MemoryLog();
  const poison = Buffer.from([0, 0, 0, 3, 231, 1]);
  for (let sample = 0; sample < 101; sample += 1)
    log.append(A, testReported({ sampleId: `S${sample}` }), { value: poison, isNamed: false });
  worker.offer(log.chunk('tests', 0, 100));
  await turns(10);
  expect(asked).toEqual([999]);
  worker.offer(log.chunk('tests', 100));
  await turns(10);
  expect(asked).toEqual([999, 999]);
  expect(letters).toHaveLength(101);
  expect(offsetsOf(store.commits.at(-1)?.position ?? null)[0]).toBe(101);
});
