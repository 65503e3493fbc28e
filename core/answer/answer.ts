/**
 * The answer to a look-up as it goes out. Times are ISO 8601 with +08:00; a sampling known by its day alone is a date.
 */

import type { Search } from '#core/book/searched.ts';
import type { Finding } from '#core/decision/finding.ts';
import type { Outcome, Reason } from '#core/decision/outcome.ts';
import type { TestResult } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { Channel } from '#core/question/evidence.ts';
import type { Instant } from '#core/question/occasion.ts';
import type { Purpose, Scope } from '#core/rules/purpose.ts';
import type { Redated } from '#core/rules/redate.ts';
import type { SourceText } from '#core/terms/source.ts';
import type { Words } from '#core/terms/words.ts';
import type { OnRecord } from './on-record.ts';

/** What an overloaded look-up leaves out, in this order; the outcome and what it rests on as data never. */
export const SHED_ORDER = ['standing', 'vaccination', 'evidence'] as const;
export type Part = (typeof SHED_ORDER)[number];

export interface Answer {
  readonly outcome: Outcome;
  /** Why: the finding, or what keeps it from being settled. */
  readonly reason: Reason;
  /** What the visible data says by itself. */
  readonly finding: Finding;
  readonly sentence: Words;
  /**
   * True only where it is recognised and no state bars, or could by what isn't stated or seen; false where it isn't,
   * or a state bars; null: not certain.
   */
  readonly mayGoIn: boolean | null;
  /**
   * From 29 July 2022, where no result was found that counts: that one shown otherwise has equal effect; null
   * otherwise.
   */
  readonly equalEffect: Words | null;
  readonly destination: ProvinceCode;
  readonly purpose: Purpose;
  /** The kind of place that was stated. */
  readonly kind: string | null;
  readonly at: string;
  readonly evaluatedAt: string;
  readonly asOf: { readonly relation: 'now' | 'past' | 'future'; readonly note: Words | null };
  /** Null: none is known to the exchange, or kinds of place differ. */
  readonly rule: RuleCited | null;
  /** Where no kind of place was stated and they come out differently: what each would be. */
  readonly kinds: readonly KindShown[];
  /** Where none is known: what was searched for one, and not found; null otherwise. */
  readonly noneKnown: NoneKnownShown | null;
  /** The rule that takes its place, and until then only reminds; null: none is announced. */
  readonly announced: RuleAnnounced | null;
  /** Since when the published rules hold here, and whether a newer publication may have been missed. */
  readonly rules: {
    readonly publishedAt: string | null;
    readonly outOfSightSince: string | null;
    /** Where they stand as of another day than their own, whichever of them judged. */
    readonly redated: Redated | null;
    readonly note: Words | null;
  };
  /** Null where it was left out. */
  readonly evidence: readonly EvidenceShown[] | null;
  /** What the person must still do; never a reason to refuse. */
  readonly duties: readonly DutyShown[];
  /** What is shown beside the answer, such as a colour or a pop-up. */
  readonly states: readonly StateShown[];
  /** What else stands on record: shown, and never part of the outcome; null where it was left out. */
  readonly standing: OnRecord | null;
  /** Null where the rule doesn't show it, or it was left out. */
  readonly vaccination: { readonly doses: number; readonly lastGivenAt: string | null } | null;
  /** Names of statements about the occasion that could make a difference. */
  readonly statementsMissing: readonly string[];
  /** Until when it holds if nothing new arrives; null unless recognised, and where nothing known ends it. */
  readonly validUntil: string | null;
  /** Whether it still holds at exactly `validUntil`. */
  readonly validUntilInclusive: boolean;
  /** The first instant at which it may be otherwise by the clock alone, on the clock of `at`; null: never. */
  readonly nextChangeAt: string | null;
  /** Until when a gate may rely on it without asking again; null: asking again tells nothing more. */
  readonly askAgainBy: string | null;
  /** Calendar days of Asia/Shanghai since the newest test on record; null when unknown. */
  readonly daysSinceTest: number | null;
  /** The oldest watermark among the provinces that aren't behind. */
  readonly dataAsOf: string | null;
  readonly provincesBehind: readonly ProvinceBehindShown[];
  readonly exchangeBehind: boolean;
  readonly incomplete: {
    readonly person: boolean;
    readonly provinces: readonly ProvinceCode[];
    readonly unknownProvince: boolean;
  };
  readonly position: PositionShown;
  /** What isn't shown because the look-up is overloaded; empty otherwise. */
  readonly leftOut: readonly Part[];
}

export interface RuleCited {
  readonly id: string;
  /** The version that judged. */
  readonly version: number;
  /** The clause that recognises by the visible data. */
  readonly clause: string | null;
  readonly title: Words;
  /** What it asks for. */
  readonly asksFor: Words;
  /** What its windows are compared with; empty: the instant that was asked about, whichever it is. */
  readonly comparedWith: readonly Instant[];
  /** Whether it is the nation's: the destination has none of its own for this, or gives way to it. */
  readonly national: boolean;
  /** Codes of the part of the province whose rule it is; null: the whole province’s. */
  readonly place: readonly string[] | null;
  /** Where the rules stand as of another day than their own, moved by so many days. */
  readonly redated: Redated | null;
  readonly sources: readonly SourceText[];
}

export interface NoneKnownShown {
  /** Since and until when none is known; null: nothing is on record of a search. */
  readonly from: string | null;
  readonly until: string | null;
  /** Empty: no source was read for it. */
  readonly searches: readonly Search[];
  /** What was seen, and makes no rule. */
  readonly seen: Words | null;
}

export interface KindShown {
  /** Null: any kind that isn't named. */
  readonly kind: string | null;
  readonly title: Words | null;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly mayGoIn: boolean | null;
  readonly rule: { readonly id: string; readonly version: number } | null;
}

export interface StateShown {
  readonly rule: { readonly id: string; readonly version: number };
  readonly state: string;
  readonly title: Words;
  /**
   * Where one may still go with it, and where not, as far as the rule's source says; information, never the outcome.
   */
  readonly admits: readonly Scope[];
  readonly bars: readonly Scope[];
}

export interface RuleAnnounced {
  readonly id: string;
  readonly version: number;
  readonly title: Words;
  readonly asksFor: Words;
  readonly enforcedFrom: string;
  readonly note: Words;
}

export interface DutyShown {
  readonly id: string;
  readonly title: Words;
  /** False: whether it is the person's depends on what wasn't stated. */
  readonly certain: boolean;
  /** Tests done and required; null where it isn't about tests, or no arrival was stated. */
  readonly done: number | null;
  readonly required: number | null;
  readonly dueBy: string | null;
}

export interface EvidenceShown {
  readonly kind: 'result' | 'sampling';
  readonly province: ProvinceCode | null;
  readonly provinceName: Words | null;
  /** Of a sampling: the site. */
  readonly laboratory: string | null;
  readonly sampledAt: string | null;
  readonly testedAt: string | null;
  readonly reportIssuedAt: string | null;
  readonly method: string | null;
  readonly result: TestResult | null;
  /** Until when it counts, or counted, by this rule. */
  readonly countsUntil: string | null;
  /** Shown by the person, and not on record. */
  readonly presented: boolean;
  readonly unverified: boolean;
  readonly channel: Channel | null;
}

export interface ProvinceBehindShown {
  readonly province: ProvinceCode;
  readonly name: Words;
  /** Null when nothing of it was ever seen. */
  readonly watermark: string | null;
  /** Null also when its watermark is ahead of the clock here. */
  readonly behindBySeconds: number | null;
}

export interface PositionShown {
  readonly edition: number;
  /** The id of the Kafka cluster; null where nothing of the partition was ever read. */
  readonly cluster: string | null;
  readonly partition: number;
  readonly topics: Readonly<Record<string, { readonly nextOffset: number }>>;
}
