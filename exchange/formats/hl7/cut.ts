/**
 * Whether what a message says of an order would still hold if the input had been cut at its end. A file that was cut
 * looks like a shorter one, so an order is taken only where nothing that might have followed could change its register,
 * status or time.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import type { Segment } from './message.ts';
import type { Order } from './orders.ts';
import type { Ending } from './standing.ts';

/** The field behind the last one that decides: where it has begun, all before it is whole. */
const WHOLE_FROM: Readonly<Record<string, number>> = { SPM: 18, OBX: 24 };
/** Before v2.5, which brought SPM and OBX-18 to 25. */
const WHOLE_FROM_OLD: Readonly<Record<string, number>> = { OBX: 16 };
const FULL_TIME = /^\d{12,14}(\.\d{1,9})?[+-]\d{4}$/;

/** @returns for each order what keeps it from being taken as whole, or null */
export function openOrdersOf(
  segments: readonly Segment[],
  orders: readonly Order[],
  ending: Ending,
): ReadonlyMap<Order, FormatFault> {
  const open = new Map<Order, FormatFault>();
  const last = orders.at(-1);
  if (ending === 'proven' || last === undefined) return open;
  const isOld = sendsNoSpecimen(segments[0]);
  if (ending === 'open' && endsWithin(segments.at(-1), last, isOld)) open.set(last, WITHIN);
  for (const order of orders) {
    const mayGetSpecimen =
      !order.hasOwnSpecimen &&
      order.pid === last.pid &&
      (order === last || last.observations.length === 0 || order.obr.text(3) === last.obr.text(3));
    if (mayGetSpecimen && !isOld && order.obr.text(15) === '' && !open.has(order)) open.set(order, NO_SPECIMEN);
  }
  return open;
}

function sendsNoSpecimen(msh: Segment | undefined): boolean {
  return /^2\.[1-4](\.|$)/.test(msh?.text(12) ?? '');
}

/** Whether the very last field may go on in a way that changes what the last order says. */
function endsWithin(
  segment: Segment | undefined,
  { spm, hasOwnSpecimen, observations }: Order,
  isOld: boolean,
): boolean {
  if (segment === undefined) return true;
  if (segment.id === 'SPM' && segment === spm) return !isWhole(segment);
  if (segment.id === 'OBX') {
    if (hasOwnSpecimen && observations.at(-1)?.isOfSpecimen === true) return false;
    return segment.lastField < ((isOld ? WHOLE_FROM_OLD : WHOLE_FROM)['OBX'] as number);
  }
  // The beginning of another patient or order: nothing behind it is of the orders before.
  return segment.id === 'OBR' && observations.length === 0 ? false : segment.id === 'SPM';
}

function isWhole(spm: Segment): boolean {
  if (spm.lastField >= (WHOLE_FROM['SPM'] as number)) return true;
  return spm.lastField === 17 && FULL_TIME.test(spm.text(17));
}

const HOW = 'send it whole; let something follow that shows its end, as MLLP, a batch’s trailer or a next message does';

const WITHIN: FormatFault = {
  field: '',
  reason: 'the input ends within the segment, where it may have been cut',
  hint: HOW,
};
const NO_SPECIMEN: FormatFault = {
  field: 'SPM',
  reason: 'is missing at the end of the input, which may have been cut before it',
  hint: `send the sample in SPM, or its kind in OBR-15 where there is none; ${HOW}`,
};
