/**
 * The decision at the instants at which it turns: a recovery, a transition, a delay, a rule that only reminds yet, what
 * ends a recognition first.
 */

import { describe, expect, it } from 'vitest';
import type { Answer, RecognitionInput } from '#core/answer/recognise.ts';
import { compileRule } from '#core/book/rule.ts';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { formatTime, HOUR_MS, shanghaiDayOf, startOfShanghaiDayMs } from '#core/field/time.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { PersonView } from '#core/view/view.ts';
import { testReported } from '#exercises/town/events.ts';
import { ask, inForce, NOW_MS, ruleText, viewOf } from '#test/support/lookup.ts';
import { issued, result, window } from '../answer/occasion-answer.ts';

const PATIENT = { freshnessBoundSeconds: 3_600_000 };

function asked(
  view: PersonView | null,
  rule: Partial<RuleText>,
  occasion: Partial<Occasion> = {},
  given: Partial<RecognitionInput> = {},
): Answer {
  return ask(view, {
    policy: inForce(ruleText({ clauses: [result], ...PATIENT, ...rule })),
    occasion: { ...NOTHING_STATED, ...occasion },
    ...given,
  });
}
const hoursAgo = (hours: number): number => NOW_MS - hours * HOUR_MS;
const at = (ms: number, sampleId: string, given: Parameters<typeof testReported>[0] = {}) =>
  testReported({ sampleId, sampledAtMs: ms - 6 * HOUR_MS, reportIssuedAtMs: ms, ...given });

describe('a stated recovery', () => {
  const lifts = { recovery: 'lifts_earlier_positives' } as const;
  const today = shanghaiDayOf(NOW_MS);
  const endOfYesterdayMs = startOfShanghaiDayMs(today) - 1;
  it('lifts the positives up to the last millisecond of its day, and none after', () => {
    const positiveAt = (ms: number) => viewOf(issued(30), at(ms, 'P', { result: 'positive' }));
    expect(asked(positiveAt(endOfYesterdayMs), lifts, { recoveredOnDay: today - 1 }).outcome).toBe('recognised');
    expect(asked(positiveAt(endOfYesterdayMs + 1), lifts, { recoveredOnDay: today - 1 }).reason).toBe(
      'newest_result_positive',
    );
  });
  it('lifts nothing before its day has begun, and says when it does', () => {
    const view = viewOf(issued(30), issued(29, { result: 'positive' }));
    const beginsMs = startOfShanghaiDayMs(today);
    const askedAt = (atMs: number) => asked(view, lifts, { recoveredOnDay: today }, { atMs });
    expect(askedAt(beginsMs - 1)).toMatchObject({
      reason: 'newest_result_positive',
      nextChangeAt: formatTime(beginsMs),
    });
    expect(askedAt(beginsMs).outcome).toBe('recognised');
  });
  it('lifts also what may have been cut until then', () => {
    const view = viewOf(issued(30));
    const cut = (issuedAtMaxMs: number): PersonView => ({
      ...view,
      datedTestsCuts: [{ province: null, newestDay: 0, issuedAtMaxMs }],
    });
    expect(asked(cut(endOfYesterdayMs), lifts, { recoveredOnDay: today - 1 }).outcome).toBe('recognised');
    expect(asked(cut(endOfYesterdayMs + 1), lifts, { recoveredOnDay: today - 1 }).reason).toBe('history_cut');
    expect(asked(cut(endOfYesterdayMs), lifts).reason).toBe('history_cut');
  });
});

describe('a newest positive', () => {
  it('asks for no statement: none would lift it', () => {
    const privilege: ClauseText = { id: 'e', kind: 'exempt', for: { residence: 'resident' } };
    const clauses = [result, privilege];
    expect(asked(viewOf(issued(50)), { clauses }).statementsMissing).toEqual(['residence']);
    expect(asked(viewOf(issued(5, { result: 'positive' })), { clauses })).toMatchObject({
      reason: 'newest_result_positive',
      statementsMissing: [],
    });
  });
  it('refuses plainly, though a clause can’t be judged without a statement', () => {
    const clauses: ClauseText[] = [
      { id: 'n', kind: 'no_visit', window: { length: 7, unit: 'calendar_days', end: 'inclusive' } },
    ];
    expect(asked(null, { clauses })).toMatchObject({ outcome: 'undetermined', reason: 'statement_missing' });
    expect(asked(viewOf(issued(5, { result: 'positive' })), { clauses })).toMatchObject({
      outcome: 'not_recognised',
      reason: 'newest_result_positive',
    });
  });
});

describe('an indeterminate result that refuses', () => {
  it('refuses also where a positive doesn’t', () => {
    const rule = { positive: 'no_effect', indeterminate: 'refuses_until_later_negative' } as const;
    const answer = asked(viewOf(issued(20), issued(5, { result: 'indeterminate' })), rule);
    expect(answer.reason).toBe('newest_result_indeterminate');
  });
  it('isn’t hidden by a newer positive that has no effect, and such a positive outweighs no negative', () => {
    const rule = { positive: 'no_effect', indeterminate: 'refuses_until_later_negative' } as const;
    const positive = issued(5, { result: 'positive' });
    const hidden = asked(viewOf(issued(20), issued(10, { result: 'indeterminate' }), positive), rule);
    expect(hidden.reason).toBe('newest_result_indeterminate');
    expect(asked(viewOf(issued(20), positive), rule)).toMatchObject({
      outcome: 'recognised',
      validUntil: expect.any(String),
    });
  });
});

describe('a transition', () => {
  const [fromMs, untilMs] = [hoursAgo(40), hoursAgo(20)];
  const old = ruleText({ clauses: [{ ...result, window: { ...window, length: 96 } }], ...PATIENT });
  const strict = ruleText({
    version: 2,
    clauses: [{ ...result, window: { ...window, length: 10 } }],
    transition: { version: 1, reportsIssued: [{ from: formatTime(fromMs), until: formatTime(untilMs) }] },
    ...PATIENT,
  });
  const rule = compileRule(strict, [old]);
  const answer = (view: PersonView, given: Partial<RecognitionInput> = {}): Answer =>
    ask(view, { policy: { rule, untilMs: Number.POSITIVE_INFINITY }, ...given });
  it.each([
    ['just before its hours', fromMs - 1, 2],
    ['at their first instant', fromMs, 1],
    ['at their last', untilMs - 1, 1],
    ['at the first after', untilMs, 2],
  ])('a result issued %s: version %i', (_name, ms, version) => {
    expect(answer(viewOf(at(ms, 'A')))).toMatchObject({
      outcome: version === 1 ? 'recognised' : 'not_recognised',
      rule: { version },
    });
  });
  it('ends with a newer result, in whatever order they are on record', () => {
    const [kept, newer] = [at(fromMs, 'A'), at(hoursAgo(12), 'B')];
    for (const view of [viewOf(kept, newer), viewOf(newer, kept)])
      expect(answer(view)).toMatchObject({ outcome: 'not_recognised', rule: { version: 2 } });
  });
  it('holds no longer than until a result that is there by then, when asked about the past', () => {
    expect(answer(viewOf(at(fromMs, 'A'), at(hoursAgo(12), 'B')), { atMs: hoursAgo(15) })).toMatchObject({
      outcome: 'recognised',
      rule: { version: 1 },
      validUntil: formatTime(hoursAgo(12)),
      validUntilInclusive: false,
    });
  });
});

describe('a delay', () => {
  const rule = { delay: { atMostHours: 6 } } as const;
  it('prolongs what held at the scheduled instant, and only then', () => {
    const late = (hours: number, delayedFromMs: number) => asked(viewOf(issued(hours)), rule, { delayedFromMs });
    expect(late(50, hoursAgo(2))).toMatchObject({
      outcome: 'recognised',
      validUntil: formatTime(hoursAgo(50) + 54 * HOUR_MS),
    });
    expect(late(50, hoursAgo(1)).outcome).toBe('not_recognised');
    expect(late(54, hoursAgo(6)).outcome).toBe('recognised');
    expect(late(54.5, hoursAgo(7)).outcome).toBe('not_recognised');
  });
  it('is none where the scheduled instant is still to come, or is this one', () => {
    for (const delayedFromMs of [NOW_MS, NOW_MS + HOUR_MS])
      expect(asked(viewOf(issued(49)), rule, { delayedFromMs })).toMatchObject({
        outcome: 'not_recognised',
        statementsMissing: [],
      });
  });
  it('has no end for who stayed behind the check', () => {
    const view = viewOf(issued(90));
    expect(asked(view, rule, { delayedFromMs: hoursAgo(42), stayedInside: true }).outcome).toBe('recognised');
    expect(asked(view, rule, { delayedFromMs: hoursAgo(42), stayedInside: false }).outcome).toBe('not_recognised');
  });
  it('could be claimed where nobody states it: only as far as the rule grants it', () => {
    expect(asked(viewOf(issued(50)), rule).statementsMissing).toEqual(['delayedFrom']);
    expect(asked(viewOf(issued(55)), rule).statementsMissing).toEqual([]);
    expect(asked(viewOf(issued(50)), {}).statementsMissing).toEqual([]);
  });
  it('lets what was cut count from the scheduled instant', () => {
    const cut = {
      ...viewOf(issued(60)),
      datedTestsCuts: [{ province: null, newestDay: 0, issuedAtMaxMs: hoursAgo(50) }],
    };
    expect(asked(cut, rule, { delayedFromMs: hoursAgo(2) }).reason).toBe('history_cut');
    expect(asked(cut, rule, { delayedFromMs: hoursAgo(1) }).outcome).toBe('not_recognised');
    expect(asked(cut, rule).outcome).toBe('not_recognised');
  });
});

describe('an instant other than the one that the rule compares with', () => {
  const rule = { comparedWith: ['scheduled_departure'] } as const;
  it('settles nothing, neither way', () => {
    for (const view of [viewOf(issued(5)), viewOf(issued(50)), null])
      expect(asked(view, rule, { instant: 'checkpoint' })).toMatchObject({
        outcome: 'undetermined',
        reason: 'other_instant',
        validUntil: null,
      });
  });
  it('is none where it is that one, where none is stated, or where the rule names none', () => {
    const view = viewOf(issued(5));
    expect(asked(view, rule, { instant: 'scheduled_departure' }).outcome).toBe('recognised');
    expect(asked(view, rule).outcome).toBe('recognised');
    expect(asked(view, {}, { instant: 'checkpoint' }).outcome).toBe('recognised');
  });
});

describe('a rule that only reminds yet', () => {
  const enforcedMs = NOW_MS + HOUR_MS;
  const rule = {
    inForce: { from: '2019-12-01T00:00+08:00', until: null, enforcedFrom: formatTime(enforcedMs) },
  } as const;
  it('admits everybody up to the millisecond before it may turn away', () => {
    expect(asked(null, rule)).toMatchObject({
      outcome: 'recognised',
      reason: 'only_reminded',
      validUntil: formatTime(enforcedMs),
      validUntilInclusive: false,
      rule: { clause: null },
    });
    expect(asked(null, rule, {}, { atMs: enforcedMs - 1 }).outcome).toBe('recognised');
    expect(asked(null, rule, {}, { atMs: enforcedMs }).outcome).toBe('no_evidence');
  });
  it('refuses a newest positive all the same', () => {
    expect(asked(viewOf(issued(5, { result: 'positive' })), rule).reason).toBe('newest_result_positive');
  });
  it('says why a negative recognises, where nothing that was cut may stand against it', () => {
    expect(asked(viewOf(issued(5)), rule).reason).toBe('negative_result');
    const cut = {
      ...viewOf(issued(5)),
      datedTestsCuts: [{ province: null, newestDay: 0, issuedAtMaxMs: hoursAgo(4) }],
    };
    expect(asked(cut, rule)).toMatchObject({ outcome: 'undetermined', reason: 'history_cut' });
  });
});

describe('what ends a recognition', () => {
  const endMs = hoursAgo(5) + 48 * HOUR_MS;
  const policy = (untilMs: number) => ({ ...inForce(ruleText({ clauses: [result], ...PATIENT })), untilMs });
  it.each([
    ['the end of the rule, where that is earlier', endMs - 1, endMs - 1, false],
    ['the end of the rule, where both are at one instant', endMs, endMs, false],
    ['its own end, where that is earlier', endMs + 1, endMs, true],
  ])('%s', (_name, untilMs, validUntilMs, validUntilInclusive) => {
    expect(asked(viewOf(issued(5)), {}, {}, { policy: policy(untilMs) })).toMatchObject({
      outcome: 'recognised',
      validUntil: formatTime(validUntilMs),
      validUntilInclusive,
    });
  });
  it('a positive that is dated later, but only where positives refuse', () => {
    const view = viewOf(issued(20), issued(5, { result: 'positive' }));
    const past = { atMs: hoursAgo(10) };
    expect(asked(view, {}, {}, past).validUntil).toBe(formatTime(hoursAgo(5)));
    expect(asked(view, { positive: 'no_effect' }, {}, past).validUntil).toBe(formatTime(hoursAgo(20 - 48)));
  });
});
