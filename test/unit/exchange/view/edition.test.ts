/** A later edition of the log: its topics, and its keys beside those of the earlier one. */

import { expect, it } from 'vitest';
import { inEdition, isOfOtherEdition, logOf } from '#exchange/topics/log.ts';
import { topicsOf } from '#exchange/topics/topics.ts';
import { tagOf } from '#exchange/view/hash-slot.ts';
import { ViewKeys } from '#exchange/view/keys.ts';

const LOG = logOf(3);
const KEYS = new ViewKeys(LOG);

it('has topics of its own, and knows those of others for what they are', () => {
  expect(LOG.topics).toEqual(['tests-3', 'vaccinations-3', 'codes-3', 'erasures-3']);
  expect(LOG.topicOf.erasures).toBe('erasures-3');
  expect(topicsOf(LOG).map(({ topic }) => topic)).toEqual(
    expect.arrayContaining(['tests-3', 'watermarks', 'dead-letters', 'editions']) as string[],
  );
  expect(
    ['tests', 'tests-2', 'tests-3', 'codes-4', 'watermarks', 'weather-2'].map((topic) => isOfOtherEdition(LOG, topic)),
  ).toEqual([true, true, false, true, false, false]);
});

it('has a group of its own; the first edition has the plain names', () => {
  expect([1, 3].map((edition) => inEdition(edition, 'materialiser'))).toEqual(['materialiser', 'materialiser-3']);
  expect(logOf(1)).toMatchObject({ topics: ['tests', 'vaccinations', 'codes', 'erasures'], keyPrefix: '' });
});

it('has keys of its own in the same hash slots, and tells those of earlier editions', () => {
  const person = Buffer.alloc(16, 7);
  const tag = `{${tagOf(5)}}`;
  expect(KEYS.position(2, 5)).toBe(`e3:2${tag}:position`);
  expect(KEYS.parse(KEYS.view(2, 5, person))).toEqual({ generation: 2, partition: 5, personKey: person });
  expect(KEYS.parse(Buffer.concat([Buffer.from(`2${tag}`), person]))).toBeNull();
  const all = [
    KEYS.view(2, 5, person),
    KEYS.live(5),
    `2${tag}:position`,
    `${tag}:generation`,
    `e2:1${tag}:freshness`,
    `e2:${tag}:building`,
    `e4:1${tag}:position`,
    'session',
  ];
  expect(all.map((key) => KEYS.isOfFormerEdition(Buffer.from(key)))).toEqual([
    false,
    false,
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
