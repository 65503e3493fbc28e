/**
 * The one merge rule: view × event → view. Any multiset of a person's events, in any order and with any duplicates,
 * gives the same view (invariant *Order-free* in DESIGN.md). So nothing here may look at an arrival time, an event id or
 * the order of calls, and a register is never dropped for anything but its own key.
 */
import { hash } from 'node:crypto';
import type { Delivery, PersonEvent, SamplingRecorded, Status, TestReported, VaccinationAdministered } from './events.ts';
import { shanghaiDayOf } from './time.ts';
import type {
  DoseRegister,
  PersonView,
  SamplingRegister,
  SamplingsCut,
  TestRegister,
  TestsCut,
  UnreadableRecord,
  Version,
} from './view.ts';
import { VIEW_LIMITS } from './view.ts';

/** The view after one more event; the same object when the event changes nothing. */
export function merge(view: PersonView, event: PersonEvent): PersonView {
  switch (event.type) {
    case 'TestReported':
      return mergeTest(view, testRegisterOf(event));
    case 'SamplingRecorded':
      return mergeSampling(view, samplingRegisterOf(event));
    case 'VaccinationAdministered':
      return mergeDose(view, doseRegisterOf(event));
  }
}

/** The view after a record with this person's key turned out to be unreadable. */
export function mergeUnreadable(view: PersonView, record: UnreadableRecord): PersonView {
  const order = (a: UnreadableRecord, b: UnreadableRecord) => compareText(b.topic, a.topic) || b.offset - a.offset;
  const { kept, cut } = place(view.unreadable, record, order, (known) => known, VIEW_LIMITS.unreadableMax);
  if (kept === view.unreadable && (cut === null || view.unreadableCut)) return view;
  return { ...view, unreadable: kept, unreadableCut: view.unreadableCut || cut !== null };
}

function mergeTest(view: PersonView, register: TestRegister): PersonView {
  const dated = register.day !== null;
  const list = dated ? view.datedTests : view.undatedTests;
  const before = dated ? view.datedTestsCut : view.undatedTestsCut;
  const max = dated ? VIEW_LIMITS.datedTestsMax : VIEW_LIMITS.undatedTestsMax;
  const { kept, cut } = place(list, register, orderOfTests, laterTest, max);
  const after = cut === null ? before : widenTestsCut(before, cut);
  if (kept === list && after === before) return view;
  return dated
    ? { ...view, datedTests: kept, datedTestsCut: after }
    : { ...view, undatedTests: kept, undatedTestsCut: after };
}

function mergeSampling(view: PersonView, register: SamplingRegister): PersonView {
  const { kept, cut } = place(view.samplings, register, orderOfSamplings, later, VIEW_LIMITS.samplingsMax);
  const after = cut === null ? view.samplingsCut : widenSamplingsCut(view.samplingsCut, cut);
  if (kept === view.samplings && after === view.samplingsCut) return view;
  return { ...view, samplings: kept, samplingsCut: after };
}

function mergeDose(view: PersonView, register: DoseRegister): PersonView {
  const { kept, cut } = place(view.doses, register, orderOfDoses, later, VIEW_LIMITS.dosesMax);
  if (kept === view.doses && (cut === null || view.dosesCut)) return view;
  return { ...view, doses: kept, dosesCut: view.dosesCut || cut !== null };
}

interface Placed<R> {
  /** The same array when nothing in it changed. */
  readonly kept: readonly R[];
  /** What no longer fits, if anything: always the lowest by `order`. */
  readonly cut: R | null;
}

/**
 * Puts a register among its like, highest first, joining it with the one of the same key. A list that has been cut is
 * full and stays full, so a register once cut never returns: that's what makes cutting independent of the order.
 */
function place<R>(
  list: readonly R[],
  incoming: R,
  order: (a: R, b: R) => number,
  join: (known: R, incoming: R) => R,
  max: number,
): Placed<R> {
  let index = 0;
  for (const known of list) {
    const compared = order(known, incoming);
    if (compared === 0) {
      const joined = join(known, incoming);
      return { kept: joined === known ? list : list.with(index, joined), cut: null };
    }
    if (compared < 0) break;
    index += 1;
  }
  if (index >= max) return { kept: list, cut: incoming };
  const kept = list.toSpliced(index, 0, incoming);
  return { kept, cut: kept.length > max ? (kept.pop() as R) : null };
}

const STATUS_RANK: Readonly<Record<Status, number>> = { preliminary: 0, final: 1, corrected: 2, retracted: 3 };

/** Positive when `a` is the later version: by status rank, then time of issue, then content. Zero only if identical. */
export function compareVersions(a: Version, b: Version): number {
  return (
    STATUS_RANK[a.status] - STATUS_RANK[b.status] ||
    a.issuedAtMs - b.issuedAtMs ||
    Buffer.compare(a.contentHash, b.contentHash)
  );
}

function later<R extends Version>(known: R, incoming: R): R {
  return compareVersions(incoming, known) > 0 ? incoming : known;
}

function laterTest(known: TestRegister, incoming: TestRegister): TestRegister {
  const winner = later(known, incoming);
  const issuedAtMaxMs = Math.max(known.issuedAtMaxMs, incoming.issuedAtMaxMs);
  return winner.issuedAtMaxMs === issuedAtMaxMs ? winner : { ...winner, issuedAtMaxMs };
}

function widenTestsCut(before: TestsCut | null, cut: TestRegister): TestsCut {
  if (before === null) return { newestDay: cut.day, issuedAtMaxMs: cut.issuedAtMaxMs };
  const newestDay = cut.day === null ? null : Math.max(before.newestDay ?? cut.day, cut.day);
  const issuedAtMaxMs = Math.max(before.issuedAtMaxMs, cut.issuedAtMaxMs);
  return newestDay === before.newestDay && issuedAtMaxMs === before.issuedAtMaxMs ? before : { newestDay, issuedAtMaxMs };
}

function widenSamplingsCut(before: SamplingsCut | null, cut: SamplingRegister): SamplingsCut {
  return before !== null && before.newestDay >= cut.day ? before : { newestDay: cut.day };
}

/** By code unit, so that every process orders alike, whatever its locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function orderOfTests(a: TestRegister, b: TestRegister): number {
  return (
    (a.day ?? 0) - (b.day ?? 0) ||
    compareText(a.province, b.province) ||
    compareText(a.laboratory, b.laboratory) ||
    compareText(a.sampleId, b.sampleId)
  );
}

function orderOfSamplings(a: SamplingRegister, b: SamplingRegister): number {
  return (
    a.day - b.day ||
    compareText(a.province, b.province) ||
    compareText(a.site, b.site) ||
    compareText(a.sampleId, b.sampleId)
  );
}

function orderOfDoses(a: DoseRegister, b: DoseRegister): number {
  return compareText(a.province, b.province) || compareText(a.doseId, b.doseId);
}

function testRegisterOf(event: TestReported): TestRegister {
  return {
    day: event.sampledAtMs === null ? event.accessionedOnDay : shanghaiDayOf(event.sampledAtMs),
    province: event.province,
    laboratory: event.laboratory,
    sampleId: event.sampleId,
    status: event.status,
    issuedAtMs: event.reportIssuedAtMs,
    contentHash: contentHashOf(event),
    result: event.result,
    method: event.method,
    sampledAtMs: event.sampledAtMs,
    sampledAtPrecision: event.sampledAtPrecision,
    testedAtMs: event.testedAtMs,
    issuedAtMaxMs: event.reportIssuedAtMs,
  };
}

function samplingRegisterOf(event: SamplingRecorded): SamplingRegister {
  return {
    day: shanghaiDayOf(event.sampledAtMs),
    province: event.province,
    site: event.site,
    sampleId: event.sampleId,
    status: event.status,
    issuedAtMs: event.recordedAtMs,
    contentHash: contentHashOf(event),
    sampledAtMs: event.sampledAtMs,
    sampledAtPrecision: event.sampledAtPrecision,
  };
}

function doseRegisterOf(event: VaccinationAdministered): DoseRegister {
  return {
    province: event.province,
    doseId: event.doseId,
    status: event.status,
    issuedAtMs: event.recordedAtMs,
    contentHash: contentHashOf(event),
    product: event.product,
    manufacturer: event.manufacturer,
    doseNumber: event.doseNumber,
    givenAtMs: event.givenAtMs,
    givenAtPrecision: event.givenAtPrecision,
  };
}

/** What an event states, without its delivery, in the order of the names. */
const CONTENT_FIELDS: Readonly<Record<PersonEvent['type'], readonly string[]>> = {
  TestReported: fieldsOf<TestReported>({ accessionedOnDay: 0, laboratory: 0, method: 0, poolSize: 0, province: 0, reportIssuedAtMs: 0, result: 0, sampleId: 0, sampledAtMs: 0, sampledAtPrecision: 0, specimen: 0, status: 0, testedAtMs: 0, tubeId: 0, type: 0 }),
  SamplingRecorded: fieldsOf<SamplingRecorded>({ province: 0, recordedAtMs: 0, sampleId: 0, sampledAtMs: 0, sampledAtPrecision: 0, site: 0, status: 0, tubeId: 0, type: 0 }),
  VaccinationAdministered: fieldsOf<VaccinationAdministered>({ doseId: 0, doseNumber: 0, givenAtMs: 0, givenAtPrecision: 0, manufacturer: 0, product: 0, province: 0, recordedAtMs: 0, status: 0, type: 0 }),
};

/** A record of all the fields, so that one that is added to an event and forgotten here doesn't compile. */
function fieldsOf<E extends PersonEvent>(fields: Readonly<Record<Exclude<keyof E, keyof Delivery>, 0>>): readonly string[] {
  return Object.keys(fields).sort(compareText);
}

/**
 * What an event states, as text that is equal for equal content. Fields that are null are left out, so that a field
 * added to the schema later doesn't change the content of what was written before.
 */
export function contentOf(event: PersonEvent): string {
  const values = event as unknown as Readonly<Record<string, string | number | null>>;
  const content: [string, string | number][] = [];
  for (const name of CONTENT_FIELDS[event.type]) {
    const value = values[name];
    if (value !== null && value !== undefined) content.push([name, value]);
  }
  return JSON.stringify(content);
}

function contentHashOf(event: PersonEvent): Buffer {
  return hash('sha256', contentOf(event), 'buffer').subarray(0, 8);
}
