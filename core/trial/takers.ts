/**
 * What takes evidence: a clause's methods, provinces and window, apart from who asks and from what the clause comes to.
 * A taker says only until when a record counts; it judges nobody.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import {
  type Channel,
  isPresented,
  type ResultEvidence,
  type ResultTimes,
  type SamplingEvidence,
} from '#core/question/evidence.ts';
import type { From } from '#core/terms/evidence-text.ts';
import type { Anchor, WindowText } from '#core/terms/window-text.ts';
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
  /** What results are counted from. */
  readonly countFrom: readonly Anchor[];
  /** Whether one result alone is never enough for it. */
  readonly several: boolean;
}

export interface SamplingTaker {
  readonly id: string;
  readonly provinces: ReadonlySet<string> | null;
  readonly window: Window;
  /** How one that isn't on record must be shown; null: in any way. */
  readonly shownBy: readonly Channel[] | null;
  /** Whether it only prolongs a result. */
  readonly carriesOver: boolean;
}

/** What of a person a clause looks at. A rule looks at what its clauses look at together. */
export interface LooksAt {
  readonly result?: ResultTaker;
  readonly sampling?: SamplingTaker;
  readonly doses?: true;
  /** Stays that must not have been. */
  readonly noStay?: true;
}

interface TakesText {
  readonly id: string;
  readonly from: From;
  readonly window: WindowText;
}

interface TakesResultsText extends TakesText {
  readonly for?: unknown;
  readonly methods: readonly string[];
  readonly countFrom: readonly Anchor[];
}

interface TakesSamplingsText extends TakesText {
  readonly shownBy?: readonly Channel[];
  readonly carriesOver?: boolean;
}

/** @param asked whether it takes several together, and whether it stands in a clause that is for some people only */
export const compileResultTaker = (
  text: TakesResultsText,
  { several, conditional = false }: { readonly several: boolean; readonly conditional?: boolean },
): ResultTaker => ({
  id: text.id,
  methods: new Set(text.methods),
  provinces: setOf(text.from),
  window: compileWindow(text.window),
  anchorMs: compileAnchors(text.countFrom),
  conditional: conditional || text.for !== undefined,
  countFrom: text.countFrom,
  several,
});

export const compileSamplingTaker = (text: TakesSamplingsText): SamplingTaker => ({
  id: text.id,
  provinces: setOf(text.from),
  window: compileWindow(text.window),
  shownBy: text.shownBy ?? null,
  carriesOver: text.carriesOver === true,
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

export function samplingEndMs(
  { provinces, window, shownBy }: SamplingTaker,
  evidence: SamplingEvidence,
): number | null {
  if (!takesFrom(provinces, evidence.province)) return null;
  if (shownBy !== null && isPresented(evidence) && !shownBy.includes(evidence.channel)) return null;
  return window.endMs(evidence.sampledAtMs);
}
