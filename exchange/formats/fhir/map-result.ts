/**
 * One observation, or one component of one, as an event for the door, or all that keeps it from being one. Pure.
 *
 * | event          | from                                                             | when it's missing           |
 * |----------------|------------------------------------------------------------------|-----------------------------|
 * | person         | Patient.identifier of the subject, by its type (person.ts)       | refused                     |
 * | province       | the sender: FHIR has no publisher                                | –                           |
 * | laboratory     | Organization.name of the performer of observation or report, of  | refused                     |
 * |                | MessageHeader.sender; the sender's settings                      |                             |
 * | sampleId       | DiagnosticReport.identifier; Specimen's (facts.ts)               | refused                     |
 * | status         | both statuses (status.ts)                                        | refused                     |
 * | method         | Observation.code (meaning.ts)                                    | refused                     |
 * | specimen       | Specimen.type                                                    | null                        |
 * | poolSize       | how many Specimen.parent are, or an extension (specimen.ts)      | null; pooled: refused       |
 * | sampledAt      | Specimen.collection; effective[x] of observation, of report      | null                        |
 * | accessionedOn  | the day, in Asia/Shanghai, of Specimen.receivedTime              | null                        |
 * | testedAt       | Observation.issued, to the second, where it has a report         | null                        |
 * | reportIssuedAt | DiagnosticReport.issued; without a report Observation.issued     | refused                     |
 * | result         | value[x] (value.ts)                                              | refused; retracted: invalid |
 */

import type { TestReportedJson } from '#exchange/formats/event-json.ts';
import { fault, type FormatFault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { Origins } from '#exchange/formats/location.ts';
import type { MappedResult } from '#exchange/formats/mapped-result.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { resultOfMember } from '#exchange/formats/result-rules.ts';
import type { Method } from '#exchange/formats/sars-cov-2-codes.ts';
import { dayIn, reportFaultOf, type TimeFields, timesInOrder } from '#exchange/formats/times-in-order.ts';
import { type Facts, faultsIn, nameOf, type Placed, placedAll, placedAt, type PlacedReference } from './facts.ts';
import type { Component, Resource } from './schema.ts';
import { poolSizeOf, type PlacedSpecimen, specimenKind, strangerOf } from './specimen.ts';
import { statusOf } from './status.ts';
import { firstOf, instantOf, type Source, timeOrDateOf, toSecond, zoneFor } from './times.ts';
import { resultOf } from './value.ts';

/** What is mapped: an observation's value, or that of a component of it. */
export interface Part {
  /** `Bundle.entry[7].resource`, or with `.component[1]`. */
  readonly path: string;
  readonly valued: Component;
  readonly observation: Placed<'Observation'>;
  readonly report: Placed<'DiagnosticReport'> | null;
  /** All specimens of the report and of its observations. */
  readonly specimens: Reading<readonly PlacedSpecimen[]>;
}

export function mapResult(part: Part, method: Method, facts: Facts, settings: MappingSettings): MappedResult {
  const { path, valued, observation, report } = part;
  const notes: FormatFault[] = [];
  const specimenRead = specimenOf(part, facts);
  const placed = specimenRead.ok ? specimenRead.value : null;
  const stranger = placed === null ? null : strangerOf(placed);
  const status = statusOf(statedBy(observation), report === null ? null : statedBy(report));
  const isRetracted = status.ok && status.value === 'retracted';
  const times = timesOf(part, placed, settings.timeZone, notes);
  const pool = poolSizeOf(placed, valued, report?.resource.code);
  const result = resultOf(valued, path, settings.resultWords);
  const read = {
    person: facts.person(subjectsOf(part, placed), `${observation.held.path}.subject`),
    laboratory: named(facts.laboratory(performersOf(part), `${observation.held.path}.performer`), SEND_LABORATORY),
    sampleId: named(
      facts.sampleId(observation, report, placed, !part.specimens.ok || part.specimens.value.length < 2),
      'send the laboratory’s own number of the sample',
    ),
    status,
    // What is taken back need not say what it was, nor how many samples its pool had.
    result: isRetracted ? taken(orElse(result, 'invalid' as const)) : result,
    poolSize: isRetracted ? taken(orElse(pool, null)) : pool,
    sampled: times.sampled,
    reported: times.reported,
  };
  const faults = [...(stranger === null ? [] : [stranger]), ...faultsIn([specimenRead, ...Object.values(read)])];
  const { person, laboratory, sampleId, poolSize, sampled, reported } = read;
  if (
    faults.length > 0 ||
    !(
      person.ok &&
      laboratory.ok &&
      sampleId.ok &&
      status.ok &&
      read.result.ok &&
      poolSize.ok &&
      sampled.ok &&
      reported.ok
    )
  )
    return { ok: false, faults };
  const reportIssuedAt = reported.value;
  const asked = { sampledAt: sampled.value, testedAt: times.tested, accessionedOn: times.accessionedOn };
  const fields = timeFieldsOf(part, placed);
  const ordered = timesInOrder({ ...asked, reportIssuedAt }, fields, notes);
  const late = reportFaultOf(ordered.sampledAt, reportIssuedAt, status.value, fields);
  if (late !== null) return { ok: false, faults: [late] };
  const event: TestReportedJson = {
    type: 'TestReported',
    person: person.value,
    province: settings.province,
    laboratory: laboratory.value.name,
    sampleId: sampleId.value.name,
    status: status.value,
    method,
    specimen: placed === null ? null : specimenKind(placed),
    poolSize: poolSize.value,
    ...ordered,
    reportIssuedAt,
    result: resultOfMember(read.result.value, poolSize.value),
  };
  const origins = {
    ...originsOf(part, placed),
    '/sampledAt': times.sampledFrom?.path ?? `${path}.effective`,
    '/laboratory': laboratory.value.path,
    '/sampleId': sampleId.value.path,
  };
  return { ok: true, event, origins, notes };
}

function statedBy({ held, resource }: Placed<'Observation'> | Placed<'DiagnosticReport'>) {
  return { path: `${held.path}.status`, status: resource.status };
}

function named(source: Reading<Source>, hint: string): Reading<{ readonly name: string; readonly path: string }> {
  if (!source.ok) return source;
  const name = nameOf(source.value, hint);
  return name.ok ? taken({ name: name.value, path: source.value.path }) : name;
}

function orElse<T, E>(reading: Reading<T>, otherwise: E): T | E {
  return reading.ok ? reading.value : otherwise;
}

/** The observation's own, or the only one of its report. */
function specimenOf({ observation, report, specimens }: Part, facts: Facts): Reading<PlacedSpecimen | null> {
  if (!specimens.ok) return specimens;
  const own = placedAt(observation.held, 'specimen', observation.resource.specimen);
  if (own.length > 0) {
    const found = facts.specimens(own);
    return found.ok ? taken(found.value[0] ?? null) : found;
  }
  const [only, another] = specimens.value;
  if (another !== undefined)
    return fault(
      `${report?.held.path ?? observation.held.path}.specimen`,
      'names several, and the observation none: of which sample the result is can’t be told',
      'send the specimen with each observation',
    );
  return taken(only ?? null);
}

function subjectsOf({ observation, report }: Part, placed: PlacedSpecimen | null): readonly PlacedReference[] {
  return [
    ...placedAt(observation.held, 'subject', observation.resource.subject),
    ...(report === null ? [] : placedAt(report.held, 'subject', report.resource.subject)),
    ...(placed === null ? [] : placedAt(placed.held, 'subject', placed.specimen.subject)),
  ];
}

function performersOf({ observation, report }: Part): readonly PlacedReference[] {
  const own = placedAll(observation.held, 'performer', observation.resource.performer);
  return own.length > 0 || report === null ? own : placedAll(report.held, 'performer', report.resource.performer);
}

function timesOf({ observation, report }: Part, placed: PlacedSpecimen | null, zone: string, notes: FormatFault[]) {
  const { path } = observation.held;
  const ofReport = report?.held.path ?? '';
  const { collection, receivedTime } = placed?.specimen ?? {};
  const sampledFrom = firstOf(
    [`${placed?.path}.collection.collectedDateTime`, collection?.collectedDateTime],
    [`${placed?.path}.collection.collectedPeriod.start`, collection?.collectedPeriod?.start],
    ...effectiveOf(path, observation.resource),
    ...effectiveOf(ofReport, report?.resource ?? {}),
  );
  const ownIssued = firstOf([`${path}.issued`, observation.resource.issued]);
  const issuedFrom = report === null ? ownIssued : firstOf([`${ofReport}.issued`, report.resource.issued]);
  const receivedFrom = firstOf([`${placed?.path}.receivedTime`, receivedTime]);
  const testedFrom = report === null ? null : ownIssued;
  const zoneIn = zoneFor([sampledFrom, issuedFrom, receivedFrom, testedFrom], zone);
  const optional = (source: Source | null, isTimeNeeded: boolean): string | null => {
    const time = source === null ? null : timeOrDateOf(source, zoneIn);
    if (source === null || time === null) return null;
    if (time.ok && (time.value.includes('T') || !isTimeNeeded)) return time.value;
    const { reason } = time.ok ? { reason: 'is a date without a time' } : time.fault;
    notes.push({ field: source.path, reason: `${reason}; the result is taken without it`, hint: 'send it in full' });
    return null;
  };
  const tested = optional(testedFrom, true);
  const received = optional(receivedFrom, false);
  return {
    sampledFrom,
    sampled: sampledFrom === null ? taken(null) : timeOrDateOf(sampledFrom, zoneIn),
    reported: instantOf(issuedFrom, `${report === null ? path : ofReport}.issued`, NOT_ISSUED, zoneIn),
    // By HL7 v2 a laboratory writes seconds: the same test is to be the same in both.
    tested: tested === null ? null : toSecond(tested),
    accessionedOn: received === null ? null : dayIn(received),
  };
}

type Effective = Pick<Resource<'Observation'>, 'effectiveDateTime' | 'effectiveInstant' | 'effectivePeriod'>;

function effectiveOf(path: string, resource: Effective) {
  return [
    [`${path}.effectiveDateTime`, resource.effectiveDateTime],
    [`${path}.effectiveInstant`, resource.effectiveInstant],
    [`${path}.effectivePeriod.start`, resource.effectivePeriod?.start],
  ] as const;
}

function timeFieldsOf({ observation, report }: Part, placed: PlacedSpecimen | null): TimeFields {
  return {
    testedAt: `${observation.held.path}.issued`,
    accessionedOn: `${placed?.path ?? 'Specimen'}.receivedTime`,
    reportIssuedAt: `${(report ?? observation).held.path}.issued`,
  };
}

function originsOf(part: Part, placed: PlacedSpecimen | null): Origins {
  const { path, observation } = part;
  const { testedAt, accessionedOn, reportIssuedAt } = timeFieldsOf(part, placed);
  const specimen = placed?.path ?? 'Specimen';
  return {
    '/person': `${observation.held.path}.subject`,
    '/status': `${observation.held.path}.status`,
    '/result': `${path}.value`,
    '/method': `${path}.code`,
    '/specimen': `${specimen}.type`,
    '/poolSize': `${specimen}.parent`,
    '/testedAt': testedAt,
    '/accessionedOn': accessionedOn,
    '/reportIssuedAt': reportIssuedAt,
    '/province': '--province',
  };
}

const NOT_ISSUED = 'is missing: when the report was issued isn’t known, and no other time can stand for it';
const SEND_LABORATORY = 'send the name of the Organization that has tested it';
