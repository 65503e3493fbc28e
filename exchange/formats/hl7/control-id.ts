/**
 * MSH-10 as it may be printed: some senders build it from the patient's number, and what is the patient's is left out.
 * Bounded before any work, for a control number of hundreds of kilobytes exists.
 */

import type { Segment } from './message.ts';

const CONTROL_ID_CHARS_MAX = 64;
/** More than is ever printed, so that what is masked is not cut before. */
const LOOKED_AT_CHARS = 4 * CONTROL_ID_CHARS_MAX;
/** More than any patient has; of a message with more, nothing is printed. */
const IDENTIFIERS_MAX = 1_000;

export function controlIdOf(msh: Segment, segments: readonly Segment[]): string {
  const written = msh.text(10);
  if (written.length > LOOKED_AT_CHARS) return '';
  const lower = written.toLowerCase();
  const patients = segments.filter(({ id }) => id === 'PID');
  if (written === '') return '';
  const texts = patients.slice(0, IDENTIFIERS_MAX).flatMap(personalTextsOf);
  if (patients.length > IDENTIFIERS_MAX || texts.length > 16 * IDENTIFIERS_MAX) return '';
  const personal = texts
    .filter((text) => text.length <= written.length && lower.includes(text.toLowerCase()))
    .toSorted((left, right) => right.length - left.length);
  const masked = personal.reduce((text, own) => text.replace(literally(own), '…'), written);
  return masked.replace(/[^\u0021-\u007e…]/g, '').slice(0, CONTROL_ID_CHARS_MAX);
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[^A-Za-z0-9\u0080-\uffff]/g, '\\$&'), 'gi');
}

function personalTextsOf(pid: Segment): readonly string[] {
  const numbers = [2, 3, 4, 18, 19, 20].flatMap((field) =>
    pid.repetitions(field).map((repetition) => repetition.text(1)),
  );
  const names = [5, 6, 9].flatMap((field) =>
    pid.repetitions(field).flatMap((repetition) => [1, 2, 3].map((component) => repetition.text(component))),
  );
  return [...numbers, ...names].filter((text) => text.length >= 3);
}
