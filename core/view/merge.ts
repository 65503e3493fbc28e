/**
 * The one merge rule: view × event → view. Any multiset of a person's events, in any order and with any duplicates,
 * gives the same view (invariant *Order-free* in DESIGN.md). So nothing here may look at an arrival time, an event id
 * or the order of calls, and a register is never dropped for anything but its own key.
 */

import type { PersonErased, PersonEvent, Status } from '#core/events/events.ts';
import { compareText } from '#core/field/text-order.ts';
import { codeRegisterOf, doseRegisterOf, exposureRegisterOf, samplingRegisterOf, testRegisterOf } from './registers.ts';
import type {
  CodeRegister,
  DayCut,
  DoseRegister,
  ExposureRegister,
  PersonView,
  SamplingRegister,
  TestRegister,
  TestsCut,
  Version,
} from './view.ts';
import { EMPTY_VIEW, VIEW_LIMITS } from './view.ts';

export { mergeSettled, mergeUnreadable } from './unreadable.ts';

/** The view after one more event; the same object when the event changes nothing. */
export function merge(view: PersonView, event: PersonEvent): PersonView {
  if (view.erasedThroughMs !== null && event.acceptedAtMs <= view.erasedThroughMs && event.type !== 'PersonErased')
    return view;
  switch (event.type) {
    case 'PersonErased':
      return mergeErasure(view, event);
    case 'TestReported':
      return mergeTest(view, testRegisterOf(event));
    case 'SamplingRecorded':
      return mergeSampling(view, samplingRegisterOf(event));
    case 'VaccinationAdministered':
      return mergeDose(view, doseRegisterOf(event));
    case 'CodeAssigned':
      return mergeCode(view, codeRegisterOf(event));
    case 'ExposureRecorded':
      return mergeExposure(view, exposureRegisterOf(event));
  }
}

/**
 * Takes everything away. Exact where all that is in the view was accepted before the reach of the erasure ends: whoever
 * merges sees to that (materialiser/step.ts). What couldn't be read has no known time of acceptance, and stays marked.
 */
function mergeErasure(view: PersonView, { erasesThroughMs }: PersonErased): PersonView {
  if (view.erasedThroughMs !== null && view.erasedThroughMs >= erasesThroughMs) return view;
  const { unreadable, unreadableBounds } = view;
  return { ...EMPTY_VIEW, unreadable, unreadableBounds, erasedThroughMs: erasesThroughMs };
}

/**
 * Cuts the tests and samplings of samples taken before a day, as if the list had been too long: by key alone, and
 * remembered. Since the day only ever moves on, cutting sooner or later comes to the same.
 */
export function cutTestsBefore(view: PersonView, firstDay: number): PersonView {
  const { datedTests, samplings } = view;
  const isOld = ({ day }: { readonly day: number | null }): boolean => day !== null && day < firstDay;
  // The oldest is the last: mostly nothing is old, and nothing is made.
  if (!isOld(datedTests.at(-1) ?? NEVER_OLD) && !isOld(samplings.at(-1) ?? NEVER_OLD)) return view;
  return {
    ...view,
    datedTests: datedTests.filter((register) => !isOld(register)),
    datedTestsCut: datedTests.filter(isOld).reduce(widenTestsCut, view.datedTestsCut),
    samplings: samplings.filter((register) => !isOld(register)),
    samplingsCut: samplings.filter(isOld).reduce(widenCut, view.samplingsCut),
  };
}

const NEVER_OLD = { day: null };

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
  const placed = placeByDay(view.samplings, view.samplingsCut, register, orderOfSamplings, VIEW_LIMITS.samplingsMax);
  return placed === null ? view : { ...view, samplings: placed.kept, samplingsCut: placed.cut };
}

function mergeDose(view: PersonView, register: DoseRegister): PersonView {
  const { kept, cut } = place(view.doses, register, orderOfDoses, later, VIEW_LIMITS.dosesMax);
  if (kept === view.doses && (cut === null || view.dosesCut)) return view;
  return { ...view, doses: kept, dosesCut: view.dosesCut || cut !== null };
}

function mergeCode(view: PersonView, register: CodeRegister): PersonView {
  const placed = placeByDay(view.codes, view.codesCut, register, orderOfCodes, VIEW_LIMITS.codesMax);
  return placed === null ? view : { ...view, codes: placed.kept, codesCut: placed.cut };
}

function mergeExposure(view: PersonView, register: ExposureRegister): PersonView {
  const placed = placeByDay(view.exposures, view.exposuresCut, register, orderOfExposures, VIEW_LIMITS.exposuresMax);
  return placed === null ? view : { ...view, exposures: placed.kept, exposuresCut: placed.cut };
}

interface Placed<R> {
  /** The same array when nothing in it changed. */
  readonly kept: readonly R[];
  /** What no longer fits, if anything: always the lowest by `order`. */
  readonly cut: R | null;
}

/**
 * Puts a register among its like, highest first, joining it with the one of the same key. A list that has been cut is
 * full, and stays full but for what is too old to be kept, so a register once cut never returns: that's what makes
 * cutting independent of the order.
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

/** The same for a list whose cut remembers a day; null when neither list nor cut changed. */
function placeByDay<R extends Version & { readonly day: number }>(
  list: readonly R[],
  before: DayCut | null,
  register: R,
  order: (a: R, b: R) => number,
  max: number,
): { readonly kept: readonly R[]; readonly cut: DayCut | null } | null {
  const { kept, cut } = place(list, register, order, later, max);
  const after = cut === null ? before : widenCut(before, cut);
  return kept === list && after === before ? null : { kept, cut: after };
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
  return newestDay === before.newestDay && issuedAtMaxMs === before.issuedAtMaxMs
    ? before
    : { newestDay, issuedAtMaxMs };
}

function widenCut(before: DayCut | null, cut: { readonly day: number }): DayCut {
  return before !== null && before.newestDay >= cut.day ? before : { newestDay: cut.day };
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

function orderOfCodes(a: CodeRegister, b: CodeRegister): number {
  return a.day - b.day || compareText(a.province, b.province) || compareText(a.decisionId, b.decisionId);
}

function orderOfExposures(a: ExposureRegister, b: ExposureRegister): number {
  return a.day - b.day || compareText(a.province, b.province) || compareText(a.exposureId, b.exposureId);
}
