/**
 * Every format in which a file of events may come, by the name that an operator gives it. One that is added is a line
 * here. Nothing else may know of the formats one by one.
 */

import { fhir } from '#exchange/formats/fhir/reader.ts';
import { hl7 } from '#exchange/formats/hl7/reader.ts';
import { ndjson } from '#exchange/formats/ndjson-reader.ts';
import type { FormatReader } from '#exchange/formats/reader.ts';

export const READERS = { ndjson, hl7, fhir } as const satisfies Readonly<Record<string, FormatReader>>;

export type Format = keyof typeof READERS;
export const FORMATS = Object.keys(READERS) as Format[];

const MLLP_START = String.fromCharCode(0x0b);
/** A workbook is a zip file, in which lines begin by chance. */
const ZIP_START = 'PK';

/** By the beginning as a whole, else of the first line that begins a file of some format; null where there is none. */
export function recogniseFormat(start: string): Format | null {
  if (start.startsWith(ZIP_START)) return null;
  const whole = FORMATS.find((name) => (READERS[name] as FormatReader).holds?.(start) === true);
  if (whole !== undefined) return whole;
  const lines = start
    .replace(/^(\uFEFF|\u00EF\u00BB\u00BF)/, '')
    .replaceAll(MLLP_START, '\n')
    .split(/[\r\n]+/)
    .map((line) => line.trimStart());
  for (const line of lines) {
    const format = FORMATS.find((name) => READERS[name].begins(line));
    if (format !== undefined) return format;
  }
  return null;
}
