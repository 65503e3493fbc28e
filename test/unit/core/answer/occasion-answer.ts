/** A rule of one clause over results, results by their age, and the answer where something is stated. */

import type { Answer } from '#core/answer/recognise.ts';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { HOUR_MS } from '#core/field/time.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { PersonView } from '#core/view/view.ts';
import { testReported } from '#exercises/town/events.ts';
import { ask, inForce, NOW_MS, ruleText } from '#test/support/lookup.ts';

export const window = { length: 48, unit: 'hours', end: 'inclusive' } as const;
export const result = {
  id: 'r',
  kind: 'result',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  window,
} satisfies ClauseText;
export const issued = (hoursAgo: number, given: Parameters<typeof testReported>[0] = {}) =>
  testReported({
    sampleId: `S${hoursAgo}`,
    sampledAtMs: NOW_MS - (hoursAgo + 6) * HOUR_MS,
    reportIssuedAtMs: NOW_MS - hoursAgo * HOUR_MS,
    ...given,
  });

export function answer(view: PersonView | null, rule: Partial<RuleText>, occasion: Partial<Occasion> = {}): Answer {
  return ask(view, {
    policy: inForce(ruleText({ clauses: [result], ...rule })),
    occasion: { ...NOTHING_STATED, ...occasion },
  });
}
