/**
 * A person's view: of each publisher the newest few registers of tests, samplings, codes and exposures, and the doses,
 * each bounded. The view is what a multiset of events comes to, whatever their order; it holds nothing that depends on
 * when or how often they arrived, and no publisher's events push out what another published.
 */

import type { Status, TestResult } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { TimePrecision } from '#core/field/time.ts';
import type { Withdrawal } from '#core/withdrawals/withdrawal.ts';

/**
 * How many registers of each kind a view keeps of each publisher. Eight results and samplings cover two days of tests
 * every six hours or a week of daily ones; registers without a day can't be ordered by time and have a bound of their
 * own, so that they can't push out the others. Eight codes are more than a traveller gathers in the month that one may
 * last. What is cut of exposures leaves doubt for good, so more of them are kept than most people meet in years.
 */
export const VIEW_LIMITS = {
  datedTestsMax: 8,
  undatedTestsMax: 4,
  samplingsMax: 4,
  dosesMax: 12,
  codesMax: 8,
  exposuresMax: 32,
  /** Of each topic. */
  unreadableMax: 8,
} as const;

/**
 * Which version of a register this is. By status, `issuedAtMs` and `contentHash` it is told which of them counts
 * (versions.ts); no counter from the laboratory is needed.
 */
export interface Version {
  readonly status: Status;
  readonly issuedAtMs: number;
  /** 8 bytes over what the event states; equal for identical content. */
  readonly contentHash: Buffer;
}

/** What a register keeps of its other versions. */
export interface AlsoKept<R> {
  /** When the latest retraction was issued, after which the one that counts was; null: there is none. */
  readonly retractedThroughMs: number | null;
  /** Reports of lower ranks that were issued later, the highest rank first: they count if those above are retracted. */
  readonly later: readonly R[];
  /**
   * Of codes: the latest end of any version that isn't green, where none of those kept ends as late. Null of all else.
   */
  readonly lastEndMs: number | null;
}

/** Identified by `day`, `province`, `laboratory` and `sampleId`, none of which any version of the sample changes. */
export interface TestRegister extends Version {
  /** The sampling day, else the day of accession, in days since 1970-01-01; null when neither is known. */
  readonly day: number | null;
  readonly province: ProvinceCode;
  readonly laboratory: string;
  readonly sampleId: string;
  readonly result: TestResult;
  readonly method: string;
  readonly sampledAtMs: number | null;
  readonly sampledAtPrecision: TimePrecision | null;
  readonly testedAtMs: number | null;
  /**
   * Whether it is of a tube that held the samples of several people. False where that isn't known, as in a view that a
   * version before 4 stored.
   */
  readonly isPooled: boolean;
  /** Null where it isn't known, as in a view that a version before 6 stored. */
  readonly run: string | null;
  /** Null, as mostly, where there is nothing else to keep. */
  readonly alsoKept: AlsoKept<TestRegister> | null;
  /** By what it is withdrawn. No view is stored with it: it is told whenever a view is looked at (withdrawn.ts). */
  readonly withdrawn?: Withdrawal;
}

/** Identified by `day`, `province`, `site` and `sampleId`. */
export interface SamplingRegister extends Version {
  readonly day: number;
  readonly province: ProvinceCode;
  readonly site: string;
  readonly sampleId: string;
  readonly sampledAtMs: number;
  readonly sampledAtPrecision: TimePrecision;
  readonly alsoKept: AlsoKept<SamplingRegister> | null;
}

/** Identified by `province` and `doseId`. */
export interface DoseRegister extends Version {
  readonly province: ProvinceCode;
  readonly doseId: string;
  readonly product: string;
  readonly manufacturer: string;
  readonly doseNumber: number;
  readonly givenAtMs: number;
  readonly givenAtPrecision: TimePrecision;
  readonly alsoKept: AlsoKept<DoseRegister> | null;
}

/** Identified by `day`, `province` and `decisionId`; the day is that of the assignment. */
export interface CodeRegister extends Version {
  readonly day: number;
  /** The assigning province, which alone may clear it. */
  readonly province: ProvinceCode;
  readonly decisionId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly authority: string | null;
  readonly legalBasis: string | null;
  readonly assignedAtMs: number;
  readonly expiresAtMs: number | null;
  readonly appealContact: string | null;
  readonly alsoKept: AlsoKept<CodeRegister> | null;
}

/** Identified by `day`, `province` and `exposureId`; the day is the one on which it began. */
export interface ExposureRegister extends Version {
  readonly day: number;
  readonly province: ProvinceCode;
  readonly exposureId: string;
  readonly riskArea: string;
  readonly level: string;
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly alsoKept: AlsoKept<ExposureRegister> | null;
}

/**
 * That registers of a publisher were cut. Null: of whom isn't known, for a version before 5 stored the view, which had
 * one bound for all.
 */
export interface Cut {
  readonly province: ProvinceCode | null;
}

/** None of the tests that were cut has a newer day, nor any version issued later. */
export interface TestsCut extends Cut {
  /** Null for registers without a day. */
  readonly newestDay: number | null;
  readonly issuedAtMaxMs: number;
}

/** None of the registers that were cut has a newer day. */
export interface DayCut extends Cut {
  readonly newestDay: number;
}

/** No version of a code that was cut, unless it is green, ends later. */
export interface CodesCut extends DayCut {
  /** Null: all of them are green. */
  readonly lastEndMs: number | null;
}

/** A record with this person's key that could not be read; it waits in the dead-letter topic. */
export interface UnreadableRecord {
  readonly topic: string;
  readonly offset: number;
}

/**
 * The same in a view; one that is settled was replayed or discarded, and is only remembered lest it be marked again.
 */
export interface UnreadableMark extends UnreadableRecord {
  readonly isSettled: boolean;
}

/** What is known of a topic's marks that are no longer listed; -1 where there are none. */
export interface UnreadableBounds {
  readonly topic: string;
  /** Up to this offset every unreadable record of the person is settled. */
  readonly settledThrough: number;
  /** Beyond `settledThrough`, marks up to this offset were cut; whether they are settled isn't known. */
  readonly cutThrough: number;
}

/** That an erasure of a publisher's took what it had published. */
export interface PublisherErasure {
  readonly province: ProvinceCode;
  /** Nothing of it that was accepted up to here counts, on the broker's clock. */
  readonly throughMs: number;
}

/**
 * Every list is ordered with its highest register first; a test's day decides which list it belongs to. The bound of a
 * list holds for each publisher alone. Cuts and erasures are ordered by province, the unknown one first, one of each.
 */
export interface PersonView {
  readonly datedTests: readonly TestRegister[];
  readonly datedTestsCuts: readonly TestsCut[];
  readonly undatedTests: readonly TestRegister[];
  readonly undatedTestsCuts: readonly TestsCut[];
  readonly samplings: readonly SamplingRegister[];
  readonly samplingsCuts: readonly DayCut[];
  readonly doses: readonly DoseRegister[];
  readonly dosesCuts: readonly Cut[];
  readonly codes: readonly CodeRegister[];
  readonly codesCuts: readonly CodesCut[];
  readonly exposures: readonly ExposureRegister[];
  /**
   * Of what was cut, nobody knows whether the person is still there: a day in the past doesn't mean that it is over.
   */
  readonly exposuresCuts: readonly DayCut[];
  readonly unreadable: readonly UnreadableMark[];
  readonly unreadableBounds: readonly UnreadableBounds[];
  /** Nothing accepted up to here counts, whoever published it, on the broker's clock; null: nothing was erased. */
  readonly erasedThroughMs: number | null;
  /** Those that reach further than `erasedThroughMs`. */
  readonly publisherErasures: readonly PublisherErasure[];
}

export const EMPTY_VIEW: PersonView = {
  datedTests: [],
  datedTestsCuts: [],
  undatedTests: [],
  undatedTestsCuts: [],
  samplings: [],
  samplingsCuts: [],
  doses: [],
  dosesCuts: [],
  codes: [],
  codesCuts: [],
  exposures: [],
  exposuresCuts: [],
  unreadable: [],
  unreadableBounds: [],
  erasedThroughMs: null,
  publisherErasures: [],
};

/** The lists of what publishers have said, and of what was cut of it. */
export const PUBLISHED = [
  'datedTests',
  'datedTestsCuts',
  'undatedTests',
  'undatedTestsCuts',
  'samplings',
  'samplingsCuts',
  'doses',
  'dosesCuts',
  'codes',
  'codesCuts',
  'exposures',
  'exposuresCuts',
] as const satisfies readonly (keyof PersonView)[];
