/**
 * One Immunization as a dose for the door, or why it isn't taken. Only a code of a vaccine against COVID-19 makes a
 * dose of it; a wording alone never does. Pure.
 *
 * | event        | from                                                                  | when it's missing |
 * |--------------|-----------------------------------------------------------------------|-------------------|
 * | person       | Patient.identifier of `patient`, by its type                          | refused           |
 * | doseId       | Immunization.identifier                                               | refused           |
 * | status       | completed: final; entered-in-error: retracted; not-done: refused      | refused           |
 * |              | isSubpotent: refused                                                  |                   |
 * | product      | vaccineCode: its product, else display or text                        | refused           |
 * | manufacturer | Organization.name, or display                                         | refused           |
 * | doseNumber   | protocolApplied.doseNumber[x]                                         | refused           |
 * | givenAt      | occurrenceDateTime; a date stays a date                               | refused           |
 * | recordedAt   | recorded                                                              | null              |
 */

import type { Status } from '#core/events/events.ts';
import type { VaccinationAdministeredJson } from '#exchange/formats/event-json.ts';
import { fault, type FormatFault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { Origins } from '#exchange/formats/location.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { type Facts, faultsIn, nameOf, ownNumber, placedAt } from './facts.ts';
import type { Concept, Resource } from './schema.ts';
import type { Held } from './sources.ts';
import { firstOf, type Source, timeOrDateOf, zoneFor } from './times.ts';
import { namesCovid, productOf } from './vaccine-codes.ts';

type Immunization = Resource<'Immunization'>;

export type Dose =
  | { readonly kind: 'event'; readonly event: VaccinationAdministeredJson; readonly origins: Origins }
  | { readonly kind: 'refused' | 'ignored'; readonly faults: readonly FormatFault[] };

export function mapImmunization(held: Held, dose: Immunization, facts: Facts, settings: MappingSettings): Dose {
  const { path } = held;
  const vaccine = vaccineOf(dose.vaccineCode ?? {}, `${path}.vaccineCode`);
  if (vaccine.kind !== 'covid') return { kind: vaccine.kind, faults: [vaccine.fault] };
  const given = firstOf([`${path}.occurrenceDateTime`, dose.occurrenceDateTime]);
  const recordedFrom = firstOf([`${path}.recorded`, dose.recorded]);
  const zone = zoneFor([given, recordedFrom], settings.timeZone);
  const read = {
    person: facts.person(placedAt(held, 'patient', dose.patient), `${path}.patient`),
    doseId: numberOf(dose, path),
    status: statusOf(dose, path),
    potency: potencyOf(dose, path),
    product: nameOf(vaccine.product, 'send its name as vaccineCode.text'),
    manufacturer: manufacturerOf(held, dose, facts),
    doseNumber: doseNumberOf(dose, path),
    givenAt: given === null ? fault(`${path}.occurrence`, 'is missing', 'send when') : timeOrDateOf(given, zone),
    recordedAt: recordedFrom === null ? taken(null) : timeOf(recordedFrom, zone),
  };
  const { person, doseId, status, product, manufacturer, doseNumber, givenAt, recordedAt } = read;
  if (
    !(person.ok && doseId.ok && status.ok && read.potency.ok && product.ok && manufacturer.ok) ||
    !(doseNumber.ok && givenAt.ok && recordedAt.ok)
  )
    return { kind: 'refused', faults: faultsIn(Object.values(read)) };
  const event: VaccinationAdministeredJson = {
    type: 'VaccinationAdministered',
    person: person.value,
    province: settings.province,
    doseId: doseId.value,
    status: status.value,
    product: product.value,
    manufacturer: manufacturer.value,
    doseNumber: doseNumber.value,
    givenAt: givenAt.value,
    recordedAt: recordedAt.value,
  };
  return { kind: 'event', event, origins: originsOf(path) };
}

type Vaccine =
  | { readonly kind: 'covid'; readonly product: Source }
  | { readonly kind: 'refused' | 'ignored'; readonly fault: FormatFault };

function vaccineOf({ coding = [], text = '' }: Concept, path: string): Vaccine {
  const products = coding.map(({ system = '', code = '' }) => productOf(system, code));
  const texts = [text, ...coding.map(({ display = '' }) => display)].filter((one) => one.trim() !== '');
  const [known, another] = new Set(products.filter((one) => typeof one === 'string'));
  if (another !== undefined)
    return {
      kind: 'refused',
      fault: { field: path, reason: 'has the codes of several products', hint: 'send that of the one given' },
    };
  if (products.some((one) => one !== undefined))
    return { kind: 'covid', product: { path, text: known ?? texts[0] ?? '' } };
  return texts.some(namesCovid)
    ? {
        kind: 'refused',
        fault: {
          field: path,
          reason: 'names COVID-19 by a text alone, without a known code',
          hint: 'send the vaccine’s CVX, ATC or SNOMED CT code',
        },
      }
    : {
        kind: 'ignored',
        fault: { field: path, reason: 'is no vaccine against COVID-19', hint: 'nothing to send' },
      };
}

const STATUSES: Readonly<Record<string, Status>> = { completed: 'final', 'entered-in-error': 'retracted' };

function statusOf({ status = '' }: Immunization, path: string): Reading<Status> {
  const meaning = Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
  if (meaning !== undefined) return taken(meaning);
  return status === 'not-done'
    ? fault(
        `${path}.status`,
        'says that no dose was given (not-done)',
        'nothing to send; a dose that was reported is taken back with entered-in-error',
      )
    : fault(`${path}.status`, 'is no status that FHIR R4 has', 'send completed, or entered-in-error to take one back');
}

/** A modifier of R4: who overlooks it takes for a dose what protects nobody. */
function potencyOf({ isSubpotent, status }: Immunization, path: string): Reading<null> {
  return isSubpotent === true && status !== 'entered-in-error'
    ? fault(`${path}.isSubpotent`, 'says that the dose was too weak to count', 'nothing to send')
    : taken(null);
}

function numberOf({ identifier = [] }: Immunization, path: string): Reading<string> {
  const at = `${path}.identifier`;
  const source = ownNumber(identifier, at) ?? fault(at, 'holds no number of the dose', 'send the publisher’s own');
  return source.ok ? nameOf(source.value, 'send the publisher’s own number of the dose') : source;
}

function manufacturerOf(held: Held, { manufacturer }: Immunization, facts: Facts): Reading<string> {
  const at = `${held.path}.manufacturer`;
  const hint = 'send the name of the Organization that makes it';
  if ((manufacturer?.reference ?? '') === '') {
    const text = manufacturer?.display ?? manufacturer?.identifier?.value ?? '';
    return text === '' ? fault(at, 'is missing', hint) : nameOf({ path: at, text }, hint);
  }
  const source = facts.organisation(placedAt(held, 'manufacturer', manufacturer), at);
  return source.ok ? nameOf(source.value, hint) : source;
}

function doseNumberOf({ protocolApplied = [] }: Immunization, path: string): Reading<number> {
  const at = `${path}.protocolApplied`;
  const numbers = protocolApplied.map(
    ({ doseNumberPositiveInt, doseNumberString }) => doseNumberPositiveInt ?? Number(doseNumberString ?? Number.NaN),
  );
  const [number, another] = new Set(numbers);
  if (number === undefined || another !== undefined || !Number.isSafeInteger(number))
    return fault(`${at}.doseNumber`, 'is missing, several, or no number', 'send which dose it is, from 1');
  return taken(number);
}

function timeOf(source: Source, zone: string | null): Reading<string> {
  const time = timeOrDateOf(source, zone);
  return time.ok && !time.value.includes('T')
    ? fault(source.path, 'is a date without a time', 'send hours and minutes, or leave it out')
    : time;
}

function originsOf(path: string): Origins {
  return {
    '/person': `${path}.patient`,
    '/doseId': `${path}.identifier`,
    '/status': `${path}.status`,
    '/product': `${path}.vaccineCode`,
    '/manufacturer': `${path}.manufacturer`,
    '/doseNumber': `${path}.protocolApplied`,
    '/givenAt': `${path}.occurrenceDateTime`,
    '/recordedAt': `${path}.recorded`,
    '/province': '--province',
  };
}
