/**
 * A workbook (XLSX) to rows of cells, by read-excel-file. Its size is asked for before it is unpacked. It must never
 * make another number of one, nor a date of what is only a time.
 */

import { unzipSync } from 'fflate';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { SHEET_LIMITS } from './bounds.ts';
import { type Cell, EMPTY } from './cell.ts';

export interface WorkbookSheet {
  /** From 1. */
  readonly number: number;
  /** The first is row 1. */
  readonly rows: readonly (readonly Cell[])[];
}

/** XLSX is a zip file. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

const SAVE_AGAIN = 'save it again as XLSX, or as CSV in UTF-8';

/** @param unpackedBytesMax where it is to be read within a second */
export async function readSheets(
  bytes: Uint8Array,
  unpackedBytesMax: number = SHEET_LIMITS.unpackedBytesMax,
): Promise<Reading<readonly WorkbookSheet[]>> {
  const packed = directoryOf(bytes);
  if (packed === null) return fault('', 'is a damaged workbook', SAVE_AGAIN);
  if (packed.parts > SHEET_LIMITS.partsMax) return NO_WORKBOOK;
  if (packed.bytes > unpackedBytesMax) return fault('', `unpacks to more than ${unpackedBytesMax} bytes`, 'split it');
  // Loaded when it is asked for: no other command pays for it.
  const { default: readWorkbook } = await import('read-excel-file/node');
  try {
    const sheets = await readWorkbook(Buffer.from(bytes), { parseNumber: asNumber });
    return taken(sheets.map(({ data }, index) => ({ number: index + 1, rows: data.map((row) => row.map(cellOf)) })));
  } catch {
    // The library's own words may quote a cell.
    return NO_WORKBOOK;
  }
}

const NO_WORKBOOK = fault('', 'is no workbook that can be read', SAVE_AGAIN);

/** What the directory of the zip file says, unpacking nothing; null where it can't be read. */
function directoryOf(bytes: Uint8Array): { readonly parts: number; readonly bytes: number } | null {
  let parts = 0;
  let sum = 0;
  try {
    unzipSync(bytes, { filter: ({ originalSize }) => ((parts += 1), (sum += originalSize), false) });
    return { parts, bytes: sum };
  } catch {
    return null;
  }
}

/** Tells a number from a text of the same digits. */
interface InDigits {
  readonly digits: string;
}

function asNumber(digits: string): InDigits {
  return { digits };
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (value instanceof Date) return { kind: 'clock', wallMs: value.getTime() };
  if (typeof value === 'boolean') return { kind: 'text', text: value ? 'TRUE' : 'FALSE' };
  return value === null || value === undefined
    ? EMPTY
    : { kind: 'number', text: inPlainDigits((value as InDigits).digits) };
}

/** Below it a workbook's numbers are exact, and so are their digits. */
const EXACT_BELOW = 1e15;

/** Programs in Java write 2207050001 as `2.207050001E9` and 10 as `10.0`: the same number, as a person would see it. */
function inPlainDigits(digits: string): string {
  const plain = String(Number(digits));
  return /[.eE]/.test(digits) && Math.abs(Number(digits)) < EXACT_BELOW && !plain.includes('e') ? plain : digits;
}
