/** A report of a made-up person in FHIR, which a test changes, and what the reader says of a file of it. */

import { expect } from 'vitest';
import type { TestReportedJson, VaccinationAdministeredJson } from '#exchange/formats/event-json.ts';
import { fhir } from '#exchange/formats/fhir/reader.ts';
import type { Item, MappingSettings } from '#exchange/formats/reader.ts';
import { chunksOf, collect, SETTINGS } from '#test/unit/exchange/formats/support.ts';

export type Json = Record<string, unknown>;
/** One entry's resource, made anew for each test, so that it may be changed. */
export type Parts = Record<'report' | 'patient' | 'laboratory' | 'specimen' | 'observation', Json>;

export const LOINC = 'http://loinc.org';
export const SNOMED = 'http://snomed.info/sct';
export const NEGATIVE = { coding: [{ system: SNOMED, code: '260415000', display: 'Not detected' }] };
export const POSITIVE = { coding: [{ system: SNOMED, code: '260373001', display: 'Detected' }] };
export const NI = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'NI' }] };
export const ANNA = '11010519491231002X';
export const to = (reference: string) => ({ reference });

export function parts(): Parts {
  return {
    report: {
      resourceType: 'DiagnosticReport',
      id: 'r',
      identifier: [{ type: { coding: [{ code: 'FILL' }] }, value: 'S-7' }],
      status: 'final',
      code: { coding: [{ system: LOINC, code: '94531-1' }] },
      subject: to('Patient/p'),
      issued: '2022-08-01T11:30:00+08:00',
      specimen: [to('Specimen/s')],
      result: [to('Observation/o')],
    },
    patient: {
      resourceType: 'Patient',
      id: 'p',
      identifier: [{ type: NI, value: ANNA }],
      gender: 'female',
      birthDate: '1949-12-31',
    },
    laboratory: { resourceType: 'Organization', id: 'l', name: 'Changsha Lab No. 1' },
    specimen: {
      resourceType: 'Specimen',
      id: 's',
      type: { coding: [{ system: SNOMED, code: '258500001' }] },
      receivedTime: '2022-08-01T09:00:00+08:00',
      collection: { collectedDateTime: '2022-08-01T08:12:00+08:00' },
    },
    observation: {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: { coding: [{ system: LOINC, code: '94500-6' }], text: 'SARS-CoV-2 RNA' },
      subject: to('Patient/p'),
      issued: '2022-08-01T10:00:00+08:00',
      performer: [to('Organization/l')],
      valueCodeableConcept: NEGATIVE,
      specimen: to('Specimen/s'),
    },
  };
}

export function bundleOf(resources: readonly Json[], type = 'collection'): Json {
  return { resourceType: 'Bundle', type, entry: resources.map((resource) => ({ resource })) };
}

/** The bundle of the report, changed. */
export function bundle(change: (changed: Parts) => void = () => undefined): Json {
  const changed = parts();
  change(changed);
  return bundleOf(Object.values(changed));
}

/** The observation without a bundle and a report, with all that it refers to contained in it. */
export function alone(): Json {
  const { observation, patient, specimen, laboratory } = parts();
  return {
    ...observation,
    identifier: [{ value: 'S-7' }],
    subject: to('#p'),
    specimen: to('#s'),
    performer: [to('#l')],
    contained: [patient, specimen, laboratory],
  };
}

export async function itemsOf(content: string | Uint8Array, settings: MappingSettings = SETTINGS) {
  return collect(fhir.read(chunksOf(content), settings)) as Promise<readonly Item[]>;
}

export interface Said {
  readonly sent: readonly TestReportedJson[];
  readonly doses: readonly VaccinationAdministeredJson[];
  /** As `Bundle.entry[4].resource: Bundle.entry[0].resource.issued is missing …`. */
  readonly refused: readonly string[];
  readonly ignored: readonly string[];
  readonly notes: readonly string[];
}

export async function said(document: unknown, settings: MappingSettings = SETTINGS): Promise<Said> {
  const isText = typeof document === 'string' || document instanceof Uint8Array;
  const items = await itemsOf(isText ? document : JSON.stringify(document), settings);
  const told = (kind: 'refused' | 'ignored' | 'note') =>
    items.flatMap((item) =>
      item.kind === kind ? item.faults.map(({ field, reason }) => `${item.within}: ${field} ${reason}`) : [],
    );
  const events = items.flatMap((item) =>
    item.kind === 'event' ? [JSON.parse(item.json) as TestReportedJson | VaccinationAdministeredJson] : [],
  );
  return {
    sent: events.filter((event) => event.type === 'TestReported'),
    doses: events.filter((event) => event.type === 'VaccinationAdministered'),
    refused: told('refused'),
    ignored: told('ignored'),
    notes: told('note'),
  };
}

/** Where the resources of `bundle` stand. */
export const OBSERVATION = 'Bundle.entry[4].resource';
export const REPORT = 'Bundle.entry[0].resource';
export const PATIENT = 'Bundle.entry[1].resource';
export const SPECIMEN = 'Bundle.entry[3].resource';

export async function eventOf(
  change: (changed: Parts) => void = () => undefined,
  settings: MappingSettings = SETTINGS,
) {
  const { sent, refused } = await said(bundle(change), settings);
  expect(refused).toEqual([]);
  return sent[0];
}
export async function refusedOf(
  change: (changed: Parts) => void,
  settings: MappingSettings = SETTINGS,
): Promise<string> {
  const { sent, refused } = await said(bundle(change), settings);
  expect(sent).toEqual([]);
  return refused.join('; ');
}
