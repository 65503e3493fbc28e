/**
 * The structure of ORU^R01 (HL7 v2.5.1 chapter 7.3.1): patients, their orders, each order's observations and specimen.
 * Never gives an observation to another patient or order than the one it follows, nor one sample to two orders that may
 * be of two.
 */

import type { MessageSpot } from '#exchange/formats/reader.ts';
import { absentSegment, type Segment } from './message.ts';

export interface Observation {
  readonly segment: Segment;
  /** `OBX 2`, or `OBR 2, OBX 1` in a message of several orders; counted from 1. */
  readonly within: string;
  /** The same in numbers. */
  readonly spot: MessageSpot;
  /** It stands behind the specimen, and tells about that. */
  readonly isOfSpecimen: boolean;
}

export interface Order {
  readonly pid: Segment;
  readonly orc: Segment;
  readonly obr: Segment;
  readonly observations: readonly Observation[];
  /** The order's own, or that of another order of the patient which says by OBR-3 that it's of the same sample. */
  readonly spm: Segment;
  /** Whether the specimen is the order's own. */
  readonly hasOwnSpecimen: boolean;
  /** There are several specimens, and which one the results are of can't be told. */
  readonly hasSeveralSpecimens: boolean;
  /** PID segments of two people stand before the order. */
  readonly isOfTwoPeople: boolean;
}

interface OpenOrder {
  readonly pid: Segment;
  readonly isOfTwoPeople: boolean;
  orc: Segment;
  readonly obr: Segment;
  readonly obxs: { readonly segment: Segment; readonly isOfSpecimen: boolean }[];
  readonly spms: Segment[];
}

export function ordersOf(segments: readonly Segment[]): readonly Order[] {
  const open = new Collector(segments).orders;
  const byPatient = Map.groupBy(open, ({ pid }) => pid);
  const specimens = new Map([...byPatient].map(([pid, orders]) => [pid, specimensByNumber(orders)]));
  return open.map((order, index) => ({
    pid: order.pid,
    orc: order.orc,
    obr: order.obr,
    isOfTwoPeople: order.isOfTwoPeople,
    observations: order.obxs.map(({ segment, isOfSpecimen }, at) => ({
      segment,
      isOfSpecimen,
      spot: { kind: 'observation', order: index + 1, observation: at + 1 },
      within: `${open.length > 1 ? `OBR ${index + 1}, ` : ''}OBX ${at + 1}`,
    })),
    hasOwnSpecimen: order.spms.length > 0,
    hasSeveralSpecimens: new Set(order.spms.map(sampleNumberOf)).size > 1,
    spm: order.spms[0] ?? specimens.get(order.pid)?.get(fillerNumberOf(order.obr)) ?? absentSegment('SPM'),
  }));
}

/** Which way round the segments stand is told by the first specimen: some write SPM before the order that it is of. */
class Collector {
  readonly orders: OpenOrder[] = [];
  #pid = absentSegment('PID');
  #isOfTwoPeople = false;
  #orc = absentSegment('ORC');
  #current: OpenOrder | null = null;
  #specimensAhead: Segment[] = [];
  #standsAhead = false;

  constructor(segments: readonly Segment[]) {
    for (const segment of segments) this.#take(segment);
    const last = this.orders.at(-1);
    if (last !== undefined && last.pid === this.#pid) last.spms.push(...this.#specimensAhead);
  }

  #take(segment: Segment): void {
    switch (segment.id) {
      case 'PID':
        return this.#patient(segment);
      case 'ORC':
        if (this.#current !== null && this.#current.obxs.length === 0 && this.#current.orc.lastField < 0)
          this.#current.orc = segment;
        else {
          this.#current = null;
          this.#orc = segment;
        }
        return;
      case 'OBR':
        this.#current = this.#begin(segment);
        return;
      case 'OBX': {
        const order = (this.#current ??= this.#begin(absentSegment('OBR')));
        order.obxs.push({
          segment,
          isOfSpecimen: order.obxs.length > 0 && order.spms.length > 0 && !this.#standsAhead,
        });
        return;
      }
      case 'SPM':
        return this.#specimen(segment);
    }
  }

  #patient(pid: Segment): void {
    const hasOrders = this.orders.some((order) => order.pid === this.#pid);
    this.#isOfTwoPeople =
      !hasOrders && this.#pid.lastField >= 0 && this.#pid.text(3, 1) !== pid.text(3, 1) && this.#pid.text(3, 1) !== '';
    this.#pid = pid;
    this.#current = null;
    this.#specimensAhead = [];
    this.#standsAhead = false;
  }

  #begin(obr: Segment): OpenOrder {
    const order: OpenOrder = {
      pid: this.#pid,
      isOfTwoPeople: this.#isOfTwoPeople,
      orc: this.#orc,
      obr,
      obxs: [],
      spms: this.#specimensAhead,
    };
    this.orders.push(order);
    this.#orc = absentSegment('ORC');
    this.#specimensAhead = [];
    return order;
  }

  #specimen(spm: Segment): void {
    if (this.#current === null && this.orders.at(-1)?.pid !== this.#pid) this.#standsAhead = true;
    if (this.#standsAhead || this.#current === null) this.#specimensAhead.push(spm);
    else this.#current.spms.push(spm);
  }
}

/** The specimens that alone have their order's number. */
function specimensByNumber(orders: readonly OpenOrder[]): ReadonlyMap<string, Segment> {
  const [first, ...others] = orders.flatMap((order) => order.spms.map((spm) => ({ spm, obr: order.obr })));
  if (first === undefined || others.length > 0) return new Map();
  return new Map([first.obr, absentSegment('OBR')].map((obr) => [fillerNumberOf(obr), first.spm]));
}

function fillerNumberOf(obr: Segment): string {
  return obr.text(3);
}

function sampleNumberOf(spm: Segment): string {
  return spm.part(2, 2, 1) === '' ? spm.part(2, 1, 1) : spm.part(2, 2, 1);
}
