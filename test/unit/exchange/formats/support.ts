/**
 * What the tests of the importer share: a laboratory's message with parts that a test can change, and ways to feed
 * bytes. Made-up people only.
 */

import { mapMessage, type MappedMessage } from '#exchange/formats/hl7/map-message.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';

export const SETTINGS: MappingSettings = { province: '43', timeZone: '+08:00' };
export const AS_PASSPORT: MappingSettings = { ...SETTINGS, documentType: 'passport', issuingCountry: 'USA' };

export interface MessageParts {
  readonly msh: Readonly<Record<number, string>>;
  readonly pid: Readonly<Record<number, string>>;
  readonly obr: Readonly<Record<number, string>>;
  readonly obx: readonly Readonly<Record<number, string>>[];
  readonly spm: Readonly<Record<number, string>> | null;
}

/** A negative RNA test of a made-up person with an 18-digit resident number, complete in all that the mapping reads. */
export const NEGATIVE_OBX: Readonly<Record<number, string>> = {
  2: 'CWE',
  3: '94500-6^SARS-CoV-2 RNA^LN',
  5: '260415000^Not detected^SCT',
  11: 'F',
  19: '202208011000',
  23: 'Changsha Lab No. 1',
};

export const COMPLETE: MessageParts = {
  msh: {
    3: 'LIS',
    4: 'Changsha Hospital',
    7: '20220801120000+0800',
    9: 'ORU^R01^ORU_R01',
    10: 'C-1',
    11: 'P',
    12: '2.5.1',
  },
  pid: { 3: '11010519491231002X^^^CHN^NI', 5: 'CANARYNAME^Given' },
  obr: { 3: 'F-1', 4: '94531-1', 7: '202208010800', 22: '202208011130', 25: 'F' },
  obx: [NEGATIVE_OBX],
  spm: { 2: 'P-7&LIS^S-7&LIS', 4: '258500001^Nasopharyngeal swab^SCT', 17: '202208010812', 18: '202208010900' },
};

export function message(changes: Partial<MessageParts> = {}): string {
  const parts = { ...COMPLETE, ...changes };
  const header = fields({ 2: '', ...parts.msh }).slice(2);
  return [
    `MSH|^~\\&|${header.slice(1).join('|')}`,
    segment('PID', parts.pid),
    segment('OBR', parts.obr),
    ...parts.obx.map((obx) => segment('OBX', obx)),
    ...(parts.spm === null ? [] : [segment('SPM', parts.spm)]),
  ].join('\r');
}

export function segment(id: string, values: Readonly<Record<number, string>>): string {
  return [id, ...fields(values).slice(1)].join('|');
}

function fields(values: Readonly<Record<number, string>>): readonly string[] {
  const last = Math.max(0, ...Object.keys(values).map(Number));
  return Array.from({ length: last + 1 }, (_, index) => values[index] ?? '');
}

export function map(text: string | Uint8Array, settings: MappingSettings = SETTINGS): MappedMessage {
  return mapMessage(typeof text === 'string' ? Buffer.from(text) : text, settings);
}

/** The faults of a message as `OBX 1 OBR-22 …reason`, without the remedies. */
export function faultsOf(mapped: MappedMessage): readonly string[] {
  return mapped.refused.flatMap(({ within, faults }) =>
    faults.map(({ field, reason }) => `${within === '' ? 'message' : within}: ${field} ${reason}`),
  );
}

export async function* chunksOf(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk as string);
}

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
