/** What `hutong policy check` remarks on, though it keeps no rule from being used; and the gaps that it prints. */

import { describe, expect, it } from 'vitest';
import type { RuleText } from '#core/rules/rule-text.ts';
import { coverageTable, gapsOf, intervalText } from '#exchange/policy/covered.ts';
import { remarksOn } from '#exchange/policy/remarks.ts';
import { ruleText } from '#test/support/lookup.ts';

const own = (given: Partial<RuleText>): RuleText =>
  ruleText({ id: '43/entry', province: '43', purposes: ['entry'], ...given });
const remarks = (...texts: readonly RuleText[]): string[] =>
  remarksOn(texts).map(({ index, pointer }) => `${index}${pointer}`);

describe('a state that bars', () => {
  const states = [{ state: 'blue', title: { zh: '蓝码', en: 'blue' }, bars: ['public_place'] }] as const;
  it('is named where it lasts beyond the national notice', () => {
    expect(remarks(own({ states }))).toEqual(['0/states/0/bars']);
    const before = { from: '2022-01-01T00:00+08:00', until: '2022-07-29T00:00+08:00' };
    const afterwards = { zh: '文', en: 'text' };
    expect(remarks(own({ states, inForce: before, afterwards }))).toEqual([]);
  });
  it('is not, where it turns on stays alone, for these may refuse', () => {
    const window = { length: 7, unit: 'calendar_days', end: 'inclusive' } as const;
    const there = { id: 'there', kind: 'exempt', for: { visited: { levels: ['high'], window } } } as const;
    const arrived = { id: 'arrived', kind: 'exempt', for: { arrivedWithin: window } } as const;
    const [blue] = states;
    expect(remarks(own({ states: [{ ...blue, when: there }] }))).toEqual([]);
    expect(remarks(own({ states: [{ ...blue, when: { id: 'any', kind: 'any_of', of: [there, arrived] } }] }))).toEqual([
      '0/states/0/bars',
    ]);
    expect(remarks(own({ states: [{ ...blue, when: there, unless: arrived }] }))).toEqual(['0/states/0/bars']);
  });
});

describe('a clause for who was not there', () => {
  const window = { length: 7, unit: 'calendar_days', end: 'inclusive' } as const;
  const asked = ruleText().clauses;
  const beside = (...clauses: RuleText['clauses']): string[] => remarks(own({ clauses: [...asked, ...clauses] }));
  it('turned away who doesn’t say where they were; written as no_visit it asks', () => {
    expect(beside({ id: 'others', kind: 'exempt', for: { notVisited: { window } } })).toEqual([
      '0/clauses/1/for/notVisited',
    ]);
    expect(beside({ id: 'others', kind: 'no_visit', window })).toEqual([]);
  });
  it('is right where something else must be claimed with it', () => {
    expect(
      beside({ id: 'others', kind: 'exempt', for: { notVisited: { window }, registeredOutside: ['4401'] } }),
    ).toEqual([]);
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
  it('a national end says of no purpose that something was asked before', () => {
    const end = ruleText({ id: '00/end', purposes: ['estate', 'hotel', 'transport'], takesPlaceOf: 'provinces' });
    const rows = coverageTable([ruleText({ purposes: ['hotel', 'transport/coach'] }), end]).split('\n');
    expect(rows.find((row) => row.startsWith('| 43'))).toBe(
      '| 43 Hunan | none known | none known | none known | none known | kinds: national | none known | none known | ' +
        'national | none known | none known | none known |',
    );
  });
});
