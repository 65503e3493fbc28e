/**
 * The events of a person as the exchange knows them: what a province states, in epoch milliseconds, without a number
 * or name. A person is a 16-byte key that travels as the record's key, never in the event.
 */
import type { ProvinceCode } from './regions.ts';
import type { TimePrecision } from './time.ts';

/** In the order of their rank: within a register a higher rank replaces a lower one, whatever the time. */
export const STATUSES = ['preliminary', 'final', 'corrected', 'retracted'] as const;
export type Status = (typeof STATUSES)[number];

export const TEST_RESULTS = ['negative', 'positive', 'indeterminate', 'invalid'] as const;
export type TestResult = (typeof TEST_RESULTS)[number];

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

export type PersonEvent = TestReported | SamplingRecorded | VaccinationAdministered;
export type EventType = PersonEvent['type'];

/** Bounds on what an event may hold; the producer refuses, and the materialiser dead-letters, what lies beyond. */
export const EVENT_LIMITS = { textCharsMax: 64, poolSizeMax: 50, doseNumberMax: 20 } as const;
