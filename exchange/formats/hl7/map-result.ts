/**
 * One OBX that reports a SARS-CoV-2 test, as an event for the door, or the list of what keeps it from being one.
 * Pure. Fields are those of HL7 v2.5.1; the first that is present is used, and one that is present but unreadable is a
 * fault, never a reason to use the next.
 *
 * | event             | from                                                            | when it's missing           |
 * |-------------------|-----------------------------------------------------------------|-----------------------------|
 * | person            | PID-3 by its type PID-3.5 (person.ts)                           | refused                     |
 * | province          | the operator: HL7 has no publisher                              | –                           |
 * | laboratory        | OBX-23.1 or its code, OBX-15.2, OBX-15.1, those of the order's  | refused                     |
 * |                   | other OBX, MSH-4.1, the operator                                | refused                     |
 * | sampleId          | SPM-2.2 (filler), SPM-2.1 (placer), OBR-3.1, ORC-3.1            | refused                     |
 * | status            | OBX-11, OBR-25 (status.ts)                                      | refused                     |
 * | method            | OBX-3, OBR-4 (observation.ts)                                   | refused                     |
 * | run               | where the operator says that the laboratory puts it (run.ts)    | null                        |
 * | specimen          | SPM-4                                                           | null                        |
 * | poolSize          | SPM-13, or the test's or sample's name; pooled without: refused | null                        |
 * | sampledAt         | SPM-17.1, OBR-7, OBX-14; a date stays a date                    | null                        |
 * | accessionedOn     | the day, in Asia/Shanghai, of SPM-18                            | null                        |
 * | testedAt          | OBX-19                                                          | null                        |
 * | reportIssuedAt    | OBR-22 alone: MSH-7 is the message's time, new at each re-send  | refused                     |
 * | result            | OBX-5 (result.ts)                                               | refused; retracted: invalid |
 *
 * The code of OBX-23.1 is OBX-23.10: taken where the name is longer than the door takes.
 * A time without an offset has that of MSH-7, else the operator's (time-zones.ts). OBX-19 and SPM-18 decide nothing at
 * a gate: where they can't be read, or contradict the other times, the result is taken without them, with a note.
 */

import type { TestReportedJson } from '#exchange/formats/event-json.ts';
import { type FormatFault, fault, type Reading } from '#exchange/formats/format-fault.ts';
import type { Origins } from '#exchange/formats/location.ts';
import type { MappedResult } from '#exchange/formats/mapped-result.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { resultOfMember } from '#exchange/formats/result-rules.ts';
import type { Method } from '#exchange/formats/sars-cov-2-codes.ts';
import { specimenWord } from '#exchange/formats/specimen-codes.ts';
import { dayIn, reportFaultOf, type TimeFields, timesInOrder } from '#exchange/formats/times-in-order.ts';
import type { Segment } from './message.ts';
import { firstOf, laboratorySource, nameOf, type OrderFacts } from './order-facts.ts';
import { resultOf } from './result.ts';
import { runFieldName, runOf } from './run.ts';
import { poolSizeOf } from './specimen.ts';
import { statusOf } from './status.ts';
import { type Source, timeOrDateOf, type Zones } from './time-zones.ts';

const TIME_FIELDS: TimeFields = { testedAt: 'OBX-19', accessionedOn: 'SPM-18', reportIssuedAt: 'OBR-22' };

export function mapResult(
  msh: Segment,
  facts: OrderFacts,
  obx: Segment,
  method: Method,
  settings: MappingSettings,
): MappedResult {
  const faults: FormatFault[] = [...facts.faults];
  const notes: FormatFault[] = [];
  const need = <T>(reading: Reading<T>): T | undefined => {
    if (reading.ok) return reading.value;
    faults.push(reading.fault);
    return undefined;
  };
  const { obr, orc, spm } = facts.order;
  const { zones, sampleFrom } = facts;
  const sampledFrom = facts.sampledFrom ?? firstOf(['OBX-14', obx.text(14)]);
  const laboratoryFrom = laboratorySource(msh, obx, facts, settings.laboratory);

  const person = need(facts.person);
  const laboratory = need(
    nameOf(laboratoryFrom, 'OBX-23', 'names no laboratory', 'send its name there, or give --laboratory'),
  );
  const sampleId = need(facts.sampleId);
  const status = need(statusOf(obx, obr));
  const result = status === 'retracted' ? retractedResultOf(obx, settings) : need(resultOf(obx, settings.resultWords));
  // What is taken back need not say how many samples its pool had.
  const poolSize = status === 'retracted' ? retractedPoolOf(spm, obx, obr) : need(poolSizeOf(spm, obx, obr));
  const sampled = sampledFrom === undefined ? null : need(timeOrDateOf(sampledFrom, zones));
  const reportIssuedAt = need(facts.reportIssuedAt);
  const tested = optionalTime({ field: 'OBX-19', text: obx.text(19) }, zones, notes);
  const accessioned = optionalTime({ field: 'SPM-18', text: spm.text(18) }, zones, notes);
  const run = need(runOf({ OBX: obx, OBR: obr, SPM: spm, ORC: orc, MSH: msh }, settings.runFrom));

  if (
    faults.length > 0 ||
    person === undefined ||
    laboratory === undefined ||
    sampleId === undefined ||
    status === undefined ||
    result === undefined ||
    run === undefined ||
    poolSize === undefined ||
    sampled === undefined ||
    reportIssuedAt === undefined
  ) {
    return { ok: false, faults };
  }
  const accessionedOn = accessioned === null ? null : dayIn(accessioned);
  const times = timesInOrder(
    { sampledAt: sampled, testedAt: tested, accessionedOn, reportIssuedAt },
    TIME_FIELDS,
    notes,
  );
  const late = reportFaultOf(times.sampledAt, reportIssuedAt, status, TIME_FIELDS);
  if (late !== null) return { ok: false, faults: [late] };
  const event: TestReportedJson = {
    type: 'TestReported',
    person,
    province: settings.province,
    laboratory,
    sampleId,
    ...(run === null ? {} : { run }),
    status,
    method,
    specimen: specimenWord([
      [spm.text(4, 1), spm.text(4, 3)],
      [spm.text(4, 4), spm.text(4, 6)],
    ]),
    poolSize,
    ...times,
    reportIssuedAt,
    result: resultOfMember(result, poolSize),
  };
  const runOrigin = settings.runFrom === undefined ? {} : { '/run': runFieldName(settings.runFrom) };
  return { ok: true, event, notes, origins: { ...originsOf(sampledFrom, laboratoryFrom, sampleFrom), ...runOrigin } };
}

function originsOf(sampled?: Source, laboratory?: Source, sample?: Source): Origins {
  return {
    '/person': 'PID-3',
    '/status': 'OBX-11',
    '/result': 'OBX-5',
    '/method': 'OBX-3',
    '/specimen': 'SPM-4',
    '/poolSize': 'SPM-13',
    '/testedAt': 'OBX-19',
    '/accessionedOn': 'SPM-18',
    '/reportIssuedAt': 'OBR-22',
    '/province': '--province',
    '/sampledAt': sampled?.field ?? 'SPM-17',
    '/laboratory': laboratory?.field ?? 'OBX-23',
    '/sampleId': sample?.field ?? 'SPM-2',
  };
}

function retractedResultOf(obx: Segment, { resultWords }: MappingSettings): TestReportedJson['result'] {
  const result = resultOf(obx, resultWords);
  return result.ok ? result.value : 'invalid'; // what is taken back need not say what it was
}

function retractedPoolOf(spm: Segment, obx: Segment, obr: Segment): number | null {
  const size = poolSizeOf(spm, obx, obr);
  return size.ok ? size.value : null;
}

function optionalTime(source: Source, zones: Zones, notes: FormatFault[]): string | null {
  if (source.text === '') return null;
  const time = timeOrDateOf(source, zones);
  if (time.ok && (source.field !== 'OBX-19' || time.value.includes('T'))) return time.value;
  const reading = time.ok ? fault(source.field, 'is a date without a time', 'send hours and minutes') : time;
  notes.push({ ...reading.fault, reason: `${reading.fault.reason}; the result is taken without it` });
  return null;
}
