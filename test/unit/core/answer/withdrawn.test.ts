/** Answers about somebody whose results are withdrawn: the reason, the sentence, and what stands on record. */

import { expect, it } from 'vitest';
import type { TestReported } from '#core/events/events.ts';
import { DAY_MS, HOUR_MS } from '#core/field/time.ts';
import { withoutWithdrawn } from '#core/view/withdrawn.ts';
import type { InForce } from '#core/withdrawals/in-force.ts';
import { ask, NOW_MS, viewOf } from '#test/support/lookup.ts';
import { withdrawal } from '#test/support/withdrawals.ts';
import { issued } from './issued.ts';

const R1 = { laboratory: 'L1', run: 'R1' } as const;
const answer = (events: readonly TestReported[], inForce: InForce = [withdrawal({ atMs: NOW_MS - HOUR_MS })]) =>
  ask(withoutWithdrawn(viewOf(...events), inForce));

it('a withdrawn negative is no evidence, and both languages say why', () => {
  const told = answer([issued(5, R1)]);
  expect(told).toMatchObject({ outcome: 'no_evidence', reason: 'result_withdrawn', evidence: [] });
  expect(told.sentence.en).toContain('the newest result was withdrawn and no longer counts');
  expect(told.sentence.zh).toContain('最新结果已被撤销');
  expect(told.standing?.withdrawn).toMatchObject([
    {
      reportedBy: { province: '43' },
      laboratory: 'L1',
      withdrawal: 'w1',
      withdrawnBy: { province: '43' },
      withdrawnAt: '2026-03-02T11:00:00+08:00',
    },
  ]);
});

it('says what there is beside it, where that has run out', () => {
  const told = answer([issued(60, { sampleId: 'old' }), issued(5, R1)]);
  expect(told).toMatchObject({ outcome: 'not_recognised', reason: 'result_withdrawn', evidence: [{}] });
  expect(told.sentence.en).toContain('there is also a negative result');
});

it('is not named where something newer decides', () => {
  expect(answer([issued(9, R1), issued(5)])).toMatchObject({ outcome: 'recognised', reason: 'negative_result' });
  const positive = issued(5, { result: 'positive' });
  expect(answer([issued(9, R1), positive])).toMatchObject({ reason: 'newest_result_positive' });
});

it('a withdrawn positive no longer refuses', () => {
  const [negative, positive] = [issued(20), issued(5, { ...R1, result: 'positive' })];
  expect(answer([negative, positive], [])).toMatchObject({ outcome: 'not_recognised' });
  expect(answer([negative, positive])).toMatchObject({ outcome: 'recognised', reason: 'negative_result' });
});

it('the nation’s is told as the nation’s, and nothing is shown where nothing is withdrawn', () => {
  const told = answer([issued(5, R1)], [withdrawal({ by: 'national', atMs: NOW_MS - DAY_MS })]);
  expect(told.standing?.withdrawn).toMatchObject([{ withdrawnBy: null }]);
  expect(answer([issued(5, R1)], []).standing?.withdrawn).toEqual([]);
});
