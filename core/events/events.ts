/**
 * The events of a person as the exchange knows them: what a province states, in epoch milliseconds, without a number
 * or name. A person is a 16-byte key that travels as the record's key, never in the event.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS, type TimePrecision } from '#core/field/time.ts';

/** In the order of their rank: within a register a higher rank replaces a lower one, whatever the time. */
export const STATUSES = ['preliminary', 'final', 'corrected', 'retracted'] as const;
export type Status = (typeof STATUSES)[number];

export const TEST_RESULTS = ['negative', 'positive', 'indeterminate', 'invalid'] as const;
export type TestResult = (typeof TEST_RESULTS)[number];

/** Those that rules ask for. The list is open, so another names itself as such: by `other:` before it. */
export const METHODS = ['nucleic_acid', 'antigen'] as const;

/** From sampling to the first report nobody takes longer; beyond, one of the times is mistyped. */
export const REPORT_DAYS_MAX = 14;

/** What says where an event came from and when; not part of its content. */
export interface Delivery {
  /** UUIDv7. */
  readonly eventId: string;
  /** When the producer took it, on the broker's clock. */
  readonly acceptedAtMs: number;
  /** `<province>-<name>`, such as `43-a`. */
  readonly producerInstance: string;
}

export interface TestReported extends Delivery {
  readonly type: 'TestReported';
  readonly province: ProvinceCode;
  readonly laboratory: string;
  readonly sampleId: string;
  readonly tubeId: string | null;
  /** The laboratory's name of the run or plate in which the sample was tested: by it results are withdrawn together. */
  readonly run: string | null;
  readonly status: Status;
  /** An open list: `nucleic_acid`, `antigen`, … */
  readonly method: string;
  readonly specimen: string | null;
  readonly poolSize: number | null;
  readonly sampledAtMs: number | null;
  readonly sampledAtPrecision: TimePrecision | null;
  /** Days since 1970-01-01 of the day under which the laboratory filed the specimen. */
  readonly accessionedOnDay: number | null;
  readonly testedAtMs: number | null;
  readonly reportIssuedAtMs: number;
  readonly result: TestResult;
}

export interface SamplingRecorded extends Delivery {
  readonly type: 'SamplingRecorded';
  readonly province: ProvinceCode;
  readonly site: string;
  readonly sampleId: string;
  readonly tubeId: string | null;
  readonly status: Status;
  readonly sampledAtMs: number;
  readonly sampledAtPrecision: TimePrecision;
  /** When this version of the record was written; orders the versions. */
  readonly recordedAtMs: number;
}

export interface VaccinationAdministered extends Delivery {
  readonly type: 'VaccinationAdministered';
  readonly province: ProvinceCode;
  readonly doseId: string;
  readonly status: Status;
  /** An open list. */
  readonly product: string;
  readonly manufacturer: string;
  readonly doseNumber: number;
  readonly givenAtMs: number;
  readonly givenAtPrecision: TimePrecision;
  /** When this version of the record was written; orders the versions. */
  readonly recordedAtMs: number;
}

/**
 * That a province gave the person's code a state. Only the assigning province clears what it assigned: by assigning
 * green, or by retracting the decision.
 */
export interface CodeAssigned extends Delivery {
  readonly type: 'CodeAssigned';
  /** The assigning province. */
  readonly province: ProvinceCode;
  readonly decisionId: string;
  readonly status: Status;
  /** An open list: `green`, `yellow`, `orange`, `red`, `grey`, `blue`, `black_and_white`, `pop_up`, `label:…`, … */
  readonly state: string;
  /**
   * Of `CODE_REASONS` when it came through the door. This, the authority, the basis and the expiry: null for green
   * only.
   */
  readonly reason: string | null;
  readonly authority: string | null;
  readonly legalBasis: string | null;
  readonly assignedAtMs: number;
  /** From this instant on the assignment is no longer in force. */
  readonly expiresAtMs: number | null;
  readonly appealContact: string | null;
  /** When this version of the decision was written; orders the versions. */
  readonly recordedAtMs: number;
}

/** That the person was in an area of risk. */
export interface ExposureRecorded extends Delivery {
  readonly type: 'ExposureRecorded';
  readonly province: ProvinceCode;
  readonly exposureId: string;
  readonly status: Status;
  /**
   * Code (GB/T 2260, or longer for a street) or name of the area; rules about places can tell only where a code lies.
   */
  readonly riskArea: string;
  /** An open list: `high`, `medium`, `low`, …; rules ask for these three. */
  readonly level: string;
  readonly fromMs: number;
  /** Null while the person is still there. */
  readonly toMs: number | null;
  /** When this version of the record was written; orders the versions. */
  readonly recordedAtMs: number;
}

/** Whose records an erasure takes: those of the publisher that sends it, or those of all. */
export const ERASURE_TAKES = ['own', 'all'] as const;
export type ErasureTakes = (typeof ERASURE_TAKES)[number];

/**
 * That what was accepted of the person up to an instant no longer counts. It can't be taken back: what was erased and
 * is still needed is sent again. It has no versions and makes no register.
 */
export interface PersonErased extends Delivery {
  readonly type: 'PersonErased';
  /** The publisher that decided. */
  readonly province: ProvinceCode;
  readonly erasureId: string;
  readonly authority: string;
  readonly legalBasis: string;
  readonly decidedAtMs: number;
  /**
   * Events accepted up to here, on the broker's clock, no longer count: `ERASURE_REACH_MS` after its own acceptance.
   */
  readonly erasesThroughMs: number;
  /** `all` is for the national role, and of every erasure that was written before its schema's version 2. */
  readonly takes: ErasureTakes;
}

/**
 * How long after its own acceptance an erasure still takes what is accepted. No event that it leaves can then be merged
 * before it, unless erasures are read that much later than all else.
 */
export const ERASURE_REACH_MS = 60_000;

/** Events that are versions of a register. */
export type RegisterEvent = TestReported | SamplingRecorded | VaccinationAdministered | CodeAssigned | ExposureRecorded;
export type PersonEvent = RegisterEvent | PersonErased;
export type EventType = PersonEvent['type'];

/** The state of a code that clears, and the only one that needs no grounds. */
export const GREEN = 'green';

/**
 * What a code may be assigned for. The list may grow, so it is held against at the door only: a reader takes any reason
 * that lies in the log. None of them is anything but a matter of health.
 */
export const CODE_REASONS = {
  confirmed_case: 'the person is a confirmed case',
  asymptomatic_infection: 'the person is infected without symptoms',
  discharged_case: 'the person left hospital or isolation a short while ago',
  close_contact: 'contact of an infected person',
  contact_of_contact: 'contact of a contact',
  exposure: 'was in an area of risk, or where an infected person was',
  inbound_traveller: 'entered the country a short while ago',
  positive_pool: 'the pooled tube that holds the person’s sample is positive, and who of it is isn’t known yet',
  abnormal_result: 'the person’s own result is positive or indeterminate, and not confirmed yet',
  symptoms: 'fever or other symptoms, or a medicine that is bought against them',
  test_due: 'a test that the province asks of the person is due',
  missed_test: 'a test that the province asks of the person was missed',
  recent_arrival: 'came from another province a short while ago',
  conditions_met: 'what had been asked for is fulfilled: for green',
  appeal_upheld: 'an appeal was upheld: for green',
} as const;
export type CodeReason = keyof typeof CODE_REASONS;

/**
 * Bounds on what an event may hold; the producer refuses, and the materialiser dead-letters, what lies beyond. A code
 * lasts 31 days at most: longer than the quarantines that were asked for, short enough that a forgotten one ends.
 */
export const EVENT_LIMITS = {
  textCharsMax: 64,
  poolSizeMax: 50,
  doseNumberMax: 20,
  codeValidityMsMax: 31 * DAY_MS,
} as const;
