/**
 * The partition of a person key: murmur2 as every Kafka client's default partitioner has it, so that any tool that
 * writes with the same key writes to the same partition. Must never differ from the Java client's.
 */
const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;

export function partitionOf(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

function murmur2(data: Buffer): number {
  let h = (SEED ^ data.length) | 0;
  const whole = data.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let k = Math.imul(data.readInt32LE(i), MIX);
    k = Math.imul(k ^ (k >>> 24), MIX);
    h = Math.imul(h, MIX) ^ k;
  }
  if (data.length > whole) {
    for (let i = data.length - 1; i >= whole; i -= 1) h ^= (data[i] as number) << (8 * (i - whole));
    h = Math.imul(h, MIX);
  }
  h = Math.imul(h ^ (h >>> 13), MIX);
  return h ^ (h >>> 15);
}
