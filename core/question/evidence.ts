/**
 * What a recognition can rest on: registers of the view, and what the traveller shows through another channel or on
 * paper, in one form. What is shown is never verified here and keeps its label.
 */

import type { TestResult } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { TimePrecision } from '#core/field/time.ts';
import type { SamplingRegister, TestRegister } from '#core/view/view.ts';

export const CHANNELS = ['paper', 'national_client', 'other_code', 'laboratory_site', 'screenshot', 'other'] as const;
export type Channel = (typeof CHANNELS)[number];

interface Shown {
  readonly channel: Channel;
  readonly province: ProvinceCode | null;
  /** Who tested, or where the sample was taken. */
  readonly laboratory: string | null;
}

export interface PresentedResult extends Shown {
  readonly kind: 'result';
  readonly method: string;
  readonly result: TestResult;
  readonly sampledAtMs: number | null;
  readonly sampledAtPrecision: TimePrecision | null;
  readonly testedAtMs: number | null;
  readonly issuedAtMs: number;
  /** Without it it isn't known to be of a tube of several people. */
  readonly isPooled?: boolean;
}

export interface PresentedSampling extends Shown {
  readonly kind: 'sampling';
  readonly sampledAtMs: number;
  readonly sampledAtPrecision: TimePrecision;
}

export type Presented = PresentedResult | PresentedSampling;

export type ResultEvidence = TestRegister | PresentedResult;
export type SamplingEvidence = SamplingRegister | PresentedSampling;
export type Evidence = ResultEvidence | SamplingEvidence;

export function isPresented(evidence: Evidence): evidence is Presented {
  return 'channel' in evidence;
}

export function isResult(evidence: Evidence): evidence is ResultEvidence {
  return 'result' in evidence;
}

/** The times that a result may have. */
export interface ResultTimes {
  readonly issuedAtMs: number;
  readonly sampledAtMs: number | null;
  readonly testedAtMs: number | null;
}

/** Who tested or where the sample was taken. */
export function laboratoryOf(evidence: Evidence): string | null {
  return 'site' in evidence ? evidence.site : evidence.laboratory;
}
