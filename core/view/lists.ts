/**
 * The lists of a view: where a register belongs among its like, what no longer fits, and what is remembered of that. A
 * list's bound is each publisher's own. It must never drop a register for anything but its own key.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { compareText } from '#core/field/text-order.ts';
import { joinCodes, joinVersions, lastEndMsOf, lastIssuedMsOf } from './versions.ts';
import type {
  CodeRegister,
  CodesCut,
  Cut,
  DayCut,
  DoseRegister,
  ExposureRegister,
  SamplingRegister,
  TestRegister,
  TestsCut,
} from './view.ts';
import { VIEW_LIMITS } from './view.ts';

/** How registers of a kind are kept, whosever they are. */
interface Kind<R, C> {
  readonly order: (a: R, b: R) => number;
  readonly join: (known: R, incoming: R) => R;
  /** Of each publisher. */
  readonly max: number;
  readonly widen: (cuts: readonly C[], cut: R) => readonly C[];
}

export const DATED_TESTS: Kind<TestRegister, TestsCut> = {
  order: orderOfTests,
  join: joinVersions,
  max: VIEW_LIMITS.datedTestsMax,
  widen: widenTestsCuts,
};
export const UNDATED_TESTS: Kind<TestRegister, TestsCut> = { ...DATED_TESTS, max: VIEW_LIMITS.undatedTestsMax };
export const SAMPLINGS: Kind<SamplingRegister, DayCut> = {
  order: orderOfSamplings,
  join: joinVersions,
  max: VIEW_LIMITS.samplingsMax,
  widen: widenDayCuts,
};
export const DOSES: Kind<DoseRegister, Cut> = {
  order: orderOfDoses,
  join: joinVersions,
  max: VIEW_LIMITS.dosesMax,
  widen: widenCuts,
};
export const CODES: Kind<CodeRegister, CodesCut> = {
  order: orderOfCodes,
  join: joinCodes,
  max: VIEW_LIMITS.codesMax,
  widen: widenCodesCuts,
};
export const EXPOSURES: Kind<ExposureRegister, DayCut> = {
  order: orderOfExposures,
  join: joinVersions,
  max: VIEW_LIMITS.exposuresMax,
  widen: widenDayCuts,
};

/** The list and its cuts with one more register; each the same array when nothing in it changed. */
export function placeAmong<R extends OfPublisher, C>(
  list: readonly R[],
  cuts: readonly C[],
  register: R,
  kind: Kind<R, C>,
): { readonly kept: readonly R[]; readonly cuts: readonly C[] } {
  const { kept, cut } = place(list, register, kind);
  return { kept, cuts: cut === null ? cuts : kind.widen(cuts, cut) };
}

interface OfPublisher {
  readonly province: ProvinceCode;
}

interface Placed<R> {
  readonly kept: readonly R[];
  /** What no longer fits, if anything: always the lowest of its publisher's by `order`. */
  readonly cut: R | null;
}

/**
 * Puts a register among its like, highest first, joining it with the one of the same key. A publisher's list that has
 * been cut is full, and stays full but for what is too old to be kept, so a register once cut never returns: that's
 * what makes cutting independent of the order.
 */
function place<R extends OfPublisher, C>(list: readonly R[], incoming: R, { order, join, max }: Kind<R, C>): Placed<R> {
  let index = 0;
  let above = 0;
  for (const known of list) {
    const compared = order(known, incoming);
    if (compared === 0) {
      const joined = join(known, incoming);
      return { kept: joined === known ? list : list.with(index, joined), cut: null };
    }
    if (compared < 0) break;
    if (known.province === incoming.province) above += 1;
    index += 1;
  }
  if (above >= max) return { kept: list, cut: incoming };
  const kept = list.toSpliced(index, 0, incoming);
  if (kept.length <= max) return { kept, cut: null };
  const own = kept.filter(({ province }) => province === incoming.province);
  if (own.length <= max) return { kept, cut: null };
  const lowest = own.at(-1) as R;
  return { kept: kept.toSpliced(kept.lastIndexOf(lowest), 1), cut: lowest };
}

export function widenTestsCuts(cuts: readonly TestsCut[], cut: TestRegister): readonly TestsCut[] {
  return widened(cuts, cut.province, (before) => {
    const issuedAtMaxMs = Math.max(before?.issuedAtMaxMs ?? Number.NEGATIVE_INFINITY, lastIssuedMsOf(cut));
    const newestDay = cut.day === null ? null : Math.max(before?.newestDay ?? cut.day, cut.day);
    return before !== null && newestDay === before.newestDay && issuedAtMaxMs === before.issuedAtMaxMs
      ? before
      : { province: cut.province, newestDay, issuedAtMaxMs };
  });
}

export function widenDayCuts(
  cuts: readonly DayCut[],
  { province, day }: OfPublisher & { readonly day: number },
): readonly DayCut[] {
  return widened(cuts, province, (before) =>
    before !== null && before.newestDay >= day ? before : { province, newestDay: day },
  );
}

function widenCodesCuts(cuts: readonly CodesCut[], cut: CodeRegister): readonly CodesCut[] {
  return widened(cuts, cut.province, (before) => {
    const newestDay = Math.max(before?.newestDay ?? cut.day, cut.day);
    const endMs = Math.max(before?.lastEndMs ?? Number.NEGATIVE_INFINITY, lastEndMsOf(cut));
    const lastEndMs = endMs === Number.NEGATIVE_INFINITY ? null : endMs;
    return before !== null && newestDay === before.newestDay && lastEndMs === before.lastEndMs
      ? before
      : { province: cut.province, newestDay, lastEndMs };
  });
}

function widenCuts(cuts: readonly Cut[], { province }: OfPublisher): readonly Cut[] {
  return widened(cuts, province, (before) => before ?? { province });
}

/** The same array when a publisher's cut stays as it is. */
function widened<C extends Cut>(
  cuts: readonly C[],
  province: ProvinceCode,
  widen: (before: C | null) => C,
): readonly C[] {
  const index = cuts.findIndex((cut) => cut.province === province);
  const before = cuts[index] ?? null;
  const after = widen(before);
  if (after === before) return cuts;
  return before === null ? [...cuts, after].sort(byProvince) : cuts.with(index, after);
}

/** The unknown one first. */
function byProvince(a: Cut, b: Cut): number {
  return compareText(a.province ?? '', b.province ?? '');
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
