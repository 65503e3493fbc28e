/**
 * All that a door asks of one event before it publishes it, in the door's order: may its sender report it, does the
 * door publish for its province, is it right. Pure. The door asks it of what it takes and of what it only checks, and
 * the contract kit of a sample: nobody may have rules of events of its own.
 */

import { FAULTS } from '#core/events/event-faults.ts';
import type { Delivery } from '#core/events/events.ts';
import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';
import { readEventJson } from '#exchange/formats/json/read.ts';
import type { Caller } from '#exchange/identity/caller.ts';
import { lackOf } from '#exchange/identity/lack.ts';
import { type Refusal, refusalOf } from '#platform/problems.ts';
import { formFaultOf, type IntakeOptions, provinceIn, refused, type Taken, takeEvent, takesAll } from './intake.ts';

export interface RawEvent {
  readonly value: unknown;
  readonly line?: number;
  /** Set where it can’t be read as JSON. */
  readonly refusal?: Refusal;
}

/** @param bytes of one event, without blanks around them */
export function rawEventOf(bytes: Uint8Array): RawEvent {
  const read = readEventJson(bytes);
  if (read.ok) return { value: read.value };
  const { why, pointer, byte } = read;
  const said = byte === undefined ? {} : { detail: `is not UTF-8 from byte ${byte} of the event on` };
  return { value: null, refusal: refusalOf(why, pointer, said) };
}

export interface Judge {
  /** No other province's events are taken than those that it holds. */
  readonly caller: Caller;
  /** Whom the door publishes for. */
  readonly served: Iterable<ProvinceCode>;
  /** What the door adds to an event of a province; null: it doesn't publish for that one. */
  readonly deliveryFor: (province: ProvinceCode) => Delivery | null;
  /** Whether the door may tag as the national role: without that nobody would take what it says in that one's name. */
  readonly speaksForNation: boolean;
  readonly options: IntakeOptions;
}

export function judgeEvent(raw: RawEvent, { caller, served, deliveryFor, speaksForNation, options }: Judge): Taken {
  const named = provinceIn(raw.value);
  const province = named !== null && isProvinceCode(named) ? named : null;
  const refusal = raw.refusal ?? notEntitled(caller, province, raw.value);
  if (refusal !== null) return refused(refusal);
  if (takesAll(raw.value) && !speaksForNation)
    return refused(refusalOf('province-not-served', '/takes', NOT_FOR_NATION));
  const delivery = province === null ? null : deliveryFor(province);
  if (delivery === null) return refused(formFaultOf(raw.value) ?? unknownProvince(province, served));
  return takeEvent(raw.value, delivery, options);
}

const NOT_FOR_NATION = {
  detail: 'this producer does not publish for the national role',
  hint: 'send it to the producer of the national role',
};

/** A province that there isn't is a mistake in the event, whoever sends it. */
function notEntitled(caller: Caller, province: ProvinceCode | null, value: unknown): Refusal | null {
  if (province === null) return null;
  const { type } = value as { readonly type?: unknown };
  const lack = lackOf(caller, { kind: 'report', province, ...(typeof type === 'string' ? { type } : {}) });
  if (lack !== null) return refusalOf('not-entitled', lack.pointer ?? '/province', lack);
  return takesAll(value) && lackOf(caller, { kind: 'erase-all' }) !== null
    ? refusalOf('not-the-national-role', '/takes')
    : null;
}

function unknownProvince(province: ProvinceCode | null, served: Iterable<ProvinceCode>): Refusal {
  return province === null
    ? { pointer: '/province', ...FAULTS.unknownProvince }
    : refusalOf('province-not-served', '/province', {
        hint: `send it to that province’s producer; this one publishes for ${[...served].join(', ')}`,
      });
}
