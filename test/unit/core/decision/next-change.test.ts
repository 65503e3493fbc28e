/** When an answer may change by the clock alone, part by part; that nothing changes before, properties show. */

import { describe, expect, it } from 'vitest';
import type { RecognitionInput } from '#core/answer/recognise.ts';
import { relationOf } from '#core/decision/next-change.ts';
import { formatTime, HOUR_MS, MINUTE_MS, shanghaiDayOf } from '#core/field/time.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { endOfDayMs } from '#core/trial/window.ts';
import type { PersonView } from '#core/view/view.ts';
import { ask, freshness, inForce, NOW_MS, ruleText, snapshot, viewOf } from '#test/support/lookup.ts';
import { issued, result, window } from '../answer/occasion-answer.ts';

const hoursAgo = (hours: number): number => NOW_MS - hours * HOUR_MS;

const BOUND_SECONDS = 3_600_000;
/** When the data, a second old, would be too old: what bounds an answer that nothing else does. */
const STALE = formatTime(NOW_MS - 1_000 + BOUND_SECONDS * 1_000 + 1);

function nextOf(
  view: PersonView | null,
  rule: Partial<RuleText> = {},
  occasion: Partial<Occasion> = {},
  given: Partial<RecognitionInput> = {},
): string | null {
  const policy = inForce(ruleText({ clauses: [result], freshnessBoundSeconds: BOUND_SECONDS, ...rule }));
  return ask(view, { policy, occasion: { ...NOTHING_STATED, ...occasion }, ...given }).nextChangeAt;
}

describe('an instant', () => {
  it('within a minute of the clock is now, to the millisecond', () => {
    expect(
      [-MINUTE_MS - 1, -MINUTE_MS, 0, MINUTE_MS, MINUTE_MS + 1].map((ms) => relationOf(NOW_MS + ms, NOW_MS)),
    ).toEqual(['past', 'now', 'now', 'now', 'future']);
  });
});

describe('what was cut', () => {
  const old = viewOf(issued(100));
  const cut = (issuedAtMaxMs: number, newestDay: number | null): PersonView['datedTestsCuts'] => [
    { province: null, newestDay, issuedAtMaxMs },
  ];
  it.each([
    ['with a day', { ...old, datedTestsCuts: cut(hoursAgo(40), 0) }],
    ['without a day', { ...old, undatedTestsCuts: cut(hoursAgo(40), null) }],
    [
      'of both, by the one that goes first',
      { ...old, datedTestsCuts: cut(hoursAgo(40), 0), undatedTestsCuts: cut(hoursAgo(30), null) },
    ],
  ] as const)('%s raises a doubt until no window reaches it', (_name, view) => {
    expect(ask(view).outcome).toBe('undetermined');
    expect(nextOf(view)).toBe(formatTime(hoursAgo(40) + 48 * HOUR_MS));
  });
  it('of samplings does so by their day, to its end', () => {
    const today = shanghaiDayOf(NOW_MS);
    const clauses = [{ id: 's', kind: 'sampling', from: 'all', window } as const];
    const view = { ...old, samplingsCuts: [{ province: null, newestDay: today - 1 }] };
    expect(nextOf(view, { clauses })).toBe(formatTime(endOfDayMs(today - 1) + 48 * HOUR_MS));
    expect(nextOf(view)).toBe(STALE);
  });
});

describe('what is stated', () => {
  it('of a recovery begins with its day, where it lifts positives', () => {
    const view = viewOf(issued(5, { result: 'positive' }));
    const tomorrow = shanghaiDayOf(NOW_MS) + 1;
    const lifting = nextOf(view, { recovery: 'lifts_earlier_positives' }, { recoveredOnDay: tomorrow });
    expect(lifting).toBe(formatTime(endOfDayMs(tomorrow - 1) + 1));
    expect(nextOf(view, {}, { recoveredOnDay: tomorrow })).toBe(STALE);
  });
  it('of a delay begins at the instant that was scheduled', () => {
    expect(nextOf(null, { delay: { atMostHours: 6 } }, { delayedFromMs: NOW_MS + HOUR_MS })).toBe(
      formatTime(NOW_MS + HOUR_MS),
    );
  });
});

describe('a source that passes its bound', () => {
  const uneven = (view: PersonView | null) => snapshot(view, { freshness: freshness({ '54': NOW_MS - 20_000 }) });
  const asked = (view: PersonView | null, atMs = NOW_MS) =>
    ask(view, { snapshot: uneven(view), atMs, policy: inForce(ruleText({ clauses: [result] })) });
  it('limits an answer about another instant only in how long it can be relied on', () => {
    const atMs = hoursAgo(10);
    expect(asked(null, atMs)).toMatchObject({ nextChangeAt: null, askAgainBy: formatTime(NOW_MS + 10_001) });
    expect(asked(null)).toMatchObject({
      nextChangeAt: formatTime(NOW_MS + 10_001),
      askAgainBy: formatTime(NOW_MS + 10_001),
    });
  });
  it('changes nothing of what is undetermined already', () => {
    const view = { ...viewOf(issued(100)), unreadable: [{ topic: 'tests', offset: 4, isSettled: false }] };
    expect(asked(view)).toMatchObject({ outcome: 'undetermined', nextChangeAt: null });
  });
});
