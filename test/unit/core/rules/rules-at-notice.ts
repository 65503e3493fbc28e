/** Clauses and rules around the notice of 29 July 2022, and the faults that a set of them has. */

import type { ClauseText } from '#core/clauses/clause-text.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { ForText } from '#core/terms/for-text.ts';
import { ruleText } from '#test/support/lookup.ts';

export const window = { length: 48, unit: 'hours', end: 'inclusive' } as const;
export const result = {
  id: 'r',
  kind: 'result',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  window,
} satisfies ClauseText;
export const sampling = { id: 's', kind: 'sampling', from: ['43'], window } satisfies ClauseText;
export const tests = {
  id: 't',
  kind: 'tests',
  methods: ['nucleic_acid'],
  from: 'all',
  countFrom: ['report_issued'],
  count: 2,
  window,
} satisfies ClauseText;
export const after = { from: '2022-07-29T00:00+08:00', until: null };
export const before = { from: '2022-07-01T00:00+08:00', until: '2022-07-29T00:00+08:00' };

export const rule = (clauses: readonly ClauseText[], given: Partial<RuleText> = {}): RuleText =>
  ruleText({ id: '43/entry', province: '43', purposes: ['entry'], inForce: after, clauses, ...given });
export const faults = (...rules: readonly RuleText[]) =>
  faultsOfBook([ruleText(), ...rules]).map(({ index, pointer }) => [index, pointer]);

const idsOf = (clauses: readonly ClauseText[]): string => clauses.map(({ id }) => id).join('_');
export const all = (...of: readonly ClauseText[]): ClauseText => ({ id: `all_${idsOf(of)}`, kind: 'all_of', of });
export const either = (...of: readonly ClauseText[]): ClauseText => ({ id: `any_${idsOf(of)}`, kind: 'any_of', of });
export const dose = { id: 'v', kind: 'vaccination', doses: 3 } satisfies ClauseText;
export const exempt = (who: ForText, id = 'e'): ClauseText => ({ id, kind: 'exempt', for: who });
export const noVisit = {
  id: 'n',
  kind: 'no_visit',
  levels: ['high'],
  window: { length: 7, unit: 'calendar_days', end: 'inclusive' },
} satisfies ClauseText;
export const hour = { length: 1, unit: 'hours', end: 'exclusive' } as const;
