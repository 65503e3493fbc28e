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
import type { AnchorText, CountedText, WindowText } from '#core/terms/window-text.ts';
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
  readonly countFrom: readonly AnchorText[];
  /** What the same result must be within as well; null: nothing. */
  readonly also: readonly Also[] | null;
  /** Whether one result alone is never enough for it. */
  readonly several: boolean;
}

interface Also {
  readonly window: Window;
  readonly anchorMs: (result: ResultTimes) => number | null;
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
  readonly countFrom: readonly AnchorText[];
  readonly alsoWithin?: readonly CountedText[];
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
  also:
    text.alsoWithin?.map(({ countFrom, window }) => ({
      window: compileWindow(window),
      anchorMs: compileAnchors(countFrom),
    })) ?? null,
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
  if (anchorMs === null) return null;
  const endMs = taker.window.endMs(anchorMs);
  return taker.also === null ? endMs : firstEndMs(taker.also, evidence, endMs, taker.window.endInclusive);
}

/** When the first of several windows ends, told as the end of the one that was there; null where one has no anchor. */
function firstEndMs(
  also: readonly Also[],
  evidence: ResultEvidence,
  ownEndMs: number,
  inclusive: boolean,
): number | null {
  let firstMs = ownEndMs;
  for (const { window, anchorMs: anchorOf } of also) {
    const anchorMs = anchorOf(evidence);
    if (anchorMs === null) return null;
    // The last millisecond, or the first after it.
    const shift = inclusive === window.endInclusive ? 0 : inclusive ? -1 : 1;
    firstMs = Math.min(firstMs, window.endMs(anchorMs) + shift);
  }
  return firstMs;
}

export function samplingEndMs(
  { provinces, window, shownBy }: SamplingTaker,
  evidence: SamplingEvidence,
): number | null {
  if (!takesFrom(provinces, evidence.province)) return null;
  if (shownBy !== null && isPresented(evidence) && !shownBy.includes(evidence.channel)) return null;
  return window.endMs(evidence.sampledAtMs);
}
