/**
 * How much of each broker a principal may take, so that none of them can starve the rest. Pure. Who isn't in it isn't
 * bounded: the materialiser follows all provinces together, and the operator copies whole logs.
 */

import { kindOf, type Principal } from '#exchange/identity/principals.ts';
import type { Quota } from '#platform/kafka/quotas.ts';

/**
 * A province's events of a day like Shanghai's on 4 April 2022 (CAPACITY.md) are a tenth of it. All 32 at once may be
 * more than a broker does; one alone isn't, nor ten.
 */
export const PROVINCE_QUOTA: Quota = { writesBytesPerSecond: 8 * 1024 * 1024, threadPercent: 100 };
/** It reads rules and keys, and writes nothing. */
export const LOOKUP_QUOTA: Quota = { writesBytesPerSecond: 1024 * 1024, threadPercent: 100 };

export function quotasOf(principals: Iterable<Principal>): ReadonlyMap<Principal, Quota> {
  return new Map(
    [...principals].flatMap((principal): [Principal, Quota][] => {
      if (kindOf(principal) === 'province') return [[principal, PROVINCE_QUOTA]];
      return principal === 'lookup' || principal === 'national' ? [[principal, LOOKUP_QUOTA]] : [];
    }),
  );
}
