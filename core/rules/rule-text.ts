/**
 * The format of a recognition rule, as types: what a file under `policies/` may hold. It reads like the announcement
 * that the rule came from. The clauses are in policy-clauses.ts; what all of it means is in policies/README.md. The
 * schema that files are checked against is exchange/policy/schema/rule.ts, and the two can't differ without a type
 * error.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { Instant } from '#core/question/occasion.ts';
import type { Anchor, ApartText, ClauseText, ForText, From } from './clause-text.ts';

export const PURPOSES = [
  'entry',
  'leaving',
  'public_place',
  'key_place',
  'transport',
  'air',
  'rail',
  'hotel',
  'hospital',
  'estate',
  'workplace',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** The national rules stand under this code; no publisher has it. */
export const NATIONAL = '00';
export type RuleOwner = ProvinceCode | typeof NATIONAL;

export const RESULT_EFFECTS = ['refuses_until_later_negative', 'no_effect'] as const;
export const RECOVERY_EFFECTS = ['lifts_earlier_positives', 'no_effect'] as const;
/** A: government or state media; B: a repost that names the notice; C: unconfirmed. */
export const RELIABILITIES = ['A', 'B', 'C'] as const;

export const FRESHNESS_BOUND_SECONDS_DEFAULT = 30;
export const ASK_AGAIN_SECONDS_DEFAULT = 60;

export interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface SourceText {
  readonly title: string;
  /** Null: the excerpt that it was read from names none. */
  readonly url: string | null;
  readonly reliability: (typeof RELIABILITIES)[number];
}

/** A state that is shown beside the answer (a colour, a pop-up, a label): information, never the outcome. */
export interface StateText {
  readonly state: string;
  readonly title: Words;
  /** Where one may still go with it, as far as the source says: what a guard there needs to know. */
  readonly admits?: readonly Purpose[];
  /** Where one may not. */
  readonly bars?: readonly Purpose[];
  /** Shown while this holds; without it always, but for `unless`. */
  readonly when?: ClauseText;
  /** Not shown while this holds. */
  readonly unless?: ClauseText;
}

/** What a person must still do after arriving: never a reason to refuse. */
export interface DutyText {
  readonly id: string;
  readonly title: Words;
  readonly for?: ForText;
  /** Theirs while this holds, such as a certificate at the arrival. */
  readonly when?: ClauseText;
  /** Not theirs while this holds. */
  readonly unless?: ClauseText;
  readonly tests?: DutyTestsText;
  /** Less strict duties, above this one, that aren't theirs beside it. */
  readonly supersedes?: readonly string[];
}

/** What counts as a test that was done: a sampling record or a result, any result, or a negative one. */
export const DUTY_TAKES = ['samplings', 'results', 'negatives'] as const;
export const SPAN_UNITS = ['hours', 'days_of_stay'] as const;

export interface DutyTestsText {
  readonly takes: (typeof DUTY_TAKES)[number];
  /** In their order: each asks for tests of its own. */
  readonly spans: readonly SpanText[];
  readonly apart?: ApartText;
  /** Whether the first test after arriving is one of them. */
  readonly landing: 'counted' | 'excluded';
}

/**
 * So many tests, taken from so many hours after the arrival to so many, both included; or from one day of the stay to
 * another, the day of arrival being day 1.
 */
export interface SpanText {
  readonly count: number;
  readonly unit: (typeof SPAN_UNITS)[number];
  readonly from: number;
  readonly to: number;
}

/** Results issued in these hours keep an older version of the rule until a newer result replaces them. */
export interface TransitionText {
  readonly version: number;
  readonly reportsIssued: readonly { readonly from: string; readonly until: string }[];
}

/** One version of a rule, as it stands in its file. */
export interface RuleText {
  /** `<code>/<rule>`, the same in all versions. */
  readonly id: string;
  readonly version: number;
  readonly province: RuleOwner;
  readonly title: Words;
  readonly purposes: readonly Purpose[];
  /** False: rests on unconfirmed sources alone; shown by the tools, never in force. */
  readonly confirmed: boolean;
  /**
   * Instants, ISO 8601 with offset: the first in force, and the first no longer in force; before `enforcedFrom` the
   * rule is only announced, or reminds.
   */
  readonly inForce: { readonly from: string; readonly until: string | null; readonly enforcedFrom?: string };
  /** Which instants of a journey it is compared with; without it whichever is asked about. */
  readonly comparedWith?: readonly Instant[];
  /** By how much longer what held at the scheduled instant holds when that is late. */
  readonly delay?: { readonly atMostHours: number };
  readonly sources: readonly SourceText[];
  readonly note?: string;
  /** Any one of these recognises. */
  readonly clauses: readonly ClauseText[];
  readonly positive: (typeof RESULT_EFFECTS)[number];
  /** Without it no effect. */
  readonly indeterminate?: (typeof RESULT_EFFECTS)[number];
  /** What a stated recovery does to the positives until then; without it nothing. */
  readonly recovery?: (typeof RECOVERY_EFFECTS)[number];
  readonly transition?: TransitionText;
  readonly states?: readonly StateText[];
  readonly duties?: readonly DutyText[];
  /** Whether answers show the vaccinations, as information. */
  readonly showsVaccination?: boolean;
  /** How the days since the test are shown; without it from the sampling, of all provinces' tests. */
  readonly daysSinceTest?: { readonly countFrom: readonly Anchor[]; readonly from?: From };
  /** A province whose data is older than this is behind. */
  readonly freshnessBoundSeconds: number;
  /** How long a gate may rely on an answer without asking again. */
  readonly askAgainSeconds: number;
}
