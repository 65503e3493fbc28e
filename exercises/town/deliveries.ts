/**
 * What a province's systems send in one go: the sampling records, the reports, the corrections or the codes of one
 * tube, some doses, or the stays in one area of risk. A delivery is small and has no text; its lines are made when it's
 * sent (lines.ts).
 */

import type { Status, TestResult } from '#core/events/events.ts';

/** A tube: the people whose samples are tested together, 1 to 20 of them. */
export interface Pool {
  readonly id: number;
  /** Index of the province in the population's list. */
  readonly province: number;
  readonly people: readonly number[];
  readonly sampledAtMs: number;
  /** Hospital systems: they report no sampling time, and no record of the sampling either. */
  readonly undated: boolean;
  /** Of an undated pool: whether the laboratory says under which day it filed the specimen. */
  readonly accessioned: boolean;
  readonly laboratory: number;
  readonly site: number;
}

interface Delivered {
  /** When it's sent, in the simulated day. */
  readonly atMs: number;
}

export interface SamplingDelivery extends Delivered {
  readonly kind: 'samplings';
  readonly pool: Pool;
}

export interface ReportDelivery extends Delivered {
  readonly kind: 'reports';
  readonly pool: Pool;
  readonly status: Status;
  readonly issuedAtMs: number;
  readonly result: TestResult;
  /** Only this member of the pool, else all. */
  readonly member: number | null;
  /** Another sampling time than the pool's: a day that was corrected. */
  readonly sampledAtMs?: number;
}

export interface DoseDelivery extends Delivered {
  readonly kind: 'doses';
  readonly province: number;
  readonly people: readonly number[];
}

/** What a tube's result does to the codes of those in it. */
export interface CodeDelivery extends Delivered {
  readonly kind: 'codes';
  readonly pool: Pool;
  readonly state: 'yellow' | 'red' | 'green';
  readonly assignedAtMs: number;
  /** Places in the pool. */
  readonly members: readonly number[];
}

/** Stays of some people in one area of risk, as its province found out. */
export interface ExposureDelivery extends Delivered {
  readonly kind: 'exposures';
  readonly province: number;
  readonly people: readonly number[];
  /** Of the province's counties; 1 to 9. */
  readonly county: number;
  readonly level: 'high' | 'medium' | 'low';
  readonly fromMs: number;
  readonly toMs: number;
}

/** Lines made beforehand: the scripted people's, and events that can't be true. */
export interface WrittenDelivery extends Delivered {
  readonly kind: 'written';
  readonly province: number;
  readonly lines: readonly string[];
}

export type Delivery =
  | SamplingDelivery
  | ReportDelivery
  | DoseDelivery
  | CodeDelivery
  | ExposureDelivery
  | WrittenDelivery;

export function provinceOfDelivery(delivery: Delivery): number {
  return 'pool' in delivery ? delivery.pool.province : delivery.province;
}

/** How many doses a person has on record: one to three, by their number. */
export function dosesOf(person: number): number {
  return 1 + (person % 3);
}

export function linesIn(delivery: Delivery): number {
  switch (delivery.kind) {
    case 'samplings':
      return delivery.pool.people.length;
    case 'reports':
      return delivery.member === null ? delivery.pool.people.length : 1;
    case 'doses':
      return delivery.people.reduce((sum, person) => sum + dosesOf(person), 0);
    case 'codes':
      return delivery.members.length;
    case 'exposures':
      return delivery.people.length;
    case 'written':
      return delivery.lines.length;
  }
}
