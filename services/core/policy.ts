/**
 * The format of a recognition rule, as types: what a file under `policies/` may hold. It reads like the announcement
 * that the rule came from. What it means is in rule.ts and decide.ts; the schema that files are checked against is
 * services/lookup/policy-schema.ts, and the two can't differ without a type error.
 */
import type { ProvinceCode } from './regions.ts';

export const PURPOSES = ['entry', 'leaving', 'public_place', 'transport', 'hospital'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** The national rules stand under this code; no publisher has it. */
export const NATIONAL = '00';
export type RuleOwner = ProvinceCode | typeof NATIONAL;

/**
 * What a result can be counted from. `day_before_night_report` is there only for a report issued from 00:00 to before
 * 06:00, and is then 00:00 of the day before it: Beijing took such a test as sampled the day before.
 */
export const ANCHORS = ['report_issued', 'sampled', 'tested', 'day_before_night_report'] as const;
export type Anchor = (typeof ANCHORS)[number];

/** Hours count to the second. Calendar days are of Asia/Shanghai, and the day that is counted from is day 0. */
export const WINDOW_UNITS = ['hours', 'calendar_days'] as const;
/** Whether it still counts at exactly its length. */
export const WINDOW_ENDS = ['inclusive', 'exclusive'] as const;
export const POSITIVE_EFFECTS = ['refuses_until_later_negative', 'no_effect'] as const;
/** A: government or state media; B: a repost that names the notice; C: unconfirmed. */
export const RELIABILITIES = ['A', 'B', 'C'] as const;

export const FRESHNESS_BOUND_SECONDS_DEFAULT = 30;

export interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface WindowText {
  readonly length: number;
  readonly unit: (typeof WINDOW_UNITS)[number];
  readonly end: (typeof WINDOW_ENDS)[number];
}

/** Whose records a clause takes. */
export type From = 'all' | readonly ProvinceCode[];

/** A negative result recognises while its window lasts. */
export interface ResultClauseText {
  readonly id: string;
  readonly kind: 'result';
  readonly methods: readonly string[];
  readonly from: From;
  /** The first of these that a result has. */
  readonly countFrom: readonly Anchor[];
  readonly window: WindowText;
}

/** A record of having been sampled recognises, counted from the sampling. */
export interface SamplingClauseText {
  readonly id: string;
  readonly kind: 'sampling';
  readonly from: From;
  readonly window: WindowText;
}

export type ClauseText = ResultClauseText | SamplingClauseText;

export interface SourceText {
  readonly title: string;
  readonly url: string;
  readonly reliability: (typeof RELIABILITIES)[number];
}

/** One version of a rule, as it stands in its file. */
export interface RuleText {
  /** `<code>/<rule>`, the same in all versions. */
  readonly id: string;
  readonly version: number;
  readonly province: RuleOwner;
  readonly title: Words;
  readonly purposes: readonly Purpose[];
  /** Instants, ISO 8601 with offset: the first in force, and the first no longer in force. */
  readonly inForce: { readonly from: string; readonly until: string | null };
  readonly sources: readonly SourceText[];
  readonly note?: string;
  /** Any one of these recognises. */
  readonly clauses: readonly ClauseText[];
  readonly positive: (typeof POSITIVE_EFFECTS)[number];
  /** How the days since the test are shown; without it from the sampling. */
  readonly daysSinceTest?: { readonly countFrom: readonly Anchor[] };
  /** A province whose data is older than this is behind. */
  readonly freshnessBoundSeconds: number;
}
