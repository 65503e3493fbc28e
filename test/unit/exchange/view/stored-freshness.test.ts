/** Freshness as it is stored, and the withdrawals beside it: none is taken for those of another digest. */

import { expect, it } from 'vitest';
import { NO_FRESHNESS } from '#core/view/snapshot.ts';
import {
  digestOf,
  freshnessText,
  parseFreshness,
  parseWithdrawals,
  withdrawalsText,
} from '#exchange/view/stored-freshness.ts';
import { withdrawal } from '#test/support/withdrawals.ts';

const SET = [withdrawal(), withdrawal({ id: 'w2', by: 'national', span: { of: 'issued', fromMs: 1, toMs: 2 } })];

it('comes back with its withdrawals', () => {
  const { withdrawals, ...same } = parseFreshness(
    freshnessText({ ...NO_FRESHNESS, acceptedUpToMs: 7, withdrawals: SET }),
  );
  expect(same).toEqual({ watermarks: [], incompleteProvinces: [], acceptedUpToMs: 7, leaks: [] });
  expect(parseWithdrawals(withdrawals, withdrawalsText(SET))).toEqual(SET);
});

it('without withdrawals says so, whatever is left beside it; and so does what an earlier version stored', () => {
  for (const text of [freshnessText(NO_FRESHNESS), '{"watermarks":[],"incompleteProvinces":[]}', null]) {
    const { withdrawals } = parseFreshness(text);
    expect(parseWithdrawals(withdrawals, withdrawalsText(SET))).toEqual([]);
  }
});

it.each([
  ['nothing', null],
  ['others', withdrawalsText([withdrawal()])],
  ['its digest with others behind it', digestOf(SET) + JSON.stringify([withdrawal()])],
  ['a part of them', withdrawalsText(SET).slice(0, -1)],
])('isn’t taken with %s', (_what, stored) => {
  expect(parseWithdrawals(digestOf(SET), stored)).toBeNull();
});
