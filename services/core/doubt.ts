/**
 * What could turn an answer that is short of recognised: data that is behind, unreadable, cut, or corrected since. Where
 * there is such a thing, nobody may say "no" plainly.
 */
import { newestCutMs } from './candidate.ts';
import type { ResultEvidence } from './evidence.ts';
import type { DataState } from './freshness.ts';
import type { ProvinceCode } from './regions.ts';
import { type Rule, takesFrom } from './rule.ts';
import type { Sifted } from './sift.ts';
import type { PersonView } from './view.ts';
import { endOfDayMs } from './window.ts';

/** The gravest first. */
export const DOUBTS = ['exchange_behind', 'province_behind', 'record_incomplete', 'history_cut', 'corrected_since'] as const;
export type Doubt = (typeof DOUBTS)[number];

export interface Incomplete {
  /** A record of this person could not be read. */
  readonly person: boolean;
  /** Records of these provinces could not be read, and whose they are isn't known; null: the province isn't known either. */
  readonly provinces: readonly (ProvinceCode | null)[];
}

interface Doubtful {
  readonly rule: Rule;
  readonly sifted: Sifted;
  /** The newest result, where it is a positive one that refuses. */
  readonly refusing: ResultEvidence | null;
  readonly view: PersonView | null;
  readonly data: DataState;
  readonly incomplete: Incomplete;
  readonly atMs: number;
}

/** What could turn an outcome short of recognised, if anything. */
export function doubtOf({ rule, sifted, refusing, view, data, incomplete, atMs }: Doubtful): Doubt | null {
  if (data.exchangeBehind) return 'exchange_behind';
  // A positive is lifted by a later negative from anywhere, or by its own retraction.
  if (data.behind.some(({ province }) => refusing !== null || takesFrom(rule.provinces, province))) return 'province_behind';
  if (incomplete.person || incomplete.provinces.length > 0) return 'record_incomplete';
  if (view !== null && cutCouldTurn(rule, refusing, view, atMs)) return 'history_cut';
  return sifted.correctedSince ? 'corrected_since' : null;
}

/** Whether the window reaches back to what was cut from the view. */
function cutCouldTurn(rule: Rule, refusing: ResultEvidence | null, view: PersonView, atMs: number): boolean {
  if (refusing !== null) return newestCutMs(view) > refusing.issuedAtMs;
  const { datedTestsCut, undatedTestsCut, samplingsCut } = view;
  for (const clause of rule.results) {
    const earliestMs = clause.window.earliestAnchorMs(atMs);
    if (datedTestsCut !== null && clause.latestAnchorOfCutMs(datedTestsCut) >= earliestMs) return true;
    if (undatedTestsCut !== null && clause.latestAnchorOfCutMs(undatedTestsCut) >= earliestMs) return true;
  }
  return samplingsCut !== null && rule.samplings.some(({ window }) => endOfDayMs(samplingsCut.newestDay) >= window.earliestAnchorMs(atMs));
}
