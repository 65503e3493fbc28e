/**
 * The value of an observation or of a component as one of the exchange's results. What codes and wordings mean is told
 * by the tables that HL7 v2 is read by, so that both say the same. Where two parts contradict each other nothing is
 * chosen: the observation is refused.
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
import type { Component, Concept } from './schema.ts';

/** SNOMED CT, as the value of `system`. */
export const SNOMED = /^(http:\/\/snomed\.info\/sct\b|urn:oid:2\.16\.840\.1\.113883\.6\.96$)/;

/** Codes of interpretation that say a result; others (A, N, H, …) say how notable it is. */
const INTERPRETATIONS: Readonly<Record<string, TestResult>> = {
  POS: 'positive',
  DET: 'positive',
  NEG: 'negative',
  ND: 'negative',
  IND: 'indeterminate',
};

/** @param path of what has the value. @param own the sender's words */
export function resultOf(valued: Component, path: string, own?: OwnWords): Reading<TestResult> {
  const number = valued.valueInteger ?? valued.valueBoolean;
  // A number is a word only by the sender's list.
  const isOwn = number !== undefined && own !== undefined && resultOfWord(String(number), own) !== undefined;
  const words = isOwn ? [String(number)] : wordsOf(valued);
  const at = `${path}.value`;
  if (words.some((word) => word.length > VALUE_CHARS_MAX))
    return fault(at, `is longer than ${VALUE_CHARS_MAX} characters`, 'send the result alone, and remarks as note');
  if (words.length === 0 && hasOtherValue(valued))
    return fault(at, 'is of a kind that holds no result', 'send valueCodeableConcept, such as 260373001 (detected)');
  const noResult = words.map((word) => noResultIn(word, own)).find((one) => one !== null);
  if (noResult !== undefined) return fault(at, NO_RESULT[noResult], HINTS[noResult]);
  const read = words.map((word) => resultOfWord(word, own));
  const results = new Set([...read.filter((result) => result !== undefined), ...interpretationsOf(valued)]);
  const [result, another] = results;
  if (another !== undefined)
    return fault(at, `contradicts itself (${[...results].join(', ')})`, 'send one result, whose codes and texts agree');
  if (words.some((word) => word.includes('\uFFFD')))
    return fault(at, 'is not readable as text', 'send the text again, as UTF-8');
  if (words.some((word, index) => read[index] === undefined && speaksOfResult(word)) && result !== undefined)
    return fault(
      at,
      'holds something beside a known result that can’t be read, and might say otherwise',
      'send the result alone, and remarks as note',
    );
  const isSaid = words.length === 0 || read.some((one) => one !== undefined);
  if (result !== undefined && isSaid) return taken(result);
  if (words.length === 0) return fault(at, 'is missing: no result', AGAIN);
  return fault(
    at,
    `holds ${named(valued.valueCodeableConcept)}, which is none of the known results`,
    'use a SNOMED CT code such as 260373001 (detected) or 260415000 (not detected), or positive, negative, 阳性, 阴性',
  );
}

/** What may say the result, as code or as text. */
export function wordsOf({ valueCodeableConcept, valueString = '' }: Component): readonly string[] {
  const coded = (valueCodeableConcept?.coding ?? []).flatMap(({ code = '', display = '' }) => [code, display]);
  return [...coded, valueCodeableConcept?.text ?? '', valueString].map((word) => word.trim()).filter(Boolean);
}

/** Whether it has a value, of whatever kind. */
export function hasValue(valued: Component): boolean {
  return wordsOf(valued).length > 0 || hasOtherValue(valued);
}

function hasOtherValue(valued: object): boolean {
  return Object.keys(valued).some(
    (name) => /^value[A-Z]/.test(name) && name !== 'valueCodeableConcept' && name !== 'valueString',
  );
}

const AGAIN = 'send it again once the result is there';
const HINTS: Readonly<Record<NoResult, string>> = {
  screening: AGAIN,
  pending: AGAIN,
  void: 'take the report back: send it again with the status entered-in-error',
};

function interpretationsOf({ interpretation = [] }: Component): readonly TestResult[] {
  return interpretation
    .flatMap(({ coding = [] }) => coding)
    .filter(({ system }) => system === undefined || /v2-0078|ObservationInterpretation/.test(system))
    .flatMap(({ code = '' }) => (Object.hasOwn(INTERPRETATIONS, code) ? [INTERPRETATIONS[code] as TestResult] : []));
}

/** A SNOMED CT code may be printed; anything else might be a name or a number that strayed into the value. */
function named(concept: Concept | undefined): string {
  const snomed = concept?.coding?.find(({ system = '', code = '' }) => SNOMED.test(system) && /^\d{1,15}$/.test(code));
  return snomed === undefined
    ? 'a value (not shown, as it might name a person)'
    : `the code ${snomed.code} (SNOMED CT)`;
}
