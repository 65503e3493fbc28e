/**
 * OBX-5 as one of the exchange's results. Where code and wording contradict each other, or several values do, nothing
 * is chosen: the observation is refused.
 */

import type { TestResult } from '#core/events/events.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import {
  NO_RESULT,
  type NoResult,
  noResultIn,
  type OwnWords,
  resultOfWord,
  speaksOfResult,
  VALUE_CHARS_MAX,
} from '#exchange/formats/result-codes.ts';
import type { Field, Segment } from './message.ts';
import { isGarbled } from './text-encoding.ts';

/** @param own the sender's words */
export function resultOf(obx: Segment, own?: OwnWords): Reading<TestResult> {
  if (obx.charsOf(5) > VALUE_CHARS_MAX)
    return fault('OBX-5', `is longer than ${VALUE_CHARS_MAX} characters`, 'send the result alone, and remarks in NTE');
  const values = obx.repetitions(5).filter((value) => wordsOf(value).some((word) => word !== ''));
  const first = values[0];
  if (first === undefined) return fault('OBX-5', 'holds no result', AGAIN);
  const noResult = values
    .flatMap(wordsOf)
    .map((word) => noResultIn(word, own))
    .find((one) => one !== null);
  if (noResult !== undefined) return fault('OBX-5', NO_RESULT[noResult], HINTS[noResult]);
  const meanings = values.map((value) => meaningsOf(value, own));
  const results = new Set(meanings.flat());
  const [result, another] = results;
  if (another !== undefined)
    return fault(
      'OBX-5',
      `contradicts itself (${[...results].join(', ')})`,
      'send one result, whose code and text agree',
    );
  const isGarbledSomewhere = values.some((value) => wordsOf(value).some(isGarbled));
  if (result !== undefined && !isGarbledSomewhere) {
    if (values.every((value, index) => isUnderstood(value, meanings[index] ?? [], own))) return taken(result);
    return fault(
      'OBX-5',
      'holds something beside a known result that can’t be read, and might say otherwise',
      'send the result alone, and remarks in NTE',
    );
  }
  if (isGarbledSomewhere)
    return fault('OBX-5', 'is not readable as text', 'send UTF-8, or name the encoding in MSH-18');
  return fault(
    'OBX-5',
    `holds ${named(first)}, which is none of the known results`,
    'use a SNOMED CT code such as 260373001 (detected) or 260415000 (not detected), or positive, negative, 阳性, 阴性',
  );
}

function wordsOf(value: Field): readonly string[] {
  return [1, 2, 4, 5, 9].map((component) => value.text(component));
}

function meaningsOf(value: Field, own: OwnWords | undefined): readonly TestResult[] {
  return wordsOf(value)
    .map((word) => resultOfWord(word, own))
    .filter((result) => result !== undefined);
}

/** Each repetition says a result, and no text of it might say another. */
function isUnderstood(value: Field, meanings: readonly TestResult[], own: OwnWords | undefined): boolean {
  return (
    meanings.length > 0 &&
    wordsOf(value).every((word) => !speaksOfResult(word) || resultOfWord(word, own) !== undefined)
  );
}

const AGAIN = 'send the message again once the result is there';
const HINTS: Readonly<Record<NoResult, string>> = {
  screening: AGAIN,
  pending: AGAIN,
  void: 'take the report back: send it again with W in OBX-11',
};

/** A SNOMED CT code may be printed; anything else might be a name or a number that strayed into the field. */
function named(value: Field): string {
  const isConcept = /^(SCT|SNM)/i.test(value.text(3)) && /^\d{1,15}$/.test(value.text(1));
  return isConcept
    ? `the code ${value.text(1)} (${value.text(3).slice(0, 3).toUpperCase()})`
    : 'a value (not shown, as it might name a person)';
}
