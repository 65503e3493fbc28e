/**
 * OBX-5 as one of the exchange's results. Where code and wording contradict each other, or several values do, nothing
 * is chosen: the observation is refused.
 */

import type { TestResult } from '#core/events/events.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { Field, Segment } from './message.ts';
import { resultByCode, resultByWording, speaksOfResult } from './result-codes.ts';
import { isGarbled } from './text-encoding.ts';

/** Longer values are documents, not results. */
const VALUE_CHARS_MAX = 4_096;

export function resultOf(obx: Segment): Reading<TestResult> {
  if (obx.charsOf(5) > VALUE_CHARS_MAX)
    return fault('OBX-5', `is longer than ${VALUE_CHARS_MAX} characters`, 'send the result alone, and remarks in NTE');
  const values = obx.repetitions(5).filter((value) => wordsOf(value).some((word) => word !== ''));
  const first = values[0];
  if (first === undefined) return fault('OBX-5', 'holds no result', 'send the message again once the result is there');
  const meanings = values.map(meaningsOf);
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
    if (values.every((value, index) => isUnderstood(value, meanings[index] ?? []))) return taken(result);
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

function meaningsOf(value: Field): readonly TestResult[] {
  const codes = [resultByCode(value.text(1)), resultByCode(value.text(4))];
  return [...codes, ...wordsOf(value).map(resultByWording)].filter((result) => result !== undefined);
}

/** Each repetition says a result, and no text of it might say another. */
function isUnderstood(value: Field, meanings: readonly TestResult[]): boolean {
  return meanings.length > 0 && wordsOf(value).every((word) => !speaksOfResult(word) || meaningOf(word) !== undefined);
}

function meaningOf(word: string): TestResult | undefined {
  return resultByCode(word) ?? resultByWording(word);
}

/** A SNOMED CT code may be printed; anything else might be a name or a number that strayed into the field. */
function named(value: Field): string {
  const isConcept = /^(SCT|SNM)/i.test(value.text(3)) && /^\d{1,15}$/.test(value.text(1));
  return isConcept
    ? `the code ${value.text(1)} (${value.text(3).slice(0, 3).toUpperCase()})`
    : 'a value (not shown, as it might name a person)';
}
