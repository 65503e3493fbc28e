/**
 * The one decision of whether a caller may do what it asks for: what it lacks for that, or null. Pure. It looks at what
 * the caller holds and nothing else, so it can't tell whether a person, or anything else, is there.
 */

import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { Caller, Mode } from './caller.ts';

/** What is done at the doors. */
export type Action =
  /** Without a province: whatever events the request may hold. @param type of the event */
  | { readonly kind: 'report'; readonly province?: ProvinceCode; readonly type?: string }
  /** Erasing what all publishers published. */
  | { readonly kind: 'erase-all' }
  /** Without destination and purpose: whatever the request may ask. */
  | { readonly kind: 'ask'; readonly mode: Mode }
  | { readonly kind: 'question'; readonly destination: ProvinceCode | 'all'; readonly purpose: Purpose }
  /** @param onBehalfOf whom the request names as who asks, through the caller */
  | { readonly kind: 'ask-for'; readonly onBehalfOf: string | null };

export interface Lack {
  /** To the field of the request that asks for more than is held. */
  readonly pointer?: string;
  readonly detail: string;
  readonly hint: string;
}

const ASK_THE_ISSUER = 'ask with a token whose client holds it; who runs the exchange registers what a client holds';

/** @returns what the caller would have to hold for it; null: it may */
export function lackOf(caller: Caller, action: Action): Lack | null {
  switch (action.kind) {
    case 'report':
      if (caller.id === 'mllp' && action.type !== undefined && action.type !== 'TestReported')
        return lack('the MLLP listener hands on results of tests, and nothing else', '/type');
      return mayReport(caller, action.province) ? null : lackOfProvince(action.province);
    case 'erase-all':
      return caller.id === 'national' ? null : lack('the caller is not the national role', '/takes');
    case 'ask':
      return caller.modes.has(action.mode) ? null : lack(`the caller does not hold the mode ${action.mode}`);
    case 'question':
      return lackForQuestion(caller, action.destination, action.purpose);
    case 'ask-for':
      return lackOnBehalf(caller, action.onBehalfOf);
  }
}

function mayReport({ provinces }: Caller, province: ProvinceCode | undefined): boolean {
  return province === undefined ? provinces.size > 0 : provinces.has(province);
}

function lackOfProvince(province: ProvinceCode | undefined): Lack {
  return province === undefined
    ? lack('the caller holds no province to report for')
    : lack(`the caller does not hold the province ${province}`, '/province');
}

function lackForQuestion(
  { destinations, purposes }: Caller,
  asked: ProvinceCode | 'all',
  purpose: Purpose,
): Lack | null {
  const missing = asked === 'all' ? ALL_DESTINATIONS - destinations.size : Number(!destinations.has(asked));
  if (missing > 0)
    return asked === 'all'
      ? lack('the caller does not hold all destinations')
      : lack(`the caller does not hold the destination ${asked}`, '/destination');
  return purposes.has(purpose) ? null : lack(`the caller does not hold the purpose ${purpose}`, '/purpose');
}

const ALL_DESTINATIONS = PROVINCE_CODES.length;

const ON_BEHALF = '/authorisation/onBehalfOf';

function lackOnBehalf({ isRelay }: Caller, onBehalfOf: string | null): Lack | null {
  if (isRelay === (onBehalfOf !== null)) return null;
  return isRelay
    ? {
        pointer: ON_BEHALF,
        detail: 'the caller asks for others, and must name whom it asks for',
        hint: 'name the office, station or gate that asks, as it is known to the caller',
      }
    : lack('the caller does not ask for others, and may name nobody', ON_BEHALF);
}

function lack(detail: string, pointer?: string): Lack {
  return { ...(pointer === undefined ? {} : { pointer }), detail, hint: ASK_THE_ISSUER };
}
