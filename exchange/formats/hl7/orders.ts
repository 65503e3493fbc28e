/**
 * The structure of ORU^R01 (HL7 v2.5.1 chapter 7.3.1): patients, their orders, each order's observations and specimen.
 * Never gives an observation to another patient or order than the one it follows.
 */

import { absentSegment, type Segment } from './message.ts';

export interface Observation {
  readonly segment: Segment;
  /** `OBX 2`, or `OBR 2, OBX 1` in a message of several orders; counted from 1. */
  readonly within: string;
}

export interface Order {
  readonly pid: Segment;
  readonly orc: Segment;
  readonly obr: Segment;
  readonly observations: readonly Observation[];
  /** The order's own, or the only one of the patient. */
  readonly spm: Segment;
}

interface OpenOrder {
  readonly pid: Segment;
  readonly orc: Segment;
  readonly obr: Segment;
  readonly obxs: Segment[];
  readonly spms: Segment[];
}

export function ordersOf(segments: readonly Segment[]): readonly Order[] {
  const open = collect(segments);
  return open.map((order, index) => ({
    pid: order.pid,
    orc: order.orc,
    obr: order.obr,
    observations: order.obxs.map((segment, at) => ({
      segment,
      within: `${open.length > 1 ? `OBR ${index + 1}, ` : ''}OBX ${at + 1}`,
    })),
    spm: order.spms[0] ?? onlySpecimenOf(order.pid, open) ?? absentSegment('SPM'),
  }));
}

function collect(segments: readonly Segment[]): readonly OpenOrder[] {
  const orders: OpenOrder[] = [];
  let pid = absentSegment('PID');
  let orc = absentSegment('ORC');
  let current: OpenOrder | null = null;
  const begin = (obr: Segment): OpenOrder => {
    const order = { pid, orc, obr, obxs: [], spms: [] };
    orders.push(order);
    orc = absentSegment('ORC');
    return order;
  };
  for (const segment of segments) {
    if (segment.id === 'PID' || segment.id === 'ORC') current = null;
    if (segment.id === 'PID') pid = segment;
    if (segment.id === 'ORC') orc = segment;
    if (segment.id === 'OBR') current = begin(segment);
    if (segment.id === 'OBX') (current ??= begin(absentSegment('OBR'))).obxs.push(segment);
    if (segment.id === 'SPM') current?.spms.push(segment);
  }
  return orders;
}

function onlySpecimenOf(pid: Segment, orders: readonly OpenOrder[]): Segment | undefined {
  const [first, ...others] = orders.filter((order) => order.pid === pid).flatMap((order) => order.spms);
  return others.length === 0 ? first : undefined;
}
