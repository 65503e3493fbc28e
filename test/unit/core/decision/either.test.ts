/** A national rule that stands alongside for a class of person: either recognises, and it never refuses. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import type { RuleText, StateText } from '#core/rules/rule-text.ts';
import { at } from '#exercises/town/events.ts';
import { ruleText } from '#test/support/lookup.ts';
import { ask, own, tested } from './ask.ts';

const WHEN = '2022-10-01T12:00:00+08:00';
const within = (hours: number): RuleText['clauses'][number] => ({
  id: `report_${hours}h`,
  kind: 'result',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  window: { length: hours, unit: 'hours', end: 'inclusive' },
});
const drivers = (hours: number, given: Partial<RuleText> = {}): RuleText =>
  ruleText({
    id: '00/drivers',
    purposes: ['public_place'],
    standsAlongside: 'provinces',
    inForce: { from: '2022-04-18T00:00+08:00', until: '2022-12-07T00:00+08:00' },
    classes: { driver: { zh: '司机', en: 'drivers' } },
    clauses: [{ ...within(hours), for: { class: 'driver' } }],
    ...given,
  });
const places = (hours: number, given: Partial<RuleText> = {}): RuleText =>
  own('places', { clauses: [within(hours)], ...given });
const driver = { occasion: { classes: ['driver'] } };

describe('a rule that stands alongside', () => {
  it('recognises whoever claims its class, and names itself', () => {
    expect(ask([places(24), drivers(48)], tested(30), driver)).toMatchObject({
      outcome: 'recognised',
      mayGoIn: true,
      rule: { id: '00/drivers', clause: 'report_48h', national: true },
      validUntil: '2022-10-02T06:00:00+08:00',
    });
  });
  it('is nobody else’s', () => {
    for (const classes of [null, [], ['pupil']])
      expect(ask([places(24), drivers(48)], tested(30), { occasion: { classes } })).toMatchObject({
        outcome: 'not_recognised',
        rule: { id: '43/places' },
      });
  });
  it('turns nobody away: what judges there goes on recognising', () => {
    expect(ask([places(72), drivers(48)], tested(60), driver)).toMatchObject({
      outcome: 'recognised',
      rule: { id: '43/places' },
    });
    expect(ask([places(24), drivers(48)], tested(60), driver)).toMatchObject({
      outcome: 'not_recognised',
      rule: { id: '43/places' },
    });
  });
  it('lets one in where no other rule is known, and is no rule for who doesn’t hold what it asks', () => {
    expect(ask([drivers(48)], tested(48), driver)).toMatchObject({ outcome: 'recognised', mayGoIn: true });
    expect(ask([drivers(48)], tested(49), driver)).toMatchObject({
      outcome: 'undetermined',
      reason: 'no_rule_known',
      rule: null,
    });
  });
  it('lifts no state that bars there: not what the judging rule shows, and not another’s', () => {
    const bar: StateText = {
      state: 'blue',
      title: { zh: '蓝码', en: 'blue code' },
      bars: ['public_place'],
      when: { id: 'everybody', kind: 'exempt' },
    };
    const when = '2022-06-15T12:00:00+08:00';
    for (const texts of [
      [places(24, { states: [bar] }), drivers(480)],
      [places(24), own('entry', { purposes: ['entry'], states: [bar] }), drivers(480)],
    ])
      expect(ask(texts, tested(0), { ...driver, when }).mayGoIn).toBe(false);
    for (const texts of [
      [places(24, { states: [bar] }), drivers(48)],
      [places(24), own('entry', { purposes: ['entry'], states: [bar] }), drivers(48)],
    ])
      expect(ask(texts, tested(30), driver)).toMatchObject({ outcome: 'recognised', mayGoIn: false });
  });
  it('is undetermined, no plain no, where what is behind may make it a yes', () => {
    expect(ask([places(24), drivers(48)], null, { ...driver, behind: { '54': null } }).outcome).toBe('undetermined');
  });
  it('holds from its first instant to its end, and an answer changes at both', () => {
    const texts = [places(24), drivers(48)];
    const book = compilePolicyBook(texts);
    const alongside = (when: string): unknown => {
      const sought = {
        destination: '43',
        purpose: 'public_place',
        kind: null,
        place: null,
        classes: ['driver'],
      } as const;
      const { rules, untilMs } = book.select(sought, at(when)).alongside ?? { rules: null, untilMs: null };
      return [rules?.length, untilMs];
    };
    expect(alongside('2022-04-17T23:59:59+08:00')).toEqual([0, at('2022-04-18T00:00:00+08:00')]);
    expect(alongside('2022-04-18T00:00:00+08:00')).toEqual([1, at('2022-12-07T00:00:00+08:00')]);
    expect(alongside('2022-12-07T00:00:00+08:00')).toEqual([undefined, null]);
    expect(ask(texts, tested(30), { ...driver, when: '2022-12-06T23:00:00+08:00' }).nextChangeAt).not.toBeNull();
  });
  it('comes to what both come to alone, whatever the windows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 0, max: 90 }),
        fc.constantFrom<'negative' | 'positive'>('negative', 'positive'),
        (own, theirs, hours, result) => {
          const view = tested(hours, result);
          const { outcome } = ask([places(own), drivers(theirs)], view, { ...driver, when: WHEN });
          const naive = result === 'negative' && (hours <= own || hours <= theirs);
          expect(outcome === 'recognised').toBe(naive);
        },
      ),
    );
  });
});
