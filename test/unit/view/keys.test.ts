/** Where things lie in Redis: all keys of a partition in one hash slot, and no two things under one key. */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { tagOf } from '#view/hash-slot.ts';
import { freshnessKey, positionKey, viewKey } from '#view/keys.ts';

/** What Redis Cluster hashes: the text between the first `{` and the next `}`. */
const hashTag = (key: string) => /\{([^}]+)\}/.exec(key)?.[1];

it('puts position, freshness and views of a partition into one hash slot, that of its tag', () => {
  for (const partition of [0, 7, 1023]) {
    const view = viewKey(partition, Buffer.from('}{}{}{}{}{}{}{}{')).toString('latin1');
    expect([positionKey(partition), freshnessKey(partition), view].map(hashTag)).toEqual(Array(3).fill(tagOf(partition)));
  }
});

it('keeps the person’s key whole at the end', () => {
  const person = randomBytes(16);
  expect(viewKey(3, person)).toEqual(Buffer.concat([Buffer.from(`1{${tagOf(3)}}`), person]));
});

it('gives no view the key of a position or a freshness', () => {
  const lengths = new Set([positionKey(3).length, freshnessKey(3).length]);
  expect(lengths.has(viewKey(3, randomBytes(16)).length)).toBe(false);
});
