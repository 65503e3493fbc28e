/**
 * What counts as evidence, and what outweighs what; what is presented; an instant in the past.
 */

import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#core/field/time.ts';
import type { Presented, PresentedResult } from '#core/question/evidence.ts';
import { at, samplingRecorded } from '#exercises/town/events.ts';
import { ask, inForce, NOW_MS, ruleText, viewOf } from '#test/support/lookup.ts';
import { issued } from './issued.ts';

describe('a negative result', () => {
  it('of any province recognises, and is named', () => {
    expect(ask(viewOf(issued(5, { province: '54', laboratory: 'Lhasa 1' })))).toMatchObject({
      outcome: 'recognised',
      reason: 'negative_result',
      equalEffect: null,
      evidence: [
        {
          kind: 'result',
          province: '54',
          provinceName: { en: 'Tibet' },
          laboratory: 'Lhasa 1',
          result: 'negative',
          presented: false,
          reportIssuedAt: '2026-03-02T07:00:00+08:00',
        },
      ],
      rule: { id: '00/test', version: 1, clause: 'result' },
      position: {
        edition: 1,
        cluster: 'cluster',
        partition: 3,
        topics: { tests: { nextOffset: 41 }, vaccinations: { nextOffset: 7 } },
      },
    });
  });
  it('that lasts longest is the one that is named', () => {
    expect(ask(viewOf(issued(20), issued(4), issued(30))).validUntil).toBe('2026-03-04T08:00:00+08:00');
  });
  it.each([
    ['preliminary', { status: 'preliminary' }],
    ['by antigen', { method: 'antigen' }],
    ['retracted', { status: 'retracted' }],
  ] as const)('that is %s counts for nothing', (_name, given) => {
    expect(ask(viewOf(issued(5, given)))).toMatchObject({
      outcome: 'no_evidence',
      reason: 'nothing_that_counts',
      evidence: [],
    });
  });
  it('that is dated later doesn’t count yet', () => {
    expect(ask(viewOf(issued(-1, { sampledAtMs: NOW_MS - HOUR_MS })))).toMatchObject({
      outcome: 'no_evidence',
      reason: 'not_yet_issued',
    });
  });
});

describe('a positive result', () => {
  it('refuses when it is the newest', () => {
    const answer = ask(viewOf(issued(20), issued(5, { result: 'positive' })));
    expect(answer).toMatchObject({
      outcome: 'not_recognised',
      reason: 'newest_result_positive',
      validUntil: null,
      evidence: [{ result: 'positive' }],
    });
    expect(answer.sentence.en).toContain('the newest result is positive');
  });
  it('refuses when issued in the same instant as a negative', () => {
    expect(ask(viewOf(issued(5), issued(5, { result: 'positive' }))).reason).toBe('newest_result_positive');
  });
  it('is lifted by a later negative', () => {
    expect(ask(viewOf(issued(20, { result: 'positive' }), issued(5))).outcome).toBe('recognised');
  });
  it('does not give way to a sampling record', () => {
    const policy = inForce(
      ruleText({
        clauses: [{ id: 's', kind: 'sampling', from: 'all', window: { length: 24, unit: 'hours', end: 'inclusive' } }],
      }),
    );
    const sampled = samplingRecorded({ sampledAtMs: NOW_MS - HOUR_MS });
    expect(ask(viewOf(sampled), { policy }).outcome).toBe('recognised');
    expect(ask(viewOf(sampled, issued(5, { result: 'positive' })), { policy }).reason).toBe('newest_result_positive');
  });
  it('counts no longer once corrected', () => {
    const positive = issued(20, { result: 'positive' });
    expect(
      ask(
        viewOf(positive, { ...positive, status: 'corrected', result: 'negative', reportIssuedAtMs: NOW_MS - HOUR_MS }),
      ),
    ).toMatchObject({ outcome: 'recognised' });
  });
  it('is not looked at where the rule says so', () => {
    expect(
      ask(viewOf(issued(20), issued(5, { result: 'positive' })), {
        policy: inForce(ruleText({ positive: 'no_effect' })),
      }).outcome,
    ).toBe('recognised');
  });
  it('by a method that the rule doesn’t take is not looked at', () => {
    expect(ask(viewOf(issued(20), issued(5, { result: 'positive', method: 'antigen' }))).outcome).toBe('recognised');
  });
  it('ends an earlier answer', () => {
    const view = viewOf(issued(20), issued(5, { result: 'positive' }));
    const answer = ask(view, { atMs: NOW_MS - 10 * HOUR_MS });
    expect(answer).toMatchObject({
      outcome: 'recognised',
      validUntil: '2026-03-02T07:00:00+08:00',
      validUntilInclusive: false,
    });
  });
});

describe('an indeterminate or invalid result', () => {
  it.each(['indeterminate', 'invalid'] as const)('%s recognises nothing and takes nothing away', (result) => {
    expect(ask(viewOf(issued(5, { result })))).toMatchObject({
      outcome: 'not_recognised',
      reason: 'no_negative_result',
    });
    expect(ask(viewOf(issued(20), issued(5, { result }))).outcome).toBe('recognised');
  });
});

describe('days since test', () => {
  it('are calendar days since the sampling of the newest result', () => {
    expect(ask(viewOf(issued(60), issued(30))).daysSinceTest).toBe(1);
  });
  it('are unknown without a sampling time', () => {
    expect(
      ask(viewOf(issued(60), issued(5, { sampledAtMs: null, sampledAtPrecision: null }))).daysSinceTest,
    ).toBeNull();
  });
});

function shown(hoursAgo: number, given: Partial<PresentedResult> = {}): PresentedResult {
  return {
    kind: 'result',
    channel: 'paper',
    province: null,
    laboratory: null,
    method: 'nucleic_acid',
    result: 'negative',
    sampledAtMs: null,
    sampledAtPrecision: null,
    testedAtMs: null,
    issuedAtMs: NOW_MS - hoursAgo * HOUR_MS,
    ...given,
  };
}

describe('what is presented', () => {
  it('is judged by the same rule and labelled', () => {
    expect(ask(null, { presented: [shown(5)] })).toMatchObject({
      outcome: 'recognised',
      reason: 'presented_result',
      evidence: [{ presented: true, unverified: true, channel: 'paper' }],
      validUntil: '2026-03-04T07:00:00+08:00',
    });
    expect(ask(null, { presented: [shown(49)] })).toMatchObject({
      outcome: 'not_recognised',
      reason: 'too_old',
      evidence: [{ presented: true, unverified: true }],
    });
  });
  it('stands behind what is on record', () => {
    expect(ask(viewOf(issued(20)), { presented: [shown(1)] })).toMatchObject({
      reason: 'negative_result',
      evidence: [{ presented: false }],
    });
  });
  it('is outweighed by a newer positive on record, and outweighs an older one', () => {
    const view = viewOf(issued(10, { result: 'positive' }));
    expect(ask(view, { presented: [shown(11)] })).toMatchObject({
      outcome: 'not_recognised',
      reason: 'newest_result_positive',
      evidence: [{ result: 'positive', presented: false }, { presented: true }],
    });
    expect(ask(view, { presented: [shown(9)] })).toMatchObject({ outcome: 'recognised', reason: 'presented_result' });
  });
  it('of named provinces only counts with its province', () => {
    const policy = inForce(
      ruleText({
        clauses: [{ id: 's', kind: 'sampling', from: ['33'], window: { length: 24, unit: 'hours', end: 'inclusive' } }],
      }),
    );
    const sampling = (province: '33' | null): Presented => ({
      kind: 'sampling',
      channel: 'other_code',
      province,
      laboratory: null,
      sampledAtMs: NOW_MS - HOUR_MS,
      sampledAtPrecision: 'minute',
    });
    expect(ask(null, { policy, presented: [sampling('33')] }).reason).toBe('presented_sampling');
    expect(ask(null, { policy, presented: [sampling(null)] }).reason).toBe('not_accepted_here');
  });
});

describe('an instant in the past', () => {
  it('is said to be one', () => {
    const answer = ask(viewOf(issued(20)), { atMs: NOW_MS - 10 * HOUR_MS });
    expect(answer).toMatchObject({
      outcome: 'recognised',
      at: '2026-03-02T02:00:00+08:00',
      evaluatedAt: '2026-03-02T12:00:00+08:00',
      asOf: { relation: 'past' },
    });
    expect(answer.sentence.en).toContain('by the rule in force then, from the data known now');
  });
  it('before a correction whose earlier version isn’t kept is not settled', () => {
    const report = issued(20);
    const view = viewOf(report, { ...report, status: 'corrected', reportIssuedAtMs: NOW_MS - HOUR_MS });
    expect(ask(view, { atMs: NOW_MS - 10 * HOUR_MS })).toMatchObject({
      outcome: 'undetermined',
      reason: 'corrected_since',
    });
  });
  it('a few seconds ago is now', () => {
    expect(ask(null, { atMs: at('2026-03-02T11:59:30+08:00') }).asOf).toEqual({ relation: 'now', note: null });
  });
});
