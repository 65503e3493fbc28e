/**
 * Snapshots, rules and a source of views for tests of the look-up: everything fresh and empty but for what a test is
 * about.
 */

import { recognise, type Answer, type RecognitionInput } from '#core/answer/recognise.ts';
import { compilePolicyBook, type PolicyBook } from '#core/book/policy-book.ts';
import { compileRule } from '#core/book/rule.ts';
import type { RuleInForce } from '#core/book/selected.ts';
import { NO_CODE_TABLES } from '#core/codes/conversion.ts';
import type { PersonEvent } from '#core/events/events.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { PURPOSES, type Purpose } from '#core/rules/purpose.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { merge } from '#core/view/merge.ts';
import type { Freshness, Position, Snapshot } from '#core/view/snapshot.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { at } from '#exercises/town/events.ts';

/** The clock of these tests, three years after the last rule came into force. */
export const NOW_MS = at('2026-03-02T12:00:00+08:00');

export const POSITION: Position = {
  clusterId: 'cluster',
  topics: {
    tests: { topicId: 'tests-id', nextOffset: 41 },
    vaccinations: { topicId: 'vaccinations-id', nextOffset: 7 },
  },
};

/** All 32 provinces one second old, but for those given: milliseconds, or null for none registered. */
export function freshness(given: Partial<Record<ProvinceCode, number | null>> = {}, nowMs = NOW_MS): Freshness {
  const watermarks = PROVINCE_CODES.flatMap((province) => {
    const throughMs = province in given ? given[province] : nowMs - 1_000;
    return throughMs === null || throughMs === undefined ? [] : [{ province, instance: `${province}-a`, throughMs }];
  });
  return { watermarks, incompleteProvinces: [], withdrawals: [], acceptedUpToMs: 0, leaks: [] };
}

export function viewOf(...events: readonly PersonEvent[]): PersonView {
  return events.reduce(merge, EMPTY_VIEW);
}

export function snapshot(view: PersonView | null, given: Partial<Snapshot> = {}): Snapshot {
  return { edition: 1, partition: 3, view, position: POSITION, freshness: freshness(), ...given };
}

/** 48 h from report issue, inclusive, whatever a test changes. */
export function ruleText(given: Partial<RuleText> = {}): RuleText {
  return {
    id: '00/test',
    version: 1,
    province: '00',
    title: { zh: '测试', en: 'test' },
    purposes: PURPOSES,
    confirmed: true,
    inForce: { from: '2019-12-01T00:00+08:00', until: null },
    sources: [{ title: 'none', url: 'http://localhost/', reliability: 'A' }],
    clauses: [
      {
        id: 'result',
        kind: 'result',
        methods: ['nucleic_acid'],
        from: 'all',
        countFrom: ['report_issued'],
        window: { length: 48, unit: 'hours', end: 'inclusive' },
      },
    ],
    positive: 'refuses_until_later_negative',
    freshnessBoundSeconds: 30,
    askAgainSeconds: 60,
    ...given,
  };
}

export function inForce(text: RuleText = ruleText()): RuleInForce {
  const rule = compileRule(text);
  return { rule, untilMs: rule.inForceUntilMs };
}

/** The answer now, by `ruleText()`, on everything fresh and nothing presented. */
export function ask(view: PersonView | null, given: Partial<RecognitionInput> = {}): Answer {
  return recognise({
    destination: '44',
    purpose: 'entry',
    codeBook: NO_CODE_TABLES,
    policy: inForce(),
    snapshot: snapshot(view),
    presented: [],
    occasion: NOTHING_STATED,
    atMs: NOW_MS,
    nowMs: NOW_MS,
    ...given,
  });
}

/** The one rule that judges where neither kind nor place is stated; null where none is known, or kinds differ. */
export function ruleAt(
  book: PolicyBook,
  destination: ProvinceCode,
  purpose: Purpose,
  atMs: number,
): RuleInForce | null {
  const selected = book.select({ destination, purpose, kind: null, place: null }, atMs);
  return selected.kinds !== undefined || selected.rule === null ? null : selected;
}

export function bookOf(...texts: readonly RuleText[]): ReturnType<typeof compilePolicyBook> {
  return compilePolicyBook(texts);
}
