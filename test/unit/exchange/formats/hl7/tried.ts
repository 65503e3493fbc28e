/** The message on which files of laboratories were tried, and what the reader says of a file made from it. */

import type { TestReportedJson } from '#exchange/formats/event-json.ts';
import { hl7 } from '#exchange/formats/hl7/reader.ts';
import type { Item, MappingSettings } from '#exchange/formats/reader.ts';
import { chunksOf, collect, SETTINGS } from '#test/unit/exchange/formats/support.ts';

export const MSH = 'MSH|^~\\&|LIS|Lab A|||20220801120000+0800||ORU^R01^ORU_R01|C-1|P|2.5.1';
export const PID = 'PID|||11010519491231002X^^^CHN^NI';
export const OBR = 'OBR|1||F-1|94531-1|||202208010800|||||||||||||||202208011130|||F';
export const OBX =
  'OBX|1|CWE|94500-6^SARS-CoV-2 RNA^LN||260415000^Not detected^SCT||||||F||||||||||||Changsha Lab No. 1';
export const SPM = 'SPM|1|^S-7||258500001^^SCT|||||||||||||202208010812|202208010900';
export const POS = 'OBX|2|CWE|94558-4^SARS-CoV-2 Ag^LN||260373001^Detected^SCT||||||F';
export const BASE = [MSH, PID, OBR, OBX, SPM].join('\r');

export interface Said {
  /** As `OBX 1 S-7 final negative`. */
  readonly events: readonly string[];
  readonly refused: readonly string[];
  readonly notes: readonly string[];
  readonly ignored: readonly string[];
  readonly file: readonly string[];
  readonly sent: readonly TestReportedJson[];
}

export async function said(content: string | Uint8Array, settings: MappingSettings = SETTINGS): Promise<Said> {
  const items: readonly Item[] = await collect(hl7.read(chunksOf(content), settings));
  const told = (kind: 'refused' | 'note' | 'ignored') =>
    items.flatMap((item) =>
      item.kind === kind ? item.faults.map(({ field, reason }) => `${item.within}: ${field} ${reason}`) : [],
    );
  const events = items.flatMap((item) =>
    item.kind === 'event' ? [{ within: item.within, event: JSON.parse(item.json) as TestReportedJson }] : [],
  );
  return {
    events: events.map(({ within, event }) => `${within} ${event.sampleId} ${event.status} ${event.result}`),
    sent: events.map(({ event }) => event),
    refused: told('refused'),
    notes: told('note'),
    ignored: told('ignored'),
    file: items.flatMap((item) => (item.kind === 'file_fault' ? [`${item.fault.field} ${item.fault.reason}`] : [])),
  };
}

export const withIn = (from: string, to: string) => BASE.replace(from, to);
