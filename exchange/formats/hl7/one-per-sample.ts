/**
 * At most one result per sample leaves a message. The exchange keeps one register per sample, so two results of the
 * same sample would replace each other there by chance; where they don't agree, none is sent and a person decides.
 */

import type { TestReportedJson } from '#exchange/formats/event-json.ts';
import type { FormatFault } from '#exchange/formats/format-fault.ts';
import type { Origins } from '#exchange/formats/location.ts';

export interface Candidate {
  /** `OBX 2` */
  readonly within: string;
  /** One gene of a test: gives way to the test's own result. */
  readonly isTarget: boolean;
  readonly event: TestReportedJson;
  readonly origins: Origins;
}

export interface Chosen {
  readonly kept: readonly Candidate[];
  readonly refused: readonly { readonly within: string; readonly fault: FormatFault }[];
}

export function onePerSample(candidates: readonly Candidate[]): Chosen {
  const kept: Candidate[] = [];
  const refused: Chosen['refused'][number][] = [];
  for (const sameSample of Map.groupBy(candidates, sampleOf).values()) {
    const rivals = rivalsAmong(sameSample);
    const disagree = new Set(rivals.map(({ event }) => `${event.method} ${event.result} ${event.status}`)).size > 1;
    if (!disagree) kept.push(...rivals.slice(0, 1));
    else refused.push(...rivals.map(({ within }) => ({ within, fault: disagreement(rivals) })));
  }
  return { kept, refused };
}

function sampleOf({ event }: Candidate): string {
  return JSON.stringify([event.person, event.laboratory, event.sampleId]);
}

/**
 * Without genes where the whole test has a result, and without what is taken back where something stands in its place.
 */
function rivalsAmong(candidates: readonly Candidate[]): readonly Candidate[] {
  const whole = candidates.filter(({ isTarget }) => !isTarget);
  const tests = whole.length > 0 ? whole : candidates;
  const live = tests.filter(({ event }) => event.status !== 'retracted');
  return live.length > 0 ? live : tests;
}

function disagreement(rivals: readonly Candidate[]): FormatFault {
  const places = rivals.map(({ within }) => within).join(', ');
  return {
    field: 'OBX-5',
    reason: `the results of one sample don’t agree in method, result or status (${places})`,
    hint: 'send the overall result alone, or give each test a sample id of its own in SPM-2',
  };
}
