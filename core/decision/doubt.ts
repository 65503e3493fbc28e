/**
 * What could turn an answer that is short of recognised: data that is behind, unreadable, cut, or corrected since.
 * Where there is such a thing, nobody may say "no" plainly.
 */

import type { Rule } from '#core/book/rule.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { ResultEvidence } from '#core/question/evidence.ts';
import type { AnchorText } from '#core/terms/window-text.ts';
import type { Sifted } from '#core/trial/sift.ts';
import { staysWereCut } from '#core/trial/stays.ts';
import { takesFrom } from '#core/trial/takers.ts';
import type { Known, Notes } from '#core/trial/trial.ts';
import { endOfDayMs } from '#core/trial/window.ts';
import type { DataState } from '#core/view/freshness.ts';
import type { PersonView, TestsCut } from '#core/view/view.ts';

/** The gravest first. */
export const DOUBTS = [
  'key_leaked',
  'exchange_behind',
  'province_behind',
  'record_incomplete',
  'history_cut',
  'stay_unclear',
  'corrected_since',
] as const;
export type Doubt = (typeof DOUBTS)[number];

export interface Incomplete {
  /** A record of this person could not be read. */
  readonly person: boolean;
  /**
   * Records of these provinces could not be read, and whose they are isn't known; null: the province isn't known
   * either.
   */
  readonly provinces: readonly (ProvinceCode | null)[];
}

interface Doubtful {
  readonly rule: Rule;
  readonly sifted: Sifted;
  /** The newest result, where it is a positive one that refuses. */
  readonly refusing: ResultEvidence | null;
  readonly view: PersonView | null;
  /** Whether a stay may grant something that can't be seen or placed. */
  readonly hidesStay: boolean;
  readonly data: DataState;
  readonly incomplete: Incomplete;
  /** The instant from which windows reach back. */
  readonly atMs: number;
}

/** What could turn an outcome short of recognised, if anything. */
export function doubtOf({ rule, sifted, refusing, view, hidesStay, data, incomplete, atMs }: Doubtful): Doubt | null {
  if (data.exchangeBehind) return 'exchange_behind';
  // A positive is lifted by a later negative from anywhere, or by its own retraction.
  if (
    data.behind.some(
      ({ province }) =>
        refusing !== null || takesFrom(rule.provinces, province) || couldTurnByStay(rule, view, province),
    )
  )
    return 'province_behind';
  if (incomplete.person || incomplete.provinces.length > 0) return 'record_incomplete';
  if (view !== null && cutCouldTurn(rule, refusing, view, atMs)) return 'history_cut';
  if (hidesStay) return staysWereCut(view) ? 'history_cut' : 'stay_unclear';
  return sifted.correctedSince ? 'corrected_since' : null;
}

/**
 * A stay grants something wherever it is recorded; one that denies something may be retracted by whoever recorded it.
 */
function couldTurnByStay(rule: Rule, view: PersonView | null, province: ProvinceCode): boolean {
  if (rule.visited.length > 0) return true;
  return (
    rule.asksForNoStay &&
    view !== null &&
    view.exposures.some((exposure) => exposure.province === province && exposure.status !== 'retracted')
  );
}

/** Whether a stay may grant something that can't be seen or placed. Notes when that may come out otherwise. */
export function hidesStayThatGrants({ visited }: Rule, known: Known, notes: Notes): boolean {
  let hidden = false;
  for (const stays of visited) {
    if (stays.untilMs(known, notes) !== null) continue;
    stays.nextMs(known, notes);
    if (stays.mayBeHidden(known, notes)) hidden = true;
  }
  return hidden;
}

/** Whether the window reaches back to what was cut from the view. */
function cutCouldTurn(rule: Rule, refusing: ResultEvidence | null, view: PersonView, atMs: number): boolean {
  if (refusing !== null) return newestCutMs(view) > refusing.issuedAtMs;
  const { datedTestsCuts, undatedTestsCuts, samplingsCuts } = view;
  for (const { window, countFrom } of rule.results) {
    const earliestMs = window.earliestAnchorMs(atMs);
    for (const cut of datedTestsCuts) if (latestAnchorOfCutMs(countFrom, cut) >= earliestMs) return true;
    for (const cut of undatedTestsCuts) if (latestAnchorOfCutMs(countFrom, cut) >= earliestMs) return true;
  }
  if (rule.asksForDoses && view.dosesCuts.length > 0) return true;
  return samplingsCuts.some(({ newestDay }) =>
    rule.samplings.some(({ window }) => endOfDayMs(newestDay) >= window.earliestAnchorMs(atMs)),
  );
}

/** The latest report issue among the results that were cut; -Infinity when none was. */
export function newestCutMs(view: PersonView | null): number {
  let newestMs = Number.NEGATIVE_INFINITY;
  if (view === null) return newestMs;
  for (const { issuedAtMaxMs } of view.datedTestsCuts) newestMs = Math.max(newestMs, issuedAtMaxMs);
  for (const { issuedAtMaxMs } of view.undatedTestsCuts) newestMs = Math.max(newestMs, issuedAtMaxMs);
  return newestMs;
}

/** The latest instant that any of the anchors can have in a result that was cut; -Infinity when it can have none. */
export function latestAnchorOfCutMs(anchors: readonly AnchorText[], cut: Omit<TestsCut, 'province'>): number {
  let latestMs = Number.NEGATIVE_INFINITY;
  for (const anchor of anchors) {
    // One that is moved back lies no later than what it is moved from.
    if ((typeof anchor === 'string' ? anchor : anchor.anchor) !== 'sampled')
      latestMs = Math.max(latestMs, cut.issuedAtMaxMs);
    else if (cut.newestDay !== null) latestMs = Math.max(latestMs, endOfDayMs(cut.newestDay));
  }
  return latestMs;
}
