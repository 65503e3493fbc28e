/**
 * Where in a message a fault stands, as ERR-2 says it: which of its segments of a name, counted from its beginning.
 * Pure. It points where the reader's words do, and makes no word up.
 */

import type { MessageSpot } from '#exchange/formats/reader.ts';
import type { Place } from './acknowledgement.ts';

/** The names of a message's segments in their order. */
export function segmentsOf(message: Buffer): readonly string[] {
  return message
    .toString('latin1')
    .split(/[\r\n]+/)
    .map((line) => line.trimStart().slice(0, 3))
    .filter((name) => name !== '');
}

/**
 * @param spot none for the whole
 * @param field `OBX-5`, `SPM-17`, `SPM-17.2`, or ''
 */
export function placeOf(segments: readonly string[], spot: MessageSpot | undefined, field: string): Place | null {
  if (spot?.kind === 'line') return atLine(segments, spot.line);
  const [, name = '', number, component] = /^([A-Z][A-Z0-9]{2})(?:-(\d+)(?:\.(\d+))?)?/.exec(field) ?? [];
  const { order = 1, observation = 0 } = spot ?? {};
  const segment = name === '' ? (observation > 0 ? 'OBX' : '') : name;
  if (segment === '') return null;
  return {
    segment,
    sequence: sequenceOf(segments, segment, order, observation),
    field: number === undefined ? null : Number(number),
    component: component === undefined ? null : Number(component),
  };
}

function atLine(segments: readonly string[], line: number): Place | null {
  const segment = segments[line - 1];
  if (segment === undefined || !/^[A-Z][A-Z0-9]{2}$/.test(segment)) return null;
  return { segment, sequence: countOf(segments.slice(0, line), segment), field: null, component: null };
}

/** Of the order's own: what stands before it, for who it is of; what stands behind it, until the next. */
function sequenceOf(segments: readonly string[], name: string, order: number, observation: number): number {
  const orders = segments.flatMap((segment, at) => (segment === 'OBR' ? [at] : []));
  const from = orders[order - 1] ?? 0;
  const until = orders[order] ?? segments.length;
  const before = countOf(segments.slice(0, from), name);
  if (name === 'OBX') return before + Math.max(1, observation);
  const within = countOf(segments.slice(from, until), name);
  return Math.max(1, within > 0 ? before + 1 : before);
}

function countOf(segments: readonly string[], name: string): number {
  return segments.filter((segment) => segment === name).length;
}
