/** What the merge decides: whether an event that one province says in its own name can hide what another has said. */

import type { PersonEvent } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { HOUR_MS } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { provinceOfPrincipal } from '#exchange/identity/principals.ts';
import { personErased, testReported } from '#exercises/town/events.ts';
import type { Who } from './who.ts';

/** A result of the other's stands, and then one event comes that is about the same sample, or the same person. */
function hides(who: Who, province: ProvinceCode, saidBy: (own: ProvinceCode) => PersonEvent): boolean {
  const own = provinceOfPrincipal(who.name);
  if (own === null) return false;
  const view = merge(merge(EMPTY_VIEW, testReported({ province })), saidBy(own));
  return !view.datedTests.some((one) => one.province === province && one.status === 'final');
}

const { reportIssuedAtMs, acceptedAtMs } = testReported();

export const hidesByRetraction = (who: Who, province: ProvinceCode): boolean =>
  hides(who, province, (own) =>
    testReported({ province: own, status: 'retracted', reportIssuedAtMs: reportIssuedAtMs + HOUR_MS }),
  );

export const hidesByErasure = (who: Who, province: ProvinceCode): boolean =>
  hides(who, province, (own) => personErased({ province: own, takes: 'own', erasesThroughMs: acceptedAtMs + HOUR_MS }));
