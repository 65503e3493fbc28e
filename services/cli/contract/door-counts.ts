/** What doors have answered since they were started, by province: read from their metrics. Pure but for the asking. */

import { describeError } from '#platform/errors.ts';
import { fetchAs } from '#platform/fetch-as.ts';
import type { Identity } from '#platform/tls.ts';

export interface DoorCounts {
  readonly accepted: number;
  readonly refused: number;
  /** Of events that were only checked. */
  readonly checked: number;
  readonly checkedRefused: number;
}

export const NO_COUNTS: DoorCounts = { accepted: 0, refused: 0, checked: 0, checkedRefused: 0 };

export interface DoorsAsked {
  /** By province; empty where no door was asked. */
  readonly counts: ReadonlyMap<string, DoorCounts>;
  readonly asked: number;
  /** What is said of those that didn't answer. */
  readonly away: readonly string[];
}

const ASKED_MS_MAX = 5_000;

/** @param identity as whom they are asked, for doors show their metrics to few */
export async function askDoors(urls: readonly string[], identity: Identity): Promise<DoorsAsked> {
  const ask = fetchAs(identity);
  const away: string[] = [];
  const texts = await Promise.all(
    urls.map(async (url) => {
      try {
        const response = await ask(new URL('/metrics', url).href, { signal: AbortSignal.timeout(ASKED_MS_MAX) });
        if (response.ok) return await response.text();
        away.push(`${url} answered ${response.status}`);
      } catch (error) {
        away.push(`${url}: ${describeError(error)}`);
      }
      return '';
    }),
  );
  return { counts: countsIn(texts), asked: urls.length, away };
}

const SAMPLE = /^hutong_events(_checked)?_total\{province="(\d\d)",outcome="([a-z]+)"\} (\d+)$/gm;

/** Of several doors together. */
export function countsIn(texts: readonly string[]): ReadonlyMap<string, DoorCounts> {
  const counts = new Map<string, DoorCounts>();
  for (const [, checked, province = '', outcome, number] of texts.flatMap((text) => [...text.matchAll(SAMPLE)])) {
    const known = counts.get(province) ?? NO_COUNTS;
    const isRefused = outcome === 'refused';
    // A duplicate was accepted before; what was unavailable is sent again.
    const field =
      checked === undefined
        ? isRefused
          ? 'refused'
          : outcome === 'accepted'
            ? 'accepted'
            : null
        : isRefused
          ? 'checkedRefused'
          : 'checked';
    if (field !== null) counts.set(province, { ...known, [field]: known[field] + Number(number) });
  }
  return counts;
}
