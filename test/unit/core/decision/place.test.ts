/** What is answered of a place: no rule known, kinds that differ, nothing asked. */

import { describe, expect, it } from 'vitest';
import { ask, NOTHING_ASKED, own, tested } from './ask.ts';

describe('where no rule is known', () => {
  it.each([
    ['nobody on record', null],
    ['a negative', tested(1)],
    ['a positive', tested(1, 'positive')],
  ])('%s is neither refused nor recognised, nor told to ask again', (_name, view) => {
    expect(ask([], view)).toMatchObject({
      outcome: 'undetermined',
      reason: 'no_rule_known',
      finding: 'no_rule_known',
      rule: null,
      mayGoIn: null,
      askAgainBy: null,
      validUntil: null,
      nextChangeAt: null,
      statementsMissing: [],
      equalEffect: null,
    });
  });
  it('the answer says so, and who decides', () => {
    expect(ask([], null).sentence.en).toBe(
      'No rule for this place and time is known to the exchange: that is no refusal, and the gate’s own order ' +
        'decides. No search for it is on record.',
    );
    expect(ask([], null).sentence.zh).toContain('不是拒绝');
  });
  it('the first rule that comes is the next change', () => {
    const later = own('later', { inForce: { from: '2022-11-01T00:00+08:00', until: null } });
    expect(ask([later], null).nextChangeAt).toBe('2022-11-01T00:00:00+08:00');
  });
});

describe('where kinds of place differ', () => {
  const bars = own('bars', { purposes: ['public_place/bar'] });
  const rest = own('rest', NOTHING_ASKED);
  it('and all come out alike, that is the answer', () => {
    const { outcome, mayGoIn, kinds, rule, validUntil } = ask([rest, bars], tested(1));
    expect({ outcome, mayGoIn, kinds, rule, validUntil }).toMatchObject({
      outcome: 'recognised',
      mayGoIn: true,
      kinds: [],
      rule: { id: '43/rest' },
      validUntil: '2022-10-03T11:00:00+08:00',
    });
  });
  it('and don’t, the kind must be stated, and each is told', () => {
    const answer = ask([rest, bars], null);
    expect(answer).toMatchObject({
      outcome: 'undetermined',
      reason: 'statement_missing',
      statementsMissing: ['kind'],
      rule: null,
      mayGoIn: null,
      kinds: [
        {
          kind: 'bar',
          title: { en: 'bars' },
          outcome: 'no_evidence',
          mayGoIn: false,
          rule: { id: '43/bars', version: 1 },
        },
        {
          kind: null,
          title: null,
          outcome: 'recognised',
          reason: 'nothing_asked',
          mayGoIn: true,
          rule: { id: '43/rest' },
        },
      ],
    });
    expect(answer.sentence.en).toContain('bars: no evidence. any other: recognised.');
  });
  it('the one that is stated is judged', () => {
    expect(ask([rest, bars], null, { occasion: { kind: 'bar' } })).toMatchObject({
      outcome: 'no_evidence',
      kind: 'bar',
    });
  });
});

describe('where nothing is asked', () => {
  it('everybody is recognised, whatever is on record or behind', () => {
    for (const asked of [{}, { behind: { 11: null } as const }, { nothingRead: true }])
      for (const view of [null, tested(1, 'positive')])
        expect(ask([own('end', NOTHING_ASKED)], view, asked)).toMatchObject({
          outcome: 'recognised',
          reason: 'nothing_asked',
          mayGoIn: true,
          validUntil: null,
        });
  });
  it('but a positive refuses, that is said as honestly as by any rule', () => {
    const end = own('end', { ...NOTHING_ASKED, positive: 'refuses_until_later_negative' });
    expect(ask([end], null)).toMatchObject({ outcome: 'recognised', reason: 'nothing_asked' });
    expect(ask([end], tested(1, 'positive'))).toMatchObject({
      outcome: 'not_recognised',
      reason: 'newest_result_positive',
    });
    expect(ask([end], null, { nothingRead: true })).toMatchObject({
      outcome: 'undetermined',
      reason: 'exchange_behind',
    });
  });
});
