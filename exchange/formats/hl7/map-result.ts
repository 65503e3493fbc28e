/**
 * One OBX that reports a SARS-CoV-2 test, as an event for the door, or the list of what keeps it from being one.
 * Pure. Fields are those of HL7 v2.5.1; the first that is present is used, and one that is present but unreadable is a
 * fault, never a reason to use the next.
 *
 * | event             | from                                                            | when it's missing           |
 * |-------------------|-----------------------------------------------------------------|-----------------------------|
 * | person            | PID-3 by its type PID-3.5 (person.ts)                           | refused                     |
 * | province          | the operator: HL7 has no publisher                              | –                           |
 * | laboratory        | OBX-23.1 or its code, OBX-15.2, OBX-15.1, MSH-4.1, the operator | refused                     |
 * | sampleId          | SPM-2.2 (filler), SPM-2.1 (placer), OBR-3.1, ORC-3.1            | refused                     |
 * | status            | OBX-11, OBR-25 (status.ts)                                      | refused                     |
 * | method            | OBX-3, OBR-4, OBX-17 (observation.ts)                           | refused                     |
 * | run               | where the operator says that the laboratory puts it (run.ts)    | null                        |
 * | specimen          | SPM-4                                                           | null                        |
 * | poolSize          | SPM-13, where SPM-11 says that samples were pooled (L)          | null                        |
 * | sampledAt         | SPM-17.1, OBR-7, OBX-14; a date stays a date                    | null                        |
 * | accessionedOn     | the day, in Asia/Shanghai, of SPM-18                            | null                        |
 * | testedAt          | OBX-19                                                          | null                        |
 * | reportIssuedAt    | OBR-22 alone: MSH-7 is the message's time, new at each re-send  | refused                     |
 * | result            | OBX-5 (result.ts)                                               | refused; retracted: invalid |
 *
 * The code of OBX-23.1 is OBX-23.10: taken where the name is longer than the door takes.
 * A time without an offset has that of MSH-7, else the operator's. OBX-19 and SPM-18 decide nothing at a gate: where
 * they can't be read the result is taken without them, with a note.
 */

import { EVENT_LIMITS } from '#core/events/events.ts';
import { formatDay, parseTime, shanghaiDayOf } from '#core/field/time.ts';
import type { TestReportedJson } from '#exchange/formats/event-json.ts';
import { type FormatFault, fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { Origins } from '#exchange/formats/location.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import type { Segment } from './message.ts';
import type { Order } from './orders.ts';
import { personOf } from './person.ts';
import { resultOf } from './result.ts';
import { runFieldName, runOf } from './run.ts';
import type { Method } from './sars-cov-2-codes.ts';
import { specimenWord } from './specimen-codes.ts';
import { statusOf } from './status.ts';
import { isGarbled } from './text-encoding.ts';
import { parseTimestamp, type Timestamp } from './timestamp.ts';

export type MappedResult =
  | {
      readonly ok: true;
      readonly event: TestReportedJson;
      readonly origins: Origins;
      readonly notes: readonly FormatFault[];
    }
  | { readonly ok: false; readonly faults: readonly FormatFault[] };

/** A field's text, and its name. */
interface Source {
  readonly field: string;
  readonly text: string;
}

export function mapResult(
  msh: Segment,
  order: Order,
  obx: Segment,
  method: Method,
  settings: MappingSettings,
): MappedResult {
  const faults: FormatFault[] = [];
  const notes: FormatFault[] = [];
  const need = <T>(reading: Reading<T>): T | undefined => {
    if (reading.ok) return reading.value;
    faults.push(reading.fault);
    return undefined;
  };
  const { obr, orc, spm } = order;
  const sampledFrom = firstOf(['SPM-17', spm.part(17, 1, 1)], ['OBR-7', obr.text(7)], ['OBX-14', obx.text(14)]);
  const laboratoryFrom = laboratorySource(msh, obx, settings.laboratory);
  const sampleFrom = firstOf(
    ['SPM-2', spm.part(2, 2, 1)],
    ['SPM-2', spm.part(2, 1, 1)],
    ['OBR-3', obr.text(3)],
    ['ORC-3', orc.text(3)],
  );

  const person = need(personOf(order.pid, settings));
  const laboratory = need(
    nameOf(laboratoryFrom, 'OBX-23', 'names no laboratory', 'send its name there, or give --laboratory'),
  );
  const sampleId = need(
    nameOf(
      sampleFrom,
      'SPM-2',
      'holds no sample id, nor do OBR-3 and ORC-3',
      'send the laboratory’s own id of the sample',
    ),
  );
  const status = need(statusOf(obx, obr));
  const result = status === 'retracted' ? retractedResultOf(obx) : need(resultOf(obx));
  const sampledAt = sampledFrom === undefined ? null : need(timeOrDateOf(sampledFrom, settings.timeZone));
  const reportIssuedAt = need(timeOf({ field: 'OBR-22', text: obr.text(22) }, settings.timeZone));
  const run = need(runOf({ OBX: obx, OBR: obr, SPM: spm, ORC: orc, MSH: msh }, settings.runFrom));
  const testedAt = optionalTime({ field: 'OBX-19', text: obx.text(19) }, settings.timeZone, notes);
  const accessionedAt = optionalTime({ field: 'SPM-18', text: spm.text(18) }, settings.timeZone, notes);

  if (
    person === undefined ||
    laboratory === undefined ||
    sampleId === undefined ||
    status === undefined ||
    result === undefined ||
    sampledAt === undefined ||
    run === undefined ||
    reportIssuedAt === undefined
  ) {
    return { ok: false, faults };
  }
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
    poolSize: poolSizeOf(spm),
    sampledAt,
    accessionedOn: accessionedAt === null ? null : dayOf(accessionedAt),
    testedAt: testedAt !== null && testedAt.includes('T') ? testedAt : null,
    reportIssuedAt,
    result,
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

function firstOf(...candidates: readonly (readonly [field: string, text: string])[]): Source | undefined {
  const found = candidates.find(([, text]) => text !== '');
  return found === undefined ? undefined : { field: found[0], text: found[1] };
}

function laboratorySource(msh: Segment, obx: Segment, given: string | undefined): Source | undefined {
  const name = obx.text(23, 1);
  const organisation = name.length > EVENT_LIMITS.textCharsMax && obx.text(23, 10) !== '' ? obx.text(23, 10) : name;
  return firstOf(
    ['OBX-23', organisation],
    ['OBX-15', obx.text(15, 2)],
    ['OBX-15', obx.text(15, 1)],
    ['MSH-4', msh.text(4, 1)],
    ['--laboratory', given ?? ''],
  );
}

/** A text by which a sample is told from others: a shortened one could be another's, so a long one is refused. */
function nameOf(source: Source | undefined, field: string, missing: string, hint: string): Reading<string> {
  if (source === undefined) return fault(field, missing, hint);
  if (isGarbled(source.text))
    return fault(source.field, 'is not readable as text', 'send UTF-8, or name the encoding in MSH-18');
  if (source.text.length > EVENT_LIMITS.textCharsMax)
    return fault(
      source.field,
      `is longer than ${EVENT_LIMITS.textCharsMax} characters`,
      'send a shorter id; it is not cut, because it might then be another’s',
    );
  return taken(source.text);
}

function retractedResultOf(obx: Segment): TestReportedJson['result'] {
  const result = resultOf(obx);
  return result.ok ? result.value : 'invalid'; // what is taken back need not say what it was
}

function timeOrDateOf(source: Source, timeZone: string): Reading<string> {
  const time = parseTimestamp(source.text, timeZone);
  return 'iso' in time ? taken(time.iso) : unreadable(source.field, time);
}

function timeOf(source: Source, timeZone: string): Reading<string> {
  if (source.text === '')
    return fault(
      source.field,
      'is missing: when the report was issued isn’t known',
      'send when the laboratory released the result; the message’s own time (MSH-7) can’t stand for it',
    );
  const time = parseTimestamp(source.text, timeZone);
  if (time.kind === 'date')
    return fault(
      source.field,
      'is a date without a time, and a result’s validity is counted from the minute',
      'send hours and minutes: YYYYMMDDHHMM+ZZZZ',
    );
  return time.kind === 'time' ? taken(time.iso) : unreadable(source.field, time);
}

function unreadable(field: string, time: Timestamp): { readonly ok: false; readonly fault: FormatFault } {
  return fault(
    field,
    time.kind === 'coarse' ? 'does not say the day' : 'can’t be read as a time',
    'send YYYYMMDDHHMM[SS[.S]]+ZZZZ',
  );
}

function optionalTime(source: Source, timeZone: string, notes: FormatFault[]): string | null {
  if (source.text === '') return null;
  const time = timeOrDateOf(source, timeZone);
  if (time.ok) return time.value;
  notes.push({ ...time.fault, reason: `${time.fault.reason}; the result is taken without it` });
  return null;
}

/** As a day of Asia/Shanghai, so that the same instant written with another offset gives the same day. */
function dayOf(iso: string): string | null {
  const time = parseTime(iso);
  return time === null ? null : formatDay(shanghaiDayOf(time.atMs));
}

/** SPM-11 (table 0369): L is a pooled specimen. */
function poolSizeOf(spm: Segment): number | null {
  const size = Number(spm.text(13));
  return spm.text(11, 1) === 'L' && Number.isInteger(size) && size >= 1 && size <= EVENT_LIMITS.poolSizeMax
    ? size
    : null;
}
