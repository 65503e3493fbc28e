/**
 * The end of a part's log, for a message about its failure. Reads a bounded piece, however large the log is.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const LINES = 30;
const BYTES_MAX = 16_384;

/** A heading and the last lines, to stand behind a message; says so if there are none. */
export function logEnd(path: string, lines = LINES): string {
  const text = readEnd(path);
  if (text.trim() === '') return `\n  (nothing in ${path})`;
  const last = text.trimEnd().split('\n').slice(-lines);
  return `\n  the end of ${path}:\n${last.map((line) => `    ${line}`).join('\n')}`;
}

function readEnd(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, BYTES_MAX));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } finally {
    closeSync(file);
  }
}
