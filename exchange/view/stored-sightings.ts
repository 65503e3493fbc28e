/**
 * Sightings as they are stored: JSON beside the position, under a key of their own, for a look-up reads the freshness
 * with each answer and has no use for them. It must never say what they mean.
 */

import type { StoredSightings } from '#core/vouch/sightings.ts';

export function sightingsText(sightings: StoredSightings | undefined): string {
  return sightings === undefined ? '' : JSON.stringify(sightings);
}

/** Undefined: none are stored. */
export function parseSightings(stored: string | null | undefined): StoredSightings | undefined {
  return stored ? (JSON.parse(stored) as StoredSightings) : undefined;
}
