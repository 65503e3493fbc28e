/** A rule, a few events and an instant in civil time: what the core decides. Nothing here is expected of an answer. */

import { compileRule } from '#core/book/rule.ts';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { decide } from '#core/decision/decide.ts';
import type { PersonEvent } from '#core/events/events.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import { at as instant, testReported } from '#exercises/town/events.ts';
import type { Civil } from './naive-time.ts';

export const ms = (civil: Civil): number => instant(`${civil.replace(' ', 'T')}+08:00`);

/** What a rule comes to for these events, on a fresh view. */
export function decided(
  rule: RuleText,
  events: readonly PersonEvent[],
  at: Civil,
  stated: Partial<Occasion> = {},
  older: readonly RuleText[] = [],
  cut: Partial<PersonView> = {},
) {
  const atMs = ms(at);
  return decide({
    policy: { rule: compileRule(rule, older), untilMs: Number.POSITIVE_INFINITY },
    snapshot: freshSnapshot({ ...events.reduce(merge, EMPTY_VIEW), ...cut }, atMs),
    presented: [],
    occasion: { ...NOTHING_STATED, ...stated },
    atMs,
    nowMs: atMs,
  });
}

/** A result clause of 24 hours from report issue, but for what is given. */
export const result = (given: Partial<Extract<ClauseText, { kind: 'result' }>>): ClauseText => ({
  id: 'r',
  kind: 'result',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  window: { length: 24, unit: 'hours', end: 'inclusive' },
  ...given,
});
export const sampled48 = {
  countFrom: ['sampled'] as const,
  window: { length: 48, unit: 'hours', end: 'inclusive' } as const,
};

/** A test by when it was sampled and reported, to the minute. */
export const report = (sampled: string, issued: string, given: Partial<Parameters<typeof testReported>[0]> = {}) =>
  testReported({
    sampleId: sampled,
    sampledAtMs: ms(`${sampled}:00`),
    reportIssuedAtMs: ms(`${issued}:00`),
    ...given,
  });
