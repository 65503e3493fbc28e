/**
 * What an observation or component is about. A LOINC code that is known makes a result of it, or a code of the sender's
 * own list; a wording alone never does. The judge is the one that HL7's OBX is put before, so that the two agree.
 */

import { type Delimiters, Segment } from '#exchange/formats/hl7/message.ts';
import { type LocalTests, type Meaning, readObservation } from '#exchange/formats/hl7/observation.ts';
import { ROLE_BY_LOINC } from '#exchange/formats/sars-cov-2-codes.ts';
import type { Coding, Component, Concept } from './schema.ts';
import { wordsOf } from './value.ts';

const LOINC = /^(http:\/\/loinc\.org\/?|urn:oid:2\.16\.840\.1\.113883\.6\.1)$/;
/** Of OBX-3: the name by the standard, another, the laboratory's own. */
const WORDINGS_OF_OBX = 3;

/** Characters that stand in no text of a laboratory: nothing has to be escaped. */
const MARKS: Delimiters = {
  field: '\ue000',
  component: '\ue001',
  repetition: '\ue002',
  escape: '\ue003',
  subcomponent: '\ue004',
  truncation: null,
};

/** @param ordered the report's code */
export function meaningOf(valued: Component, ordered: Concept | undefined, local: LocalTests = {}): Meaning {
  const codings = valued.code?.coding ?? [];
  const known = codings.filter(isLoinc).filter(({ code = '' }) => ROLE_BY_LOINC.has(code));
  const own = codings.find(({ code = '' }) => Object.hasOwn(local, code));
  if (new Set(known.map(({ code = '' }) => JSON.stringify(ROLE_BY_LOINC.get(code)))).size > 1)
    return { kind: 'unclear', reason: 'has codes of different tests' };
  const stray = codings.find((one) => !isLoinc(one) && ROLE_BY_LOINC.has(one.code ?? ''));
  if (known.length === 0 && own === undefined && stray !== undefined)
    return { kind: 'unclear', reason: 'has a code that looks like LOINC’s, without LOINC’s system' };
  const code = known[0]?.code ?? own?.code ?? codings.find(isLoinc)?.code ?? '';
  const wordings = [...new Set([valued.code?.text ?? '', ...codings.map(({ display = '' }) => display)])];
  const meanings: Meaning[] = [];
  for (let at = 0; at < wordings.length; at += WORDINGS_OF_OBX)
    meanings.push(
      readObservation(
        obx(code, wordings.slice(at, at + WORDINGS_OF_OBX), wordsOf(valued)[0] ?? ''),
        obr(ordered),
        false,
        local,
      ),
    );
  // What one wording makes doubtful no other makes clear.
  return (
    meanings.find(({ kind }) => kind === 'unclear') ??
    meanings.find(({ kind }) => kind !== 'other') ??
    (meanings[0] as Meaning)
  );
}

function isLoinc({ system = '' }: Coding): boolean {
  return LOINC.test(system);
}

function obx(code: string, [text = '', name = '', another = '']: readonly string[], value: string): Segment {
  const named = [code, name, '', '', another, '', '', '', text].map(plain).join(MARKS.component);
  return new Segment('OBX', ['OBX', '', '', named, '', plain(value)], MARKS);
}

function obr(ordered: Concept | undefined): Segment {
  const code = ordered?.coding?.find((one) => isLoinc(one) && ROLE_BY_LOINC.has(one.code ?? ''))?.code ?? '';
  return new Segment('OBR', ['OBR', '', '', '', plain(code)], MARKS);
}

function plain(text: string): string {
  return text.replace(/[\ue000-\ue004]/g, '');
}
