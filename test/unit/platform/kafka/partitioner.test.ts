/** The partition of a key is the one that every Kafka client's default partitioner gives. */

import fc from 'fast-check';
import kafkajs, { type PartitionMetadata } from 'kafkajs';
import { expect, it } from 'vitest';
import { partitionOf } from '#platform/kafka/partitioner.ts';

const metadataOf = (count: number): PartitionMetadata[] =>
  Array.from({ length: count }, (_, partitionId) => ({
    partitionId,
    leader: 0,
    partitionErrorCode: 0,
    replicas: [],
    isr: [],
  }));

it('agrees with the client’s own partitioner for every key and number of partitions', () => {
  const theirs = kafkajs.Partitioners.DefaultPartitioner();
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 64 }),
      (bytes, partitions) => {
        const key = Buffer.from(bytes);
        expect(partitionOf(key, partitions)).toBe(
          theirs({ topic: 'tests', partitionMetadata: metadataOf(partitions), message: { key, value: null } }),
        );
      },
    ),
    { numRuns: 500 },
  );
});

it.each([
  ['21', -973_932_308],
  ['foobar', -790_332_482],
  ['a-little-bit-long-string', -985_981_536],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
])('agrees with the Java client’s murmur2 of %s', (text, murmur2) => {
  expect(partitionOf(Buffer.from(text), 1_000_003)).toBe((murmur2 & 0x7fffffff) % 1_000_003);
});
