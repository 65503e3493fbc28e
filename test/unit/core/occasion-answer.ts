/** A rule of one clause over results, results by their age, and the answer where something is stated. */

import { NOTHING_STATED, type Occasion } from '#core/occasion.ts';
import type { ClauseText } from '#core/policy-clauses.ts';
import type { RuleText } from '#core/policy.ts';
import type { Answer } from '#core/recognise.ts';
import { HOUR_MS } from '#core/time.ts';
import type { PersonView } from '#core/view.ts';
import { testReported } from '#test/support/events.ts';
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
