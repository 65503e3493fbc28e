/** States that bar: before the national notice and since, for stays alone, for kinds of place, and where unsure. */

import { describe, expect, it } from 'vitest';
import type { RuleText, StateText } from '#core/rules/rule-text.ts';
import type { PersonView } from '#core/view/view.ts';
import { at, exposureRecorded, testReported } from '#exercises/town/events.ts';
import { ruleText, viewOf } from '#test/support/lookup.ts';
import { ask, NOTHING_ASKED, own, tested } from './ask.ts';

describe('a state that bars', () => {
  const window = { length: 7, unit: 'calendar_days', end: 'inclusive' } as const;
  const blue = (given: Partial<StateText> = {}): StateText => ({
    state: 'blue',
    title: { zh: '蓝码', en: 'blue code' },
    bars: ['public_place'],
    when: { id: 'there', kind: 'exempt', for: { visited: { levels: ['high'], window } } },
    ...given,
  });
  /** Records may end it too: it turns on more than stays. */
  const mixed = (given: Partial<StateText> = {}): StateText =>
    blue({
      unless: {
        id: 'tested_there',
        kind: 'result',
        methods: ['nucleic_acid'],
        from: ['65'],
        countFrom: ['report_issued'],
        window: { length: 28, unit: 'calendar_days', end: 'inclusive' },
      },
      ...given,
    });
  const entry = (state: StateText): RuleText => own('entry', { purposes: ['entry'], states: [state] });
  const places = own('places');
  const stayed = (when: string): PersonView =>
    viewOf(
      testReported({ reportIssuedAtMs: at(when) - 3_600_000, sampledAtMs: null }),
      exposureRecorded({
        riskArea: '460203',
        level: 'high',
        fromMs: at(when) - 86_400_000,
        toMs: at(when) - 7_200_000,
      }),
    );
  const JUNE = '2022-06-15T12:00:00+08:00';
  const OCTOBER = '2022-10-01T12:00:00+08:00';
  const noStays = { occasion: { visits: [] } };

  it('stands in another rule: before the notice it refuses', () => {
    expect(ask([places, entry(blue())], stayed(JUNE), { when: JUNE })).toMatchObject({
      outcome: 'not_recognised',
      reason: 'state_bars',
      mayGoIn: false,
      states: [{ state: 'blue', rule: { id: '43/entry', version: 1 } }],
    });
  });
  it('that turns on stays alone refuses at any date, for the notice lets stays refuse', () => {
    for (const [view, occasion] of [
      [stayed(OCTOBER), {}],
      [tested(1), { visits: [{ place: '460203', cameAtMs: null, leftAtMs: at(OCTOBER) - 7_200_000, level: 'high' }] }],
    ] as const)
      expect(ask([places, entry(blue())], view, { occasion })).toMatchObject({
        outcome: 'not_recognised',
        reason: 'state_bars',
        mayGoIn: false,
        statementsMissing: [],
      });
  });
  it('is shown once where two other rules have it', () => {
    const other = own('other', { purposes: ['hotel'], states: [mixed()] });
    const answer = ask([places, entry(mixed()), other], stayed(OCTOBER));
    expect(answer.states.map(({ state }) => state)).toEqual(['blue']);
  });
  it('from the notice on the outcome stays where more than stays count, and one may not go in', () => {
    const answer = ask([places, entry(mixed())], stayed(OCTOBER));
    expect(answer).toMatchObject({ outcome: 'recognised', reason: 'negative_result', mayGoIn: false });
    expect(answer.sentence.en).toContain('But a state bars from going in: blue code.');
  });
  it('no stay on record and none, as is stated: it doesn’t bar', () => {
    expect(ask([places, entry(blue())], tested(1), noStays)).toMatchObject({ outcome: 'recognised', mayGoIn: true });
  });
  it('turns on stays that aren’t stated: it isn’t certain, and they are asked for', () => {
    expect(ask([places, entry(blue())], tested(1))).toMatchObject({
      outcome: 'recognised',
      mayGoIn: null,
      statementsMissing: ['visits'],
    });
  });
  it('turns on stays that aren’t stated: beside a plain no they aren’t asked for', () => {
    expect(ask([places, entry(blue())], tested(200))).toMatchObject({
      outcome: 'not_recognised',
      mayGoIn: false,
      statementsMissing: [],
    });
  });
  it('might be ended by what isn’t seen: nothing is said plainly', () => {
    const behind = { behind: { 46: null } as const };
    expect(ask([places, entry(mixed())], stayed(OCTOBER), behind)).toMatchObject({
      outcome: 'recognised',
      mayGoIn: null,
    });
    expect(ask([places, entry(blue())], stayed(JUNE), { when: JUNE, ...behind })).toMatchObject({
      outcome: 'undetermined',
      reason: 'province_behind',
      mayGoIn: null,
    });
  });
  it('refuses from one kind of place and not the rest: the kind must be stated', () => {
    const rules = [places, entry(blue({ bars: ['public_place/bar'] }))];
    expect(ask(rules, stayed(OCTOBER))).toMatchObject({
      outcome: 'undetermined',
      reason: 'statement_missing',
      kinds: [
        { kind: 'bar', outcome: 'not_recognised', reason: 'state_bars', mayGoIn: false },
        { kind: null, mayGoIn: true },
      ],
    });
  });
  it('bars from one kind of place, and changes no outcome: the rest’s answer stands, and each kind is told', () => {
    const rules = [places, entry(mixed({ bars: ['public_place/bar'] }))];
    const answer = ask(rules, stayed(OCTOBER));
    expect(answer).toMatchObject({
      outcome: 'recognised',
      reason: 'negative_result',
      rule: { id: '43/places' },
      mayGoIn: null,
      statementsMissing: ['kind'],
      kinds: [
        { kind: 'bar', outcome: 'recognised', mayGoIn: false },
        { kind: null, outcome: 'recognised', mayGoIn: true },
      ],
    });
    expect(answer.sentence.en).toContain('bars: recognised, but barred. any other: recognised.');
  });
  it('bars where no rule is known, and that is no refusal by a rule', () => {
    expect(ask([entry(mixed())], stayed(OCTOBER))).toMatchObject({
      outcome: 'undetermined',
      reason: 'no_rule_known',
      mayGoIn: false,
    });
  });
  it('ends with the rules of the provinces', () => {
    const end = ruleText({ ...NOTHING_ASKED, id: '00/end', takesPlaceOf: 'provinces', purposes: ['public_place'] });
    expect(ask([places, entry(blue()), end], stayed(OCTOBER))).toMatchObject({
      reason: 'nothing_asked',
      mayGoIn: true,
    });
  });
  it('of a rule that only reminds bars nobody', () => {
    const reminding = own('entry', {
      purposes: ['entry'],
      states: [blue()],
      inForce: { from: '2022-09-01T00:00+08:00', until: null, enforcedFrom: '2022-11-01T00:00+08:00' },
    });
    expect(ask([places, reminding], stayed(OCTOBER))).toMatchObject({ mayGoIn: true });
  });
});
