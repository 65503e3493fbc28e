/** A process that works with a later edition of the log: its topics, and its keys beside those of the earlier one. */

import { afterAll, beforeAll, expect, it, vi } from 'vitest';

beforeAll(() => {
  vi.stubEnv('HUTONG_LOG_EDITION', '3');
  vi.resetModules();
});
afterAll(() => {
  vi.unstubAllEnvs();
  vi.resetModules(); // other files in this worker work with the edition that the environment names
});

it('has topics of its own, and knows those of others for what they are', async () => {
  const { isOfOtherEdition, SHARED_TOPICS, TOPICS } = await import('#exchange/topics/topics.ts');
  expect(SHARED_TOPICS).toEqual(['tests-3', 'vaccinations-3', 'codes-3', 'erasures-3']);
  expect(TOPICS.map(({ topic }) => topic)).toEqual(
    expect.arrayContaining(['tests-3', 'watermarks', 'dead-letters']) as string[],
  );
  expect(['tests', 'tests-2', 'tests-3', 'codes-4', 'watermarks', 'weather-2'].map(isOfOtherEdition)).toEqual([
    true,
    true,
    false,
    true,
    false,
    false,
  ]);
});

it('has keys of its own in the same hash slots, and tells those of earlier editions', async () => {
  const { isOfFormerEdition, liveKey, parseKey, positionKey, viewKey } = await import('#exchange/view/keys.ts');
  const { tagOf } = await import('#exchange/view/hash-slot.ts');
  const person = Buffer.alloc(16, 7);
  const tag = `{${tagOf(5)}}`;
  expect(positionKey(2, 5)).toBe(`e3:2${tag}:position`);
  expect(parseKey(viewKey(2, 5, person))).toEqual({ generation: 2, partition: 5, personKey: person });
  expect(parseKey(Buffer.concat([Buffer.from(`2${tag}`), person]))).toBeNull();
  const all = [
    viewKey(2, 5, person),
    liveKey(5),
    `2${tag}:position`,
    `${tag}:generation`,
    `e2:1${tag}:freshness`,
    `e2:${tag}:building`,
    `e4:1${tag}:position`,
    'session',
  ];
  expect(all.map((key) => isOfFormerEdition(Buffer.from(key)))).toEqual([
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
