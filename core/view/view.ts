/**
 * A person's view: the newest few registers of tests, samplings, codes and exposures, and the doses, each bounded. The
 * view is what a multiset of events comes to, whatever their order; it holds nothing that depends on when or how often
 * they arrived.
 */

import type { Status, TestResult } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { TimePrecision } from '#core/field/time.ts';

/**
 * How many registers of each kind a view keeps. Eight results and samplings cover two days of tests every six hours or
 * a week of daily ones; registers without a day can't be ordered by time and have a bound of their own, so that they
 * can't push out the others. Eight codes are more than a traveller gathers in the month that one may last. What is cut
 * of exposures leaves doubt for good, so more of them are kept than most people meet in years.
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
 * Which version of a register this is. Versions are totally ordered: by the status' rank, then by `issuedAtMs`, then by
 * `contentHash`; no counter from the laboratory is needed.
 */
export interface Version {
  readonly status: Status;
  readonly issuedAtMs: number;
  /** 8 bytes over what the event states; equal for identical content. */
  readonly contentHash: Buffer;
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
  /** The latest `issuedAtMs` of any version, replaced ones included; what a cut must remember. */
  readonly issuedAtMaxMs: number;
}

/** Identified by `day`, `province`, `site` and `sampleId`. */
export interface SamplingRegister extends Version {
  readonly day: number;
  readonly province: ProvinceCode;
  readonly site: string;
  readonly sampleId: string;
  readonly sampledAtMs: number;
  readonly sampledAtPrecision: TimePrecision;
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
}

/** That test registers were cut, and where: none of them has a newer day, nor any version issued later. */
export interface TestsCut {
  /** Null for registers without a day. */
  readonly newestDay: number | null;
  readonly issuedAtMaxMs: number;
}

/** That registers were cut, and where: none of them has a newer day. */
export interface DayCut {
  readonly newestDay: number;
}
export type SamplingsCut = DayCut;

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

/** Every list is ordered with its highest register first; a test's day decides which list it belongs to. */
export interface PersonView {
  readonly datedTests: readonly TestRegister[];
  readonly datedTestsCut: TestsCut | null;
  readonly undatedTests: readonly TestRegister[];
  readonly undatedTestsCut: TestsCut | null;
  readonly samplings: readonly SamplingRegister[];
  readonly samplingsCut: SamplingsCut | null;
  readonly doses: readonly DoseRegister[];
  readonly dosesCut: boolean;
  readonly codes: readonly CodeRegister[];
  readonly codesCut: DayCut | null;
  readonly exposures: readonly ExposureRegister[];
  /**
   * Of what was cut, nobody knows whether the person is still there: a day in the past doesn't mean that it is over.
   */
  readonly exposuresCut: DayCut | null;
  readonly unreadable: readonly UnreadableMark[];
  readonly unreadableBounds: readonly UnreadableBounds[];
  /** Nothing accepted up to here counts, on the broker's clock; null: nothing was erased. */
  readonly erasedThroughMs: number | null;
}

export const EMPTY_VIEW: PersonView = {
  datedTests: [],
  datedTestsCut: null,
  undatedTests: [],
  undatedTestsCut: null,
  samplings: [],
  samplingsCut: null,
  doses: [],
  dosesCut: false,
  codes: [],
  codesCut: null,
  exposures: [],
  exposuresCut: null,
  unreadable: [],
  unreadableBounds: [],
  erasedThroughMs: null,
};
