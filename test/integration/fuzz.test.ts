/** The short form of `make fuzz`: wrong requests and events to both doors of a running exchange. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { fuzz } from '#exercises/fuzz/fuzz.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { startExchange } from '#test/support/exchange.ts';

const REQUESTS = 1_500;
const SEED = 20_221_207;
let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange({
    services: [
      { kind: 'producer', name: 'a', provinces: PROVINCE_CODES },
      { kind: 'materialiser', name: '1' },
      { kind: 'lookup', name: '1' },
    ],
  });
});
afterAll(async () => exchange?.stop());

test('what is wrong stops nobody, adds up, and leaves no number of a person anywhere', async () => {
  const { processes } = exchange.stack;
  const { tally, findings } = await fuzz({
    exchange,
    requests: REQUESTS,
    seed: SEED,
    nowMs: Date.now(),
    processes: new Map(processes.map(({ name, pid }) => [name, pid])),
  });
  expect(findings).toEqual([]);
  expect(tally.requests).toBe(REQUESTS);
  expect(tally.wellFormed).toBeGreaterThan(REQUESTS / 2);
  // Else it would only have knocked at a door that is shut.
  expect(tally.counts.accepted).toBeGreaterThan(REQUESTS / 20);
  expect(tally.byStatus.get(200) ?? 0).toBeGreaterThan(REQUESTS / 5);
});
