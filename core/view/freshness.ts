/**
 * How far the data that an answer rests on reaches: which of the 32 provinces are behind a bound, and whether the
 * exchange as a whole is. It says what can't be known; what follows from that is decided in decide.ts.
 */

import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import type { Freshness, Position } from './snapshot.ts';

export interface ProvinceBehind {
  readonly province: ProvinceCode;
  /** Null when nothing of it was ever seen here. */
  readonly watermarkMs: number | null;
}

export interface DataState {
  readonly behind: readonly ProvinceBehind[];
  /** Nothing of this partition was ever read, or no province is up to date: the fault is the exchange's own. */
  readonly exchangeBehind: boolean;
  /** The oldest watermark of a province that isn't behind; null when all are. */
  readonly asOfMs: number | null;
  /** The newest one; null when all are behind. */
  readonly freshestMs: number | null;
}

/** A producer instance that has not got anywhere yet says 0. */
const NEVER_MS = 0;

/**
 * @param boundMs a province whose watermark is older than this is behind; so is one whose watermark is ahead by more: a
 *   clock that was that wrong has claimed what it can't know, and would go on claiming it after the province has
 *   stopped
 */
export function assessData(position: Position | null, freshness: Freshness, nowMs: number, boundMs: number): DataState {
  const watermarks = oldestByProvince(freshness);
  const [oldestFreshMs, newestFreshMs] = [nowMs - boundMs, nowMs + boundMs];
  // As nearly always: everybody is up to date.
  if (watermarks.oldestMs > NEVER_MS && watermarks.oldestMs >= oldestFreshMs && watermarks.newestMs <= newestFreshMs)
    return position === null ? { ...watermarks.allFresh, exchangeBehind: true } : watermarks.allFresh;
  const behind: ProvinceBehind[] = [];
  let asOfMs = Number.POSITIVE_INFINITY;
  let freshestMs = Number.NEGATIVE_INFINITY;
  for (const [index, province] of PROVINCE_CODES.entries()) {
    const watermarkMs = watermarks.byIndex[index] ?? NEVER_MS;
    if (watermarkMs <= NEVER_MS) behind.push({ province, watermarkMs: null });
    else if (watermarkMs < oldestFreshMs || watermarkMs > newestFreshMs) behind.push({ province, watermarkMs });
    else {
      asOfMs = Math.min(asOfMs, watermarkMs);
      freshestMs = Math.max(freshestMs, watermarkMs);
    }
  }
  const noneFresh = asOfMs === Number.POSITIVE_INFINITY;
  return {
    behind,
    exchangeBehind: position === null || noneFresh,
    asOfMs: noneFresh ? null : asOfMs,
    freshestMs: noneFresh ? null : freshestMs,
  };
}

const NONE: readonly ProvinceBehind[] = [];

interface Watermarks {
  /** In the order of the provinces' codes. */
  readonly byIndex: readonly number[];
  readonly oldestMs: number;
  readonly newestMs: number;
  /** What is said of them while none is behind: it doesn't depend on the clock. */
  readonly allFresh: DataState;
}

/** A partition's freshness changes about once a second and is asked about thousands of times: its minima are kept. */
const KNOWN = new WeakMap<Freshness, Watermarks>();

function oldestByProvince(freshness: Freshness): Watermarks {
  const known = KNOWN.get(freshness);
  if (known !== undefined) return known;
  const oldest = new Map<ProvinceCode, number>();
  for (const { province, throughMs } of freshness.watermarks) {
    oldest.set(province, Math.min(throughMs, oldest.get(province) ?? Number.POSITIVE_INFINITY));
  }
  const byIndex = PROVINCE_CODES.map((province) => oldest.get(province) ?? NEVER_MS);
  const [oldestMs, newestMs] = [Math.min(...byIndex), Math.max(...byIndex)];
  const allFresh = { behind: NONE, exchangeBehind: false, asOfMs: oldestMs, freshestMs: newestMs };
  const watermarks = { byIndex, oldestMs, newestMs, allFresh };
  KNOWN.set(freshness, watermarks);
  return watermarks;
}
