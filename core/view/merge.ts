/**
 * The one merge rule: view × event → view. Any multiset of a person's events, in any order and with any duplicates,
 * gives the same view (invariant *Order-free* in DESIGN.md). So nothing here may look at an arrival time, an event id
 * or the order of calls, and a register is never dropped for anything but its own key.
 */

import type { PersonEvent } from '#core/events/events.ts';
import { isErased, mergeErasure } from './erasure.ts';
import {
  CODES,
  DATED_TESTS,
  DOSES,
  EXPOSURES,
  placeAmong,
  SAMPLINGS,
  UNDATED_TESTS,
  widenDayCuts,
  widenTestsCuts,
} from './lists.ts';
import { codeRegisterOf, doseRegisterOf, exposureRegisterOf, samplingRegisterOf, testRegisterOf } from './registers.ts';
import type {
  CodeRegister,
  DoseRegister,
  ExposureRegister,
  PersonView,
  SamplingRegister,
  TestRegister,
} from './view.ts';

export { mergeSettled, mergeUnreadable } from './unreadable.ts';

/** The view after one more event; the same object when the event changes nothing. */
export function merge(view: PersonView, event: PersonEvent): PersonView {
  if (event.type === 'PersonErased') return mergeErasure(view, event);
  if (isErased(view, event)) return view;
  switch (event.type) {
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
    datedTestsCuts: datedTests.filter(isOld).reduce(widenTestsCuts, view.datedTestsCuts),
    samplings: samplings.filter((register) => !isOld(register)),
    samplingsCuts: samplings.filter(isOld).reduce(widenDayCuts, view.samplingsCuts),
  };
}

const NEVER_OLD = { day: null };

function mergeTest(view: PersonView, register: TestRegister): PersonView {
  if (register.day === null) {
    const { kept, cuts } = placeAmong(view.undatedTests, view.undatedTestsCuts, register, UNDATED_TESTS);
    if (kept === view.undatedTests && cuts === view.undatedTestsCuts) return view;
    return { ...view, undatedTests: kept, undatedTestsCuts: cuts };
  }
  const { kept, cuts } = placeAmong(view.datedTests, view.datedTestsCuts, register, DATED_TESTS);
  if (kept === view.datedTests && cuts === view.datedTestsCuts) return view;
  return { ...view, datedTests: kept, datedTestsCuts: cuts };
}

function mergeSampling(view: PersonView, register: SamplingRegister): PersonView {
  const { kept, cuts } = placeAmong(view.samplings, view.samplingsCuts, register, SAMPLINGS);
  if (kept === view.samplings && cuts === view.samplingsCuts) return view;
  return { ...view, samplings: kept, samplingsCuts: cuts };
}

function mergeDose(view: PersonView, register: DoseRegister): PersonView {
  const { kept, cuts } = placeAmong(view.doses, view.dosesCuts, register, DOSES);
  if (kept === view.doses && cuts === view.dosesCuts) return view;
  return { ...view, doses: kept, dosesCuts: cuts };
}

function mergeCode(view: PersonView, register: CodeRegister): PersonView {
  const { kept, cuts } = placeAmong(view.codes, view.codesCuts, register, CODES);
  if (kept === view.codes && cuts === view.codesCuts) return view;
  return { ...view, codes: kept, codesCuts: cuts };
}

function mergeExposure(view: PersonView, register: ExposureRegister): PersonView {
  const { kept, cuts } = placeAmong(view.exposures, view.exposuresCuts, register, EXPOSURES);
  if (kept === view.exposures && cuts === view.exposuresCuts) return view;
  return { ...view, exposures: kept, exposuresCuts: cuts };
}
