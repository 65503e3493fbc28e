/** A part that is set up for another exchange refuses to start, and says how to mend it: it would find nobody. */

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { startExchange } from '#test/support/exchange.ts';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange({
    services: [{ kind: 'producer', name: 'a' }, { kind: 'materialiser' }],
    partitions: 8,
  });
});
afterAll(() => exchange?.stop());

const others = randomBytes(32).toString('hex');

it.each([
  ['a look-up with other partitions', { kind: 'lookup', env: { HUTONG_PARTITIONS: '4' } }, /has 8 partitions, not 4/],
  [
    'a look-up with other secrets',
    { kind: 'lookup', env: { HUTONG_PERSON_KEY_SECRETS: others } },
    /secret 1 is another/,
  ],
  [
    'a producer with other secrets',
    { kind: 'producer', name: 'b', env: { HUTONG_PERSON_KEY_SECRETS: others } },
    /secret 1 is another/,
  ],
  [
    'a producer with more secrets',
    { kind: 'producer', name: 'c', env: { HUTONG_PERSON_KEY_SECRETS: `${others},${others}` } },
    /its key version is 1, and there are 2 secrets/,
  ],
] as const)('%s', async (_what, service, why) => {
  await expect(exchange.stack.startService(service)).rejects.toThrow(why);
});

it('one with those of the exchange starts', async () => {
  await expect(exchange.stack.startService({ kind: 'lookup' })).resolves.not.toThrow();
});
