/** What `hutong policy check` remarks on, though it keeps no rule from being used; and the gaps that it prints. */

import { describe, expect, it } from 'vitest';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { coverageTable, gapsOf, intervalText } from '#exchange/policy/covered.ts';
import { remarksOn } from '#exchange/policy/remarks.ts';
import { ruleText } from '#test/support/lookup.ts';

const own = (given: Partial<RuleText>): RuleText =>
  ruleText({ id: '43/entry', province: '43', purposes: ['entry'], ...given });
const remarks = (...texts: readonly RuleText[]): string[] =>
  remarksOn(texts, compilePolicyBook(texts)).map(({ index, pointer }) => `${index}${pointer}`);

describe('a version that ends', () => {
  const first = own({ inForce: { from: '2022-01-01T00:00+08:00', until: '2022-03-01T00:00+08:00' } });
  it('says what follows, or has a successor that begins then', () => {
    expect(remarks(first)).toEqual(['0/inForce/until']);
    expect(remarks({ ...first, afterwards: { zh: '此后不再查验', en: 'nothing is asked' } })).toEqual([]);
    const next = own({ version: 2, inForce: { from: '2022-03-01T00:00+08:00', until: null } });
    expect(remarks(first, next)).toEqual([]);
    expect(remarks(first, { ...next, confirmed: false })).toEqual(['0/inForce/until']);
  });
});

describe('a state that bars', () => {
  const states = [{ state: 'blue', title: { zh: '蓝码', en: 'blue' }, bars: ['public_place'] }] as const;
  it('is named where it lasts beyond the national notice', () => {
    expect(remarks(own({ states }))).toEqual(['0/states/0/bars']);
    const before = { from: '2022-01-01T00:00+08:00', until: '2022-07-29T00:00+08:00' };
    const afterwards = { zh: '文', en: 'text' };
    expect(remarks(own({ states, inForce: before, afterwards }))).toEqual([]);
  });
});

describe('infants that are exempt nationally', () => {
  const under3 = { id: 'under_3', kind: 'exempt', for: { ageYears: { under: 3 } } } as const;
  const national = ruleText({
    clauses: [...ruleText().clauses, under3],
    inForce: { from: '2022-11-17T00:00+08:00', until: null },
  });
  it('are named where a province’s rule forgets them', () => {
    expect(remarks(national, own({}))).toEqual(['1/clauses']);
    expect(remarks(national, own({ clauses: [...ruleText().clauses, under3] }))).toEqual([]);
  });
  it('are not, where the rule ended before, or is for something else', () => {
    const past = { from: '2022-01-01T00:00+08:00', until: '2022-11-17T00:00+08:00' };
    expect(remarks(national, own({ inForce: past, afterwards: { zh: '文', en: 'text' } }))).toEqual([]);
    expect(remarks({ ...national, purposes: ['hotel'] }, own({}))).toEqual([]);
  });
});

describe('the days of 2022 without an own rule', () => {
  const span = (version: number, from: string, until: string | null): RuleText =>
    own({
      version,
      inForce: { from: `${from}T00:00+08:00`, until: until === null ? null : `${until}T00:00+08:00` },
    });
  const said = (...texts: readonly RuleText[]): string[] =>
    gapsOf(texts, '43', 'entry').map((gap) => `${intervalText(gap)}${gap.isBetween ? ' between' : ''}`);
  it('lie before, between and after', () => {
    expect(said(span(1, '2022-02-01', '2022-03-01'), span(2, '2022-04-01', '2022-12-01'))).toEqual([
      '2022-01-01 – 2022-01-31',
      '2022-03-01 – 2022-03-31 between',
      '2022-12-01 – 2022-12-31',
    ]);
  });
  it('are none, or all', () => {
    expect(said(span(1, '2021-02-01', null))).toEqual([]);
    expect(said()).toEqual(['2022-01-01 – 2022-12-31']);
    expect(said(own({ purposes: ['entry/macao'] }))).toEqual(['2022-01-01 – 2022-12-31']);
  });
  it('and the others are in the table', () => {
    const rows = coverageTable([span(1, '2022-02-01', '2022-03-01'), ruleText({ purposes: ['hotel'] })]).split('\n');
    expect(rows.find((row) => row.startsWith('| 43'))).toBe(
      [
        '| 43 Hunan',
        '2022-02-01 – 2022-02-28',
        ...Array(6).fill('none known'),
        'national',
        ...Array(3).fill('none known'),
      ]
        .join(' | ')
        .concat(' |'),
    );
  });
});
