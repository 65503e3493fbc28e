/**
 * Files of 4 MB that somebody made to cost much: each is read or refused, and none takes its thread long. It is told
 * by the thread's processor time, generously, for a second on an idle machine is several on a busy one. The worst took
 * 27 s before; now all but those of a million rows in quotation marks take less than one.
 */

import { zstdCompressSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { readFile } from '#exchange/readers/read-file.ts';
import type { SenderProfile } from '#exchange/readers/sender-profile.ts';
import { BASE, MSH, OBR, OBX, PID, SPM } from '#test/unit/exchange/formats/hl7/tried.ts';
import { HEADER, MAPPING, ROW, rowOf } from '#test/unit/exchange/formats/sheet/mapped-sheet.ts';
import { SETTINGS } from '#test/unit/exchange/formats/support.ts';

const PROFILE: SenderProfile = { settings: SETTINGS, sheet: MAPPING };
const BYTES = 4 * 1024 * 1024;
const BOUNDS = { bytesMax: BYTES, recordsMax: 10_000 };
const CPU_MS_MAX = 8_000;

/** A head and a tail, and between them as many of something as a file of 4 MB can hold. */
function filled(unit: string, head = '', tail = ''): Buffer {
  const room = BYTES - Buffer.byteLength(head + tail);
  return Buffer.from(head + unit.repeat(Math.floor(room / Buffer.byteLength(unit))) + tail);
}

const EMPTY_FRAME = zstdCompressSync('');
const TOP = [MSH, PID, OBR].join('\r');
const inObx = (unit: string, before: string, after: string) =>
  filled(unit, `${TOP}\rOBX|1|CWE|${before}`, `${after}||||||F\r${SPM}\r`);

const SHAPES: Readonly<Record<string, () => Buffer>> = {
  'HL7: one huge value': () => inObx('x', '94500-6^^LN||', ''),
  'HL7: dashes and blanks in a value': () => inObx(' -', '94500-6^^LN||x', 'x'),
  'HL7: millions of components': () => inObx('^', '', '||260415000^^SCT'),
  'HL7: millions of repetitions': () => inObx('260415000~', '94500-6^^LN||', ''),
  'HL7: millions of escapes': () => inObx('\\T\\', '94500-6^', '||260415000^^SCT'),
  'HL7: millions of fields': () => filled('|', `${BASE}\r`),
  'HL7: millions of identifiers': () => filled('1^^^^NI~', `${MSH}\rPID|||`, `\r${OBR}\r${OBX}\r${SPM}\r`),
  'HL7: millions of names': () => filled('CAN^ARY~', `${MSH}\r${PID}||`, `\r${OBR}\r${OBX}\r${SPM}\r`),
  'HL7: a control number of numbers': () => filled('11010519491231002X ', ...(BASE.split('C-1') as [string, string])),
  'HL7: headers in one line': () => filled('MSH|^~\\&|'),
  'HL7: headers in lines': () => filled('MSH|\r'),
  'HL7: batches without end': () => filled('BHS|^~\\&\r', `${BASE}\r`),
  'HL7: trailers without batch': () => filled('BTS|1\r', `${BASE}\r`),
  'HL7: empty lines': () => filled('\r', `${BASE}\r`),
  'HL7: results that contradict': () => filled(`${OBX}\r${OBX.replace('260415000', '260373001')}\r`, `${TOP}\r`),
  'HL7: segments that nobody knows': () => filled('ZAB|\r', `${BASE}\r`),
  'HL7: messages of other results': () => filled(`${TOP}\r${'OBX|1|ST|1^x||y\r'.repeat(9_900)}`),
  'NDJSON: brackets': () => filled('['),
  'NDJSON: lines of brackets': () => filled(`[{"a":${'['.repeat(60_000)}\n`),
  'NDJSON: empty lines': () => filled('\n', '{}\n'),
  'NDJSON: one line': () => filled(' ', '{"a":"', '"}'),
  'NDJSON: names that repeat': () => filled(`{"a":1,"a":2,${'"b":1,'.repeat(9_000)}"c":1}\n`),
  'FHIR: brackets': () => filled('[', '{"resourceType":"Bundle","type":"message","entry":'),
  'FHIR: empty entries': () => filled('{},', '{"resourceType":"Bundle","type":"message","entry":[', '{}]}'),
  'FHIR: names that repeat': () => filled('"a":1,', '{"resourceType":"Bundle","type":"message",', '"b":1}'),
  'CSV: quotation marks': () => filled('"', `${HEADER}\n`),
  'CSV: quoted line breaks': () => filled('"\n', `${HEADER}\n`),
  'CSV: quotation marks that don’t end': () => filled('"x,\n', `${HEADER}\n`),
  'CSV: separators': () => filled(',', `${HEADER}\n`),
  'CSV: separators of every kind': () => filled(';,\t|'),
  'CSV: empty rows': () => filled('\n', `${HEADER}\n${ROW}\n`),
  'CSV: rows of one letter': () => filled('a\n', `${HEADER}\n`),
  'CSV: rows of changing width': () => filled('"a"\n"a",b\n', `${HEADER}\n`).subarray(0, BYTES / 4),
  'CSV: rows of many cells': () => filled(`${'a,'.repeat(30_000)}\n`, `${HEADER}\n`),
  'CSV: blanks in a cell': () => filled(`${rowOf({ result: `${' '.repeat(60_000)}x` })}\n`, `${HEADER}\n`),
  'CSV: apostrophes': () => filled(`${rowOf({ number: "'".repeat(30_000) })}\n`, `${HEADER}\n`),
  'no text: zeros': () => Buffer.alloc(BYTES),
  'XLSX: many times as long unpacked': () =>
    Buffer.from(zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(5 * BYTES) })),
  'XLSX: pieces without end': () =>
    Buffer.from(zipSync(Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`${at}`, new Uint8Array(1)])))),
  'zstd: frames without end': () => Buffer.concat(Array.from({ length: 50_000 }, () => EMPTY_FRAME)),
};

it.each(Object.keys(SHAPES))('%s', { timeout: 60_000 }, async (name) => {
  const bytes = (SHAPES[name] as () => Buffer)();
  expect(bytes.length).toBeLessThanOrEqual(BYTES);
  const before = process.threadCpuUsage();
  const read = await readFile(bytes, PROFILE, BOUNDS);
  const { user, system } = process.threadCpuUsage(before);
  if (read.ok) expect(read.items.length).toBeLessThanOrEqual(BOUNDS.recordsMax);
  else expect(read.why).toMatch(/^(too-many|damaged)$/);
  expect((user + system) / 1_000).toBeLessThan(CPU_MS_MAX);
});
