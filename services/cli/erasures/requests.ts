/**
 * The erasures of a log as requests of people: what is hidden of each, and at which publishers the request is open.
 * Pure. A view holds no times of acceptance, so what a publisher sent after the request counts as open too.
 */

import type { PersonErased } from '#core/events/events.ts';
import type { PersonKey } from '#core/field/identity.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { PersonView } from '#core/view/view.ts';

export interface ErasureRequest {
  readonly key: PersonKey;
  /** The latest last. */
  readonly erasures: readonly [PersonErased, ...PersonErased[]];
}

/** One for each person, in the order of their first erasure. */
export function requestsOf(
  read: readonly { readonly key: PersonKey; readonly event: PersonErased }[],
): ErasureRequest[] {
  return [...Map.groupBy(read, ({ key }) => key.toString('hex')).values()].map((of) => ({
    key: (of[0] as (typeof of)[0]).key,
    erasures: of
      .map(({ event }) => event)
      .toSorted((a, b) => a.erasesThroughMs - b.erasesThroughMs) as unknown as ErasureRequest['erasures'],
  }));
}

/**
 * The publishers of whom the view still holds something, and of whom no erasure took all up to the person's latest
 * request. @param view the live one; null: nothing is held
 */
export function openAt({ erasures }: ErasureRequest, view: PersonView | null): ProvinceCode[] {
  if (view === null) return [];
  const latestMs = Math.max(...erasures.map(({ erasesThroughMs }) => erasesThroughMs));
  const isDone = (publisher: ProvinceCode): boolean =>
    erasures.some(
      ({ takes, province, erasesThroughMs }) =>
        erasesThroughMs === latestMs && (takes === 'all' || province === publisher),
    );
  return publishersIn(view).filter((publisher) => !isDone(publisher));
}

function publishersIn(view: PersonView): ProvinceCode[] {
  const { datedTests, undatedTests, samplings, doses, codes, exposures } = view;
  const lists = [datedTests, undatedTests, samplings, doses, codes, exposures];
  return [...new Set(lists.flatMap((registers) => registers.map(({ province }) => province)))].sort();
}
