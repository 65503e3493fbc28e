/** What a door would say of an event, said without one: by the same intake, at the clock that it is given. */

import { randomBytes } from 'node:crypto';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import type { Origins } from '#exchange/formats/location.ts';
import { callerHolding } from '#exchange/identity/caller.ts';
import { isImplausible } from '#exchange/intake/implausible.ts';
import { type Judge, judgeEvent, rawEventOf } from '#exchange/intake/judge.ts';
import type { Said } from './account.ts';
import { saidBy } from './report.ts';

export type Verdict =
  /** As the door would take it. */
  | { readonly kind: 'accepted'; readonly value: unknown }
  | { readonly kind: 'refused' | 'quarantined'; readonly said: Said };

export type LocalJudge = (json: string, origins: Origins) => Verdict;

/** Stands for the ids that a door makes: none is printed. */
const NO_ID = '00000000-0000-7000-8000-000000000000';

/** Of any province: whether somebody may send for it is the door's to say. */
export function judgeAt(nowMs: () => number, clockSkewMs: number): LocalJudge {
  const judge: Judge = {
    caller: callerHolding('national', { provinces: 'all' }),
    served: PROVINCE_CODES,
    deliveryFor: () => ({ eventId: NO_ID, acceptedAtMs: nowMs(), producerInstance: 'check' }),
    speaksForNation: true,
    // Of this one run: nobody is to be recognised by it.
    options: { secrets: [randomBytes(32)], clockSkewMs },
  };
  return (json, origins) => {
    const raw = rawEventOf(Buffer.from(json));
    const taken = judgeEvent(raw, judge);
    if (taken.ok) return { kind: 'accepted', value: raw.value };
    const { pointer, code, detail = '', hint = '' } = taken.refusal;
    const said = saidBy({ pointer, code, detail, hint }, origins);
    return { kind: isImplausible(code) ? 'quarantined' : 'refused', said };
  };
}
