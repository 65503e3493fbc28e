/**
 * What takes evidence: a clause's methods, provinces and window, apart from who asks and from what the clause comes to.
 * A taker says only until when a record counts; it judges nobody.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { isPresented, type ResultEvidence, type ResultTimes, type SamplingEvidence } from '#core/question/evidence.ts';
import type { From, ResultClauseText, SamplingClauseText, TestsClauseText } from '#core/rules/clause-text.ts';
import { compileAnchors, compileWindow, type Window } from './window.ts';

/** A clause that takes results: for what counts, and for how long, apart from who asks. */
export interface ResultTaker {
  readonly id: string;
  readonly methods: ReadonlySet<string>;
  /** Null: everybody's. */
  readonly provinces: ReadonlySet<string> | null;
  readonly window: Window;
  readonly anchorMs: (result: ResultTimes) => number | null;
  /** Whether it is for some people only. */
  readonly conditional: boolean;
  readonly text: ResultClauseText | TestsClauseText;
}

export interface SamplingTaker {
  readonly id: string;
  readonly provinces: ReadonlySet<string> | null;
  readonly window: Window;
  readonly text: SamplingClauseText;
}

/** @param conditional whether it stands within a clause that is for some people only */
export const compileResultTaker = (text: ResultClauseText | TestsClauseText, conditional = false): ResultTaker => ({
  id: text.id,
  methods: new Set(text.methods),
  provinces: setOf(text.from),
  window: compileWindow(text.window),
  anchorMs: compileAnchors(text.countFrom),
  conditional: conditional || text.for !== undefined,
  text,
});

export const compileSamplingTaker = (text: SamplingClauseText): SamplingTaker => ({
  id: text.id,
  provinces: setOf(text.from),
  window: compileWindow(text.window),
  text,
});

function setOf(from: From): ReadonlySet<ProvinceCode> | null {
  return from === 'all' ? null : new Set(from);
}

/** Whether a clause takes records of a province; one shown without its province counts only where everybody's do. */
export function takesFrom(provinces: ReadonlySet<string> | null, province: string | null): boolean {
  return provinces === null || (province !== null && provinces.has(province));
}

/** When a result stops counting by a clause; null when the clause doesn't take it. */
export function resultEndMs(taker: ResultTaker, evidence: ResultEvidence): number | null {
  if (!taker.methods.has(evidence.method) || !takesFrom(taker.provinces, evidence.province)) return null;
  const anchorMs = taker.anchorMs(evidence);
  return anchorMs === null ? null : taker.window.endMs(anchorMs);
}

export function samplingEndMs({ provinces, window, text }: SamplingTaker, evidence: SamplingEvidence): number | null {
  if (!takesFrom(provinces, evidence.province)) return null;
  if (text.shownBy !== undefined && isPresented(evidence) && !text.shownBy.includes(evidence.channel)) return null;
  return window.endMs(evidence.sampledAtMs);
}
