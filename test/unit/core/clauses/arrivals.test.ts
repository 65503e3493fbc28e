/**
 * States and duties that turn on the stated arrival: what a set of rules may not say of it, and what isn't held against
 * a person. What they come to is compared with a second implementation in test/property/arrivals.test.ts.
 */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { decide } from '#core/decision/decide.ts';
import { DAY_MS, HOUR_MS, shanghaiDayOf } from '#core/field/time.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { DutyText, RuleText, StateText } from '#core/rules/rule-text.ts';
import type { SpanText } from '#core/terms/duty-tests.ts';
import type { PersonView } from '#core/view/view.ts';
import { samplingRecorded, testReported } from '#exercises/town/events.ts';
import { inForce, NOW_MS, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';

const title = { zh: '检', en: 'test' };
const result: ClauseText = {
  id: 'r',
  kind: 'result',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  window: { length: 28, unit: 'calendar_days', end: 'inclusive' },
};
const recent: ClauseText = { ...result, window: { length: 48, unit: 'hours', end: 'inclusive' } };
const span = (given: Partial<SpanText> = {}): SpanText => ({ count: 1, unit: 'hours', from: 0, to: 24, ...given });
const duty = (spans: readonly SpanText[], given: Partial<DutyText> = {}): DutyText => ({
  id: 'd',
  title,
  tests: { takes: 'results', spans, landing: 'counted' },
  ...given,
});
const state = (given: Partial<StateText>): StateText => ({ state: 'pop_up', title, ...given });
const asks = (name: string, is: 'done' | 'missed' = 'missed'): ClauseText => ({
  id: 'q',
  kind: 'duty',
  duty: name,
  is,
});

describe('what a rule may not say', () => {
  const [one, two] = [duty([span()]), duty([span()], { id: 'e' })];
  it.each([
    [
      'nothing of it',
      {
        states: [state({ unless: { ...result, id: 's', sinceDayOfStay: 1 } }), state({ when: asks('d') })],
        duties: [one, { ...two, when: { ...recent, id: 'w', atArrival: true }, supersedes: ['d'] }],
      },
      [],
    ],
    [
      'the arrival in a clause that recognises',
      { clauses: [{ ...recent, sinceDayOfStay: 1 }] },
      ['/clauses/0/sinceDayOfStay'],
    ],
    [
      'at and since the arrival at once',
      { states: [state({ when: { ...recent, id: 's', sinceDayOfStay: 1, atArrival: true } })] },
      ['/states/0/when/atArrival'],
    ],
    [
      'a window of 28 days that doesn’t count from the arrival',
      { states: [state({ when: { ...result, id: 's' } })] },
      ['/states/0/when/window/length'],
    ],
    ['a duty in a clause that recognises', { clauses: [asks('d')], duties: [one] }, ['/clauses/0']],
    ['a duty in another', { duties: [one, { ...two, when: asks('d') }] }, ['/duties/1/when']],
    ['a duty that isn’t there', { states: [state({ when: asks('x') })], duties: [one] }, ['/states/0/when/duty']],
    [
      'a duty without tests',
      { states: [state({ when: asks('d') })], duties: [{ id: 'd', title }] },
      ['/states/0/when/duty'],
    ],
    ['a stricter duty above', { duties: [{ ...one, supersedes: ['e'] }, two] }, ['/duties/0/supersedes/0']],
    ['two duties of one name', { duties: [one, one] }, ['/duties/1/id']],
    [
      'a span that ends before it begins',
      { duties: [duty([span({ from: 24, to: 12 })])] },
      ['/duties/0/tests/spans/0'],
    ],
    ['a day 0', { duties: [duty([span({ unit: 'days_of_stay', from: 0, to: 3 })])] }, ['/duties/0/tests/spans/0']],
    ['a span beyond the tests that are kept', { duties: [duty([span({ to: 673 })])] }, ['/duties/0/tests/spans/0/to']],
    ['spans out of order', { duties: [duty([span({ to: 72 }), span()])] }, ['/duties/0/tests/spans/1']],
    [
      'hours that may end after a day',
      { duties: [duty([span({ to: 25 }), span({ unit: 'days_of_stay', from: 1, to: 2 })])] },
      ['/duties/0/tests/spans/1'],
    ],
    [
      'apart by more at least than at most',
      {
        duties: [
          {
            id: 'd',
            title,
            tests: {
              takes: 'results',
              spans: [span({ count: 2 })],
              apart: { atLeastHours: 24, atMostHours: 12 },
              landing: 'counted',
            },
          },
        ],
      },
      ['/duties/0/tests/apart'],
    ],
  ] as [string, Partial<RuleText>, string[]][])('%s', (_name, given, pointers) => {
    const found = faultsOfBook([
      ruleText(),
      ruleText({
        id: '43/entry',
        province: '43',
        purposes: ['entry'],
        inForce: { from: '2022-07-29T00:00+08:00', until: null },
        ...given,
      }),
    ]).map(({ pointer }) => pointer);
    for (const pointer of pointers) expect(found).toContain(pointer);
    expect(found.length === 0).toBe(pointers.length === 0);
  });
});

const ARRIVED_MS = NOW_MS - 3 * DAY_MS;

function ask(
  view: PersonView | null,
  rule: Partial<RuleText>,
  occasion: Partial<Occasion> = { arrivedAtMs: ARRIVED_MS },
) {
  const { states, duties } = decide({
    policy: inForce(ruleText(rule)),
    snapshot: snapshot(view),
    presented: [],
    occasion: { ...NOTHING_STATED, ...occasion },
    atMs: NOW_MS,
    nowMs: NOW_MS,
  });
  return { states: states.map((one) => one.state), duties: duties.map(({ id, applies, done }) => [id, applies, done]) };
}

const sampled = (hours: number, sampleId: string) =>
  testReported({
    sampleId,
    sampledAtMs: ARRIVED_MS + hours * HOUR_MS,
    reportIssuedAtMs: ARRIVED_MS + (hours + 8) * HOUR_MS,
  });

it('a state that a delay alone had cleared came back when the delay was over: it isn’t cleared by one', () => {
  const window = { length: 4, unit: 'hours', end: 'inclusive' } as const;
  const unless: ClauseText = { ...recent, id: 's', countFrom: ['sampled'], window, sinceDayOfStay: 1 };
  const rule = { delay: { atMostHours: 24 }, states: [state({ unless })] };
  const cleared = (hoursAgo: number) => {
    const arrivedAtMs = NOW_MS - hoursAgo * HOUR_MS;
    const after = (hours: number): number => arrivedAtMs + hours * HOUR_MS;
    const test = testReported({ sampledAtMs: after(1), reportIssuedAtMs: after(9) }); // the window is over
    return ask(viewOf(test), rule, { arrivedAtMs, delayedFromMs: after(3) }).states;
  };
  expect([cleared(20), cleared(40)]).toEqual([['pop_up'], ['pop_up']]);
});

describe('what a person owes', () => {
  const missed = { states: [state({ when: asks('d') })], duties: [duty([span()])] };
  it('isn’t called missed nor undone where the tests since the arrival were cut from the view', () => {
    const view = viewOf(sampled(40, 'A'));
    expect(ask(view, missed)).toEqual({ states: ['pop_up'], duties: [['d', true, 0]] });
    const cut = (day: number): PersonView => ({
      ...view,
      datedTestsCuts: [{ province: null, newestDay: day, issuedAtMaxMs: ARRIVED_MS }],
    });
    expect(ask(cut(shanghaiDayOf(ARRIVED_MS)), missed)).toEqual({ states: [], duties: [['d', true, null]] });
    expect(ask(cut(shanghaiDayOf(ARRIVED_MS) - 1), missed)).toEqual({ states: ['pop_up'], duties: [['d', true, 0]] });
    expect(
      ask(cut(shanghaiDayOf(ARRIVED_MS)), { ...missed, states: [state({ unless: asks('d', 'done') })] }).states,
    ).toEqual([]);
  });
  it('isn’t known without an arrival, and shows no state', () => {
    expect(ask(null, missed, {})).toEqual({ states: [], duties: [['d', true, null]] });
  });
  it('counts a sample once, on record when it was taken and when its result came, or shown as well', () => {
    const twice = [
      duty([span({ count: 2, to: 72 })], {
        tests: { takes: 'samplings', spans: [span({ count: 2, to: 72 })], landing: 'counted' },
      }),
    ];
    const taken = samplingRecorded({ sampleId: 'A', sampledAtMs: ARRIVED_MS + HOUR_MS });
    expect(ask(viewOf(taken), { duties: twice }).duties).toEqual([['d', true, 1]]);
    expect(
      ask(
        viewOf(taken, testReported({ sampleId: 'A', sampledAtMs: null, reportIssuedAtMs: ARRIVED_MS + 9 * HOUR_MS })),
        { duties: twice },
      ).duties,
    ).toEqual([['d', true, 1]]);
    expect(ask(viewOf(taken, sampled(1, 'B')), { duties: twice }).duties).toEqual([['d', true, 1]]);
    expect(ask(viewOf(taken, sampled(2, 'B')), { duties: twice }).duties).toEqual([['d', true, 2]]);
  });
  it('may be superseded by what nobody stated: then neither is certain', () => {
    const duties = [duty([span()]), duty([span()], { id: 'e', for: { residence: 'visitor' }, supersedes: ['d'] })];
    expect(ask(null, { duties }).duties).toEqual([
      ['d', null, 0],
      ['e', null, 0],
    ]);
    expect(ask(null, { duties }, { arrivedAtMs: ARRIVED_MS, residence: 'visitor' }).duties).toEqual([['e', true, 0]]);
    expect(ask(null, { duties }, { arrivedAtMs: ARRIVED_MS, residence: 'resident' }).duties).toEqual([['d', true, 0]]);
  });
  it('a positive is a test that was taken, but none that is done', () => {
    const tested = (result: 'positive' | 'negative', sampleId: string, hours: number) =>
      testReported({
        sampleId,
        result,
        sampledAtMs: ARRIVED_MS + hours * HOUR_MS,
        reportIssuedAtMs: ARRIVED_MS + (hours + 8) * HOUR_MS,
      });
    const takes = (what: 'samplings' | 'results' | 'negatives', ...given: ReturnType<typeof tested>[]) => {
      const two = duty([], { tests: { takes: what, spans: [span({ count: 2, to: 30 })], landing: 'counted' } });
      return ask(viewOf(...given), { states: [state({ when: asks('d') })], duties: [two] });
    };
    const [first, second] = [tested('negative', 'A', 1), tested('positive', 'B', 25)];
    for (const what of ['samplings', 'results'] as const)
      expect(takes(what, first, second)).toEqual({ states: [], duties: [['d', true, 1]] });
    expect(takes('negatives', first, second)).toEqual({ states: ['pop_up'], duties: [['d', true, 1]] });
    expect(takes('results', first, tested('negative', 'B', 25)).duties).toEqual([['d', true, 2]]);
  });
  it('isn’t called missed while the result of a sample of that span is out', () => {
    const sample = (hours: number) => samplingRecorded({ sampleId: 'A', sampledAtMs: ARRIVED_MS + hours * HOUR_MS });
    for (const takes of ['results', 'negatives'] as const) {
      const rule = {
        ...missed,
        duties: [duty([], { tests: { takes, spans: [span()], landing: 'counted' } })],
      };
      expect(ask(viewOf(sample(24)), rule)).toEqual({ states: [], duties: [['d', true, 0]] });
      expect(ask(viewOf(sample(25)), rule)).toEqual({ states: ['pop_up'], duties: [['d', true, 0]] });
    }
  });
  it('isn’t called missed for spans of which samples were cut, and is for later ones', () => {
    const rule = { ...missed, duties: [duty([span({ unit: 'days_of_stay', from: 1, to: 1 })])] };
    const cut = (day: number): PersonView => ({
      ...viewOf(sampled(70, 'A')),
      samplingsCuts: [{ province: null, newestDay: day }],
    });
    expect(ask(cut(shanghaiDayOf(ARRIVED_MS)), rule).states).toEqual([]);
    expect(ask(cut(shanghaiDayOf(ARRIVED_MS) - 1), rule).states).toEqual(['pop_up']);
  });
  it('counts no positive that was there at the arrival as gone because there is another since', () => {
    const certified = duty([span()], { when: { ...recent, id: 'w', atArrival: true } });
    const positive = (hours: number, sampleId: string) =>
      testReported({
        sampleId,
        result: 'positive',
        sampledAtMs: ARRIVED_MS + hours * HOUR_MS,
        reportIssuedAtMs: ARRIVED_MS + hours * HOUR_MS,
      });
    const negative = testReported({
      sampleId: 'N',
      sampledAtMs: ARRIVED_MS - 9 * HOUR_MS,
      reportIssuedAtMs: ARRIVED_MS - 8 * HOUR_MS,
    });
    expect(ask(viewOf(negative), { duties: [certified] }).duties).toEqual([['d', true, 0]]);
    expect(ask(viewOf(negative, positive(-1, 'P')), { duties: [certified] }).duties).toEqual([]);
    expect(ask(viewOf(negative, positive(-1, 'P'), positive(40, 'Q')), { duties: [certified] }).duties).toEqual([]);
  });
});

describe('what clears a state', () => {
  const twoInThreeDays: ClauseText = {
    ...result,
    id: 'two',
    kind: 'tests',
    count: 2,
    window: { length: 3, unit: 'calendar_days', end: 'inclusive' },
    sinceDayOfStay: 1,
  };
  const cleared = state({ unless: twoInThreeDays });
  const days = (...all: number[]) => viewOf(...all.map((day, index) => sampled(day * 24, `T${index}`)));
  const later = (byDays: number) => ({ arrivedAtMs: NOW_MS - byDays * DAY_MS });
  const from = (byDays: number, ...all: number[]) =>
    viewOf(
      ...all.map((day, index) =>
        testReported({
          sampleId: `T${index}`,
          sampledAtMs: NOW_MS - (byDays - day) * DAY_MS,
          reportIssuedAtMs: NOW_MS - (byDays - day) * DAY_MS + 8 * HOUR_MS,
        }),
      ),
    );
  it('clears it for good: no look-back window brings it back', () => {
    expect(ask(days(1, 2), { states: [cleared] }).states).toEqual([]);
    expect(ask(from(12, 1, 2), { states: [cleared] }, later(12)).states).toEqual([]);
  });
  it('is what was within the window at once, and nothing farther apart', () => {
    expect(ask(from(12, 1, 5), { states: [cleared] }, later(12)).states).toEqual(['pop_up']);
  });
});
