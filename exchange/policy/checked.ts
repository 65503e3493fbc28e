/**
 * The one way in which a file written by people becomes a value of its type: rules, tables, cases, histories,
 * occasions. Either the value, with the locations of all that is in it, or every fault by file, line, column, field and
 * mend.
 */

import { readFile } from 'node:fs/promises';
import type { ValidateFunction } from 'ajv';
import type { Fault } from '#core/terms/fault.ts';
import { describeError } from '#platform/errors.ts';
import { explainErrors } from './faults.ts';
import { locationOf, type Locations, readJson } from './json.ts';

export interface FileFault extends Fault {
  /** As it was given, or relative to the folder of the policies. */
  readonly file: string;
  /** From 1; null where it is the fault of no place in a file. */
  readonly line: number | null;
  readonly column: number | null;
}

export interface InFile<T> {
  readonly file: string;
  readonly locations: Locations;
  readonly value: T;
}

interface Faulty {
  readonly faults: readonly FileFault[];
}

/** A file's bytes, or why there are none. */
export type FileRead = Uint8Array | Faulty;
export type Checked<T> = InFile<T> | Faulty;

export type Validator<T> = ValidateFunction<T>;

/** @param more what a schema can't say of a value that has its form */
export function checkJson<T>(
  file: string,
  bytes: FileRead,
  is: Validator<T>,
  more: (value: T) => readonly Fault[] = () => [],
): Checked<T> {
  if ('faults' in bytes) return bytes;
  const read = readJson(bytes);
  if ('faults' in read) return { faults: read.faults.map((fault) => ({ file, ...fault })) };
  const { value, locations } = read;
  if (!is(value)) return { faults: explainErrors(is.errors ?? []).map((fault) => located({ file, locations }, fault)) };
  const faults = more(value);
  return faults.length === 0
    ? { file, locations, value }
    : { faults: faults.map((fault) => located({ file, locations }, fault)) };
}

/** @param file the name of it in faults */
export async function readBytes(path: string, file = path): Promise<FileRead> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { detail, mend } = whyUnread(cause);
    return { faults: [{ file, line: null, column: null, pointer: '', detail, mend }] };
  }
}

/** @throws RangeError naming every fault, on a line of its own; also of a file that can't be read */
export async function readChecked<T>(
  path: string,
  is: Validator<T>,
  more?: (value: T) => readonly Fault[],
): Promise<T> {
  const checked = checkJson(path, await readBytes(path), is, more);
  if ('faults' in checked) throw new RangeError(checked.faults.map(faultText).join('\n'));
  return checked.value;
}

export function located(inFile: Pick<InFile<unknown>, 'file' | 'locations'>, fault: Fault): FileFault {
  return { file: inFile.file, ...locationOf(inFile.locations, fault.pointer), ...fault };
}

/** Such as `11-beijing/entry-v1.json:24:7 /clauses/0/from: takes …; write "all"`. */
export function faultText(fault: FileFault): string {
  return `${placeText(fault)}; ${fault.mend}`;
}

/** The same without what to do about it. */
export function placeText({ file, line, column, pointer, detail }: FileFault): string {
  if (line === null && pointer === '') return `${file} ${detail}`;
  return `${file}${line === null ? '' : `:${line}:${column}`}${pointer === '' ? '' : ` ${pointer}`}: ${detail}`;
}

const WHY: Readonly<Record<string, { readonly detail: string; readonly mend: string }>> = {
  ENOENT: { detail: 'is not there', mend: 'correct the name' },
  EISDIR: { detail: 'is a folder', mend: 'name the file in it' },
  ENOTDIR: { detail: 'is not a folder', mend: 'name the folder that it lies in' },
  EACCES: { detail: 'may not be read', mend: 'give yourself the right to read it' },
};

/** In words, of an error of the file system. */
export function whyUnread(cause: unknown): { readonly detail: string; readonly mend: string } {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return WHY[code] ?? { detail: `can’t be read: ${describeError(cause)}`, mend: 'see whether the disk is well' };
}
