/**
 * Merges with one plausible mistake each, for the tests and the demo to prove that their checks can fail. Never used by
 * a service.
 */

import type { CodeAssigned, ExposureRecorded, PersonEvent, TestReported } from '#core/events/events.ts';
import { merge } from '#core/view/merge.ts';
import type { CodeRegister, PersonView, TestRegister } from '#core/view/view.ts';

type Merge = (view: PersonView, event: PersonEvent) => PersonView;

/** A merge that treats reports in its own way and leaves the rest alone. */
function forReports(treat: (view: PersonView, report: TestReported) => PersonView): Merge {
  return (view, event) => (event.type === 'TestReported' ? treat(view, event) : merge(view, event));
}

/** The same for assignments of codes, and for exposures. */
function forCodes(treat: (view: PersonView, assigned: CodeAssigned) => PersonView): Merge {
  return (view, event) => (event.type === 'CodeAssigned' ? treat(view, event) : merge(view, event));
}
function forExposures(treat: (view: PersonView, exposure: ExposureRecorded) => PersonView): Merge {
  return (view, event) => (event.type === 'ExposureRecorded' ? treat(view, event) : merge(view, event));
}

function mapDated(view: PersonView, change: (register: TestRegister) => TestRegister): PersonView {
  return { ...view, datedTests: view.datedTests.map(change) };
}

function isOf(report: TestReported) {
  return (register: TestRegister): boolean =>
    register.province === report.province &&
    register.laboratory === report.laboratory &&
    register.sampleId === report.sampleId;
}

export const PLANTED_BUGS: Readonly<Record<string, Merge>> = {
  'the status rank is ignored: the later issue wins': forReports((view, report) => {
    const known = view.datedTests.find(isOf(report));
    if (known === undefined || known.issuedAtMs >= report.reportIssuedAtMs) return merge(view, report);
    return merge({ ...view, datedTests: view.datedTests.filter((register) => register !== known) }, report);
  }),
  'the last to arrive wins among equals': forReports((view, report) => {
    const same = (register: TestRegister) =>
      isOf(report)(register) && register.status === report.status && register.issuedAtMs === report.reportIssuedAtMs;
    return merge({ ...view, datedTests: view.datedTests.filter((register) => !same(register)) }, report);
  }),
  'a retraction deletes, so that a late report revives the register': forReports((view, report) => {
    const merged = merge(view, report);
    return { ...merged, datedTests: merged.datedTests.filter((register) => register.status !== 'retracted') };
  }),
  'a retraction outranks whatever is issued after it': forReports((view, report) => {
    const isRetracted = view.datedTests.some((register) => isOf(report)(register) && register.status === 'retracted');
    return isRetracted && report.status !== 'retracted' ? view : merge(view, report);
  }),
  'a retraction is forgotten once a report stands after it': forReports((view, report) =>
    mapDated(merge(view, report), (register) => ({
      ...register,
      alsoKept: register.alsoKept === null ? null : { ...register.alsoKept, retractedThroughMs: null },
    })),
  ),
  'a report of a lower rank is forgotten though it was issued later': forReports((view, report) =>
    mapDated(merge(view, report), (register) => ({
      ...register,
      alsoKept: register.alsoKept === null ? null : { ...register.alsoKept, later: [] },
    })),
  ),
  'a cut remembers the first register that it dropped only': forReports((view, report) => {
    const merged = merge(view, report);
    return view.datedTestsCuts.length === 0 ? merged : { ...merged, datedTestsCuts: view.datedTestsCuts };
  }),
  'a cut forgets the latest issue': forReports((view, report) => {
    const merged = merge(view, report);
    return {
      ...merged,
      datedTestsCuts: merged.datedTestsCuts.map((cut) => ({
        ...cut,
        issuedAtMaxMs: Math.min(cut.issuedAtMaxMs, report.reportIssuedAtMs),
      })),
    };
  }),
  'one bound for all publishers: a register that was cut returns when another’s leave': forReports((view, report) => {
    const merged = merge(view, report);
    const cut = merged.datedTests[8];
    if (cut === undefined) return merged;
    return {
      ...merged,
      datedTests: merged.datedTests.slice(0, 8),
      datedTestsCuts: [{ province: cut.province, newestDay: cut.day, issuedAtMaxMs: cut.issuedAtMs }],
    };
  }),
  'the list is cut by time of issue instead of by key': forReports((view, report) => {
    const merged = merge(view, report);
    const own = view.datedTests.filter(({ province }) => province === report.province);
    if (own.length < 8 || own.some(isOf(report))) return merged;
    const oldest = own.sort((a, b) => a.issuedAtMs - b.issuedAtMs)[0] as TestRegister;
    return merge({ ...view, datedTests: view.datedTests.filter((register) => register !== oldest) }, report);
  }),
  'the day is that of UTC': forReports((view, report) => {
    const merged = merge(view, report);
    return mapDated(merged, (register) =>
      register.sampledAtMs === null ? register : { ...register, day: Math.floor(register.sampledAtMs / 86_400_000) },
    );
  }),
  'a green takes the province’s older codes away, so that it matters which came first': forCodes((view, assigned) => {
    const older = (register: CodeRegister) =>
      register.province === assigned.province && register.assignedAtMs < assigned.assignedAtMs;
    return merge(
      assigned.state === 'green' ? { ...view, codes: view.codes.filter((register) => !older(register)) } : view,
      assigned,
    );
  }),
  'a decision is identified by its number alone, whichever province decided': forCodes((view, assigned) =>
    merge(
      {
        ...view,
        codes: view.codes.filter(
          ({ decisionId, province }) => decisionId !== assigned.decisionId || province === assigned.province,
        ),
      },
      assigned,
    ),
  ),
  'what was cut of the codes isn’t remembered': forCodes((view, assigned) => ({
    ...merge(view, assigned),
    codesCuts: [],
  })),
  'what was cut of the codes is remembered by the version that counted alone': forCodes((view, assigned) =>
    merge(
      {
        ...view,
        codes: view.codes.map((register) => ({
          ...register,
          alsoKept: register.alsoKept === null ? null : { ...register.alsoKept, lastEndMs: null },
        })),
      },
      assigned,
    ),
  ),
  'an exposure that has an end is never one without again': forExposures((view, exposure) => {
    const merged = merge(view, exposure);
    return {
      ...merged,
      exposures: merged.exposures.map((register) => ({
        ...register,
        toMs:
          register.toMs ??
          view.exposures.find(
            ({ exposureId, day, province }) =>
              exposureId === register.exposureId && day === register.day && province === register.province,
          )?.toMs ??
          null,
      })),
    };
  }),
};
