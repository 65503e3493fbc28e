/** Where things lie in Redis: all keys of a partition in one hash slot, and no two things under one key. */

import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { tagOf } from '#exchange/view/hash-slot.ts';
import { abandoned, numberIn, parseBuilding, parseGeneration } from '#exchange/view/keys.ts';
import { KEYS } from '#test/support/first-edition.ts';

/** What Redis Cluster hashes: the text between the first `{` and the next `}`. */
const hashTag = (key: string) => /\{([^}]+)\}/.exec(key)?.[1];

it('puts all that belongs to a partition into one hash slot, that of its tag, in every generation', () => {
  for (const partition of [0, 7, 1023]) {
    const view = KEYS.view(12, partition, Buffer.from('}{}{}{}{}{}{}{}{')).toString('latin1');
    const all = [
      KEYS.position(1, partition),
      KEYS.position(2, partition),
      KEYS.freshness(2, partition),
      KEYS.counts(2, partition),
      KEYS.live(partition),
      KEYS.building(partition),
      view,
    ];
    expect(all.map(hashTag)).toEqual(Array(all.length).fill(tagOf(partition)));
  }
});

it('keeps the person’s key whole at the end', () => {
  const person = randomBytes(16);
  expect(KEYS.view(1, 3, person)).toEqual(Buffer.concat([Buffer.from(`1{${tagOf(3)}}`), person]));
});

it('reads back whose a key is, whatever bytes the person’s key has', () => {
  const person = Buffer.from('}{7}1{8}:positio');
  expect(KEYS.parse(KEYS.view(10, 3, person))).toEqual({ generation: 10, partition: 3, personKey: person });
  for (const key of [KEYS.position(10, 3), KEYS.freshness(10, 3), KEYS.counts(10, 3)])
    expect(KEYS.parse(Buffer.from(key))).toEqual({ generation: 10, partition: 3, personKey: null });
  for (const key of [KEYS.live(3), KEYS.building(3), 'another', '']) expect(KEYS.parse(Buffer.from(key))).toBeNull();
});

it('tells what is being built from what was given up, whose number is remembered', () => {
  expect([null, '3', abandoned(3)].map(parseBuilding)).toEqual([null, 3, null]);
  expect([null, '3', abandoned(3)].map(numberIn)).toEqual([0, 3, 3]);
});

it('takes the first generation for the live one where nothing says otherwise', () => {
  expect([null, undefined, '1', Buffer.from('12')].map(parseGeneration)).toEqual([1, 1, 1, 12]);
});
