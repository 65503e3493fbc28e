/**
 * The clauses of a rule, as types: few parts, each with one meaning, put together by `all_of` and `any_of`. What a part
 * takes is written out in every rule; there are no hidden defaults. policies/README.md is the guide.
 */

import type { RISK_LEVELS } from '#core/field/place.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { Channel } from '#core/question/evidence.ts';
import type { ACCOMPANYING, ENTRIES, RESIDENCES } from '#core/question/occasion.ts';

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

export interface WindowText {
  readonly length: number;
  readonly unit: (typeof WINDOW_UNITS)[number];
  readonly end: (typeof WINDOW_ENDS)[number];
}

/**
 * No window over records is longer than this: a view keeps the newest eight results, which is what a fortnight of the
 * most frequent routine testing that any rule asked of everyone (every two days) comes to.
 */
export const HISTORY_DAYS_KEPT = 14;

/** Whose records a clause takes. */
export type From = 'all' | readonly ProvinceCode[];

/** Between the samplings of neighbouring tests, else between what is known of them. */
export interface ApartText {
  readonly atLeastHours?: number;
  readonly atMostHours?: number;
}

/** A stay in some area, counted from leaving it. Without places any, without levels any. */
export interface VisitText {
  readonly places?: readonly string[];
  readonly levels?: readonly (typeof RISK_LEVELS)[number][];
  readonly window: WindowText;
}

/** For whom a clause is: all that is given must hold, and what is neither stated nor, of stays, on record doesn't. */
export interface ForText {
  readonly residence?: (typeof RESIDENCES)[number];
  readonly entry?: (typeof ENTRIES)[number];
  /** Completed years; `under: 3` and `upTo: 3` are two different things. */
  readonly ageYears?: { readonly from?: number; readonly under?: number; readonly upTo?: number };
  readonly accompanyingAdult?: (typeof ACCOMPANYING)[number];
  readonly recoveredWithinMonths?: number;
  readonly commuter?: boolean;
  readonly stayHoursAtMost?: number;
  readonly stayHoursMoreThan?: number;
  /** Changing planes or trains on the way elsewhere: not who came to stay, however shortly. */
  readonly transferHoursAtMost?: number;
  /** Counted from the arrival. */
  readonly arrivedWithin?: WindowText;
  readonly place?: readonly string[];
  readonly registeredIn?: readonly string[];
  /** In none of these; stated, like `registeredIn`. */
  readonly registeredOutside?: readonly string[];
  readonly visited?: VisitText;
  readonly notVisited?: VisitText;
}

interface Clause {
  readonly id: string;
  readonly for?: ForText;
}

/** How a clause looks at the stated arrival; only in the conditions of states and duties. */
export interface OfArrivalText {
  /** Only what was taken since the arrival, on this day of the stay or later; the day of arrival is day 1. */
  readonly sinceDayOfStay?: number;
  /** As of the arrival: it was there by then, and counted still. */
  readonly atArrival?: boolean;
}

/** A negative result, from its report's issue until its window is over. */
export interface ResultClauseText extends Clause, OfArrivalText {
  readonly kind: 'result';
  readonly methods: readonly string[];
  readonly from: From;
  /** The first of these that a result has. */
  readonly countFrom: readonly Anchor[];
  readonly window: WindowText;
}

/** A record of having been sampled, counted from the sampling. */
export interface SamplingClauseText extends Clause, OfArrivalText {
  readonly kind: 'sampling';
  readonly from: From;
  readonly window: WindowText;
  /** How it must be shown where it isn't on record; without it in any way. */
  readonly shownBy?: readonly Channel[];
  /**
   * It only prolongs: the sample must have been taken on the last day on which a negative counted by a result clause of
   * the rule's.
   */
  readonly carriesOver?: boolean;
}

/** Several negative results, each within the window. */
export interface TestsClauseText extends Clause, OfArrivalText {
  readonly kind: 'tests';
  readonly methods: readonly string[];
  readonly from: From;
  readonly countFrom: readonly Anchor[];
  readonly count: number;
  readonly window: WindowText;
  readonly apart?: ApartText;
  /** `excluded`: the first test after arriving isn't one of them. Without it, it is. */
  readonly landing?: 'counted' | 'excluded';
}

/** A dose on record of at least this number, given so long ago. */
export interface VaccinationClauseText extends Clause {
  readonly kind: 'vaccination';
  readonly doses: number;
  /** Counted from that dose. */
  readonly window?: WindowText;
  readonly atLeastDaysAgo?: number;
}

/** No such stay any more, neither on record nor stated. */
export interface NoVisitClauseText extends Clause, VisitText {
  readonly kind: 'no_visit';
}

/** Nothing is asked; only with `for`, but where the announcement asks nothing of anybody. */
export interface ExemptClauseText extends Clause {
  readonly kind: 'exempt';
}

export const DUTY_STANDINGS = ['done', 'missed'] as const;

/** How the person stands to a duty of the rule's that is theirs; only in the conditions of states. */
export interface DutyClauseText extends Clause {
  readonly kind: 'duty';
  readonly duty: string;
  /** Missed: a span is over, and no choice of tests fills all that are. */
  readonly is: (typeof DUTY_STANDINGS)[number];
}

export interface AllOfClauseText extends Clause {
  readonly kind: 'all_of';
  readonly of: readonly ClauseText[];
}

export interface AnyOfClauseText extends Clause {
  readonly kind: 'any_of';
  readonly of: readonly ClauseText[];
}

export type LeafClauseText =
  | ResultClauseText
  | SamplingClauseText
  | TestsClauseText
  | VaccinationClauseText
  | NoVisitClauseText
  | ExemptClauseText
  | DutyClauseText;
export type ClauseText = LeafClauseText | AllOfClauseText | AnyOfClauseText;

/** A clause with all that stand in it, from outside inwards, and where: a JSON pointer from the clause itself. */
export function* clausesIn(
  clause: ClauseText,
  pointer = '',
): Generator<{ readonly clause: ClauseText; readonly pointer: string; readonly within: readonly ClauseText[] }> {
  yield* walk(clause, pointer, []);
}

function* walk(clause: ClauseText, pointer: string, within: readonly ClauseText[]): ReturnType<typeof clausesIn> {
  yield { clause, pointer, within };
  if (clause.kind !== 'all_of' && clause.kind !== 'any_of') return;
  for (const [index, one] of clause.of.entries()) yield* walk(one, `${pointer}/of/${index}`, [...within, clause]);
}
