/**
 * What erasures take from a view, and what no longer gets in after them. Erasures commute with each other and with
 * duplicates, whatever the view holds. It must never take what another publisher published, unless all is to go.
 */

import type { PersonErased, RegisterEvent } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { compareText } from '#core/field/text-order.ts';
import { type Cut, type PersonView, PUBLISHED, type PublisherErasure } from './view.ts';

/** Whether an erasure took the event before it came. */
export function isErased(
  { erasedThroughMs, publisherErasures }: PersonView,
  { province, acceptedAtMs }: RegisterEvent,
): boolean {
  if (erasedThroughMs !== null && acceptedAtMs <= erasedThroughMs) return true;
  return publisherErasures.some((erasure) => erasure.province === province && acceptedAtMs <= erasure.throughMs);
}

/**
 * Exact where all that the view holds of those concerned was accepted before the reach of the erasure ends: whoever
 * merges sees to that (exchange/fold/step.ts). What couldn't be read has no known time of acceptance, and stays marked.
 */
export function mergeErasure(view: PersonView, { takes, province, erasesThroughMs }: PersonErased): PersonView {
  const { erasedThroughMs, publisherErasures } = view;
  if (erasedThroughMs !== null && erasedThroughMs >= erasesThroughMs) return view;
  if (takes === 'own') return mergeOwn(view, { province, throughMs: erasesThroughMs });
  // What a publisher has after an erasure of its own that reaches further was accepted after this one's reach.
  const further = publisherErasures.filter(({ throughMs }) => throughMs > erasesThroughMs);
  const kept = new Set<ProvinceCode | null>(further.map((erasure) => erasure.province));
  return {
    ...withOnly(view, (publisher) => kept.has(publisher)),
    erasedThroughMs: erasesThroughMs,
    publisherErasures: further,
  };
}

function mergeOwn(view: PersonView, erasure: PublisherErasure): PersonView {
  const { province, throughMs } = erasure;
  const { publisherErasures } = view;
  if (publisherErasures.some((known) => known.province === province && known.throughMs >= throughMs)) return view;
  const others = publisherErasures.filter((known) => known.province !== province);
  return {
    ...withOnly(view, (publisher) => publisher !== province),
    publisherErasures: [...others, erasure].sort((a, b) => compareText(a.province, b.province)),
  };
}

/** Whether a view holds less than before of anybody's registers, or of what is known of those that were cut. */
export function holdsLess(after: PersonView, before: PersonView): boolean {
  return PUBLISHED.some((list) => after[list].length < before[list].length);
}

/** With the registers and cuts of these publishers alone. */
function withOnly(view: PersonView, stays: (publisher: ProvinceCode | null) => boolean): PersonView {
  const only = <T extends Cut>(list: readonly T[]): readonly T[] => list.filter(({ province }) => stays(province));
  return {
    ...view,
    datedTests: only(view.datedTests),
    datedTestsCuts: only(view.datedTestsCuts),
    undatedTests: only(view.undatedTests),
    undatedTestsCuts: only(view.undatedTestsCuts),
    samplings: only(view.samplings),
    samplingsCuts: only(view.samplingsCuts),
    doses: only(view.doses),
    dosesCuts: only(view.dosesCuts),
    codes: only(view.codes),
    codesCuts: only(view.codesCuts),
    exposures: only(view.exposures),
    exposuresCuts: only(view.exposuresCuts),
  };
}
