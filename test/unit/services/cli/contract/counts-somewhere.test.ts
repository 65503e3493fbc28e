/** Which results are of use nowhere, and by which field: by the rules that ship, and by none that this knows itself. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import { DAY_MS } from '#core/field/time.ts';
import { testReported } from '#exercises/town/events.ts';
import { at } from '#exercises/town/events.ts';
import { CountsSomewhere } from '#services/cli/contract/counts-somewhere.ts';
import { shippedBook } from '#test/support/policies.ts';

let book: PolicyBook;
beforeAll(async () => {
  book = await shippedBook();
});

const ISSUED_MS = at('2022-08-10T02:00+08:00');
const GOOD = testReported({
  province: '43',
  method: 'nucleic_acid',
  result: 'negative',
  status: 'final',
  poolSize: null,
  sampledAtMs: ISSUED_MS - DAY_MS / 4,
  sampledAtPrecision: 'minute',
  testedAtMs: null,
  accessionedOnDay: null,
  reportIssuedAtMs: ISSUED_MS,
});
const lackOf = (given: Partial<typeof GOOD>) => new CountsSomewhere(book).lackOf({ ...GOOD, ...given });

describe('a result', () => {
  it('that somebody is recognised by lacks nothing, whatever it says and however it was pooled', () => {
    for (const result of ['negative', 'positive', 'invalid'] as const) expect(lackOf({ result })).toBeNull();
    for (const status of ['final', 'preliminary', 'corrected'] as const) expect(lackOf({ status })).toBeNull();
    expect(lackOf({ poolSize: 10 })).toBeNull();
  });
  it('by a method that no rule takes lacks its method, a positive too', () => {
    expect(lackOf({ method: 'PCR' })).toBe('method');
    expect(lackOf({ method: '核酸', result: 'positive' })).toBe('method');
  });
  it('of a sample that is too old when it is reported lacks a time of sampling', () => {
    expect(lackOf({ sampledAtMs: ISSUED_MS - 300 * DAY_MS })).toBe('sampledAt');
  });
  it('that two fields keep from counting names neither of them alone', () => {
    expect(lackOf({ method: 'PCR', sampledAtMs: ISSUED_MS - 300 * DAY_MS })).toBe('');
  });
  it('lacks nothing while no rule asks for any', () => {
    const early = at('2020-01-10T02:00+08:00');
    expect(new CountsSomewhere(compilePolicyBook([])).lackOf({ ...GOOD, method: 'PCR' })).toBeNull();
    expect(lackOf({ method: 'PCR', reportIssuedAtMs: early, sampledAtMs: early })).toBeNull();
  });
});

it('asks of a bounded number of kinds, and counts the others', () => {
  const counts = new CountsSomewhere(compilePolicyBook([]));
  for (let index = 0; index < 1_000; index += 1) counts.lackOf({ ...GOOD, method: `m${index}` });
  expect(counts.unasked).toBeGreaterThan(0);
  expect(counts.unasked).toBeLessThan(1_000);
});
