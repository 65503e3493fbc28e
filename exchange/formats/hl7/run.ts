/**
 * The laboratory's name of the run in which a sample was tested. HL7 v2.5.1 has no field for it, so it is read where
 * the laboratory is known to put it, and nowhere else: never guessed, and never cut, for it might then be another's.
 */

import { EVENT_LIMITS } from '#core/events/events.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { RunField } from '#exchange/formats/reader.ts';
import type { Segment } from './message.ts';
import { isGarbled } from './text-encoding.ts';

/** Of one observation: its own segment, and those that it stands under. */
export type SegmentsOfResult = Readonly<Record<RunField['segment'], Segment>>;

export function runFieldName({ segment, field }: RunField): string {
  return `${segment}-${field}`;
}

/** Null: the field is empty, or nobody said which it is. */
export function runOf(segments: SegmentsOfResult, from: RunField | undefined): Reading<string | null> {
  if (from === undefined) return taken(null);
  const text = segments[from.segment].text(from.field, from.component).trim();
  if (text === '') return taken(null);
  if (isGarbled(text))
    return fault(runFieldName(from), 'is not readable as text', 'send UTF-8, or name the encoding in MSH-18');
  if (text.length > EVENT_LIMITS.textCharsMax)
    return fault(
      runFieldName(from),
      `is longer than ${EVENT_LIMITS.textCharsMax} characters, and should name the run`,
      'send a shorter name; or see whether --run-from names the right field',
    );
  return taken(text);
}
