/**
 * Which of a message's OBX segments are results of a test for SARS-CoV-2, and by which method. A known code makes a
 * result, or the sender's own list of codes, never a wording alone: a text may speak of an earlier result, of somebody
 * else, of a control. What speaks of the virus and isn't understood is said to be so.
 */

import { type CodeRole, type Method, ROLE_BY_LOINC } from '#exchange/formats/sars-cov-2-codes.ts';
import type { Segment } from './message.ts';

export type Meaning =
  | { readonly kind: 'virus' | 'target'; readonly method: Method }
  | { readonly kind: 'antibody' }
  | { readonly kind: 'related' }
  /** About the virus, but of which kind can't be told. */
  | { readonly kind: 'unclear'; readonly reason: string }
  /** No result of a test for this virus, by design. */
  | { readonly kind: 'other'; readonly is: Other };

export type Other = 'question' | 'beside' | 'heading' | 'another_test' | 'of_specimen';

/** Local codes (OBX-3.1 or OBX-3.4) that the sender says are such tests. */
export type LocalTests = Readonly<Record<string, Method>>;

/** A wording is never longer; a longer text is not looked at. */
const WORDING_CHARS_MAX = 300;

const VIRUS = /SARS[- ]?CoV[- ]?2|SARS coronavirus 2|COVID|2019[- ]?nCoV|新型冠状病毒|新冠/i;
const OTHER_VIRUS = /influenza|\bflu\b|\bRSV\b|syncytial|流感|合胞/i;
const ANTIBODY = /\bIg[GMA]\b|antibod|\bAbs?\b|抗体|neutrali[sz]/i;
const NUCLEIC_ACID = /\bRNA\b|\bNAA|PCR|nucleic|amplif|molecular|核酸/i;
const ANTIGEN = /\bAg\b|antigen|抗原/i;
const MEASURED_BESIDE = /cycle threshold|\bCt\b|lineage|variant|sequenc|genotyp|viral load|copies/i;
const ASKED_OF_PERSON =
  /\?\s*$|^(?:has|have|had|is|was|were|did|does|patient was)\b|\bdate\b|vaccin|symptom|expos|contact(?:ed)?\b|pregnan|hospitali|first test|疫苗|症状|接触|日期/i;
/** The words by which a result is none of this person's sample now. */
const NOT_THIS_RESULT =
  /previous|\bprior\b|histor|\bpast\b|earlier|\bcontrols?\b|calibrat|blind|proficien|household|family|relative|spouse|mother|father|child|contact|environment|surface|sewage|wastewater|既往|以前|上次|历史|环境|物表|污水|内标|内参|质控|对照|家属|家庭|同住|密接/i;

const NAME =
  '(?:SARS[- ]?CoV[- ]?2|SARS coronavirus 2|COVID(?:[- ]?19)?|2019[- ]?nCoV|新型冠状病毒(?:肺炎)?|新冠(?:肺炎|病毒)?)(?: ?\\(COVID-19\\))?';
const TEST_WORDS =
  '(?:[ ,:-]*(?:RNA|NAAT?|(?:RT-?|q)?PCR|nucleic acid|amplification|molecular|rapid|Ag|antigen|virus|test|result|qualitative|核酸|抗原|病毒|检测|测定|检查|结果|定性))*';
const LOINC_WORDS = '(?: \\[Presence\\] in (?:[A-Z][a-z]+|[a-z]+)(?: [a-z]+){0,3} by [\\w -]{3,60})?';
/** A wording that says the virus and the test, and nothing besides. */
const NOTHING_BUT_THE_TEST = new RegExp(`^${NAME}${TEST_WORDS}${LOINC_WORDS}$`, 'i');
const PANEL_LINE = new RegExp(`^(?:${NAME}${TEST_WORDS}|SARS-CoV\\+SARS-CoV-2 .{0,80})$`, 'i');

export function readObservation(obx: Segment, obr: Segment, isOfSpecimen = false, local: LocalTests = {}): Meaning {
  if (obx.text(29) === 'QST') return { kind: 'other', is: 'question' }; // OBX-29: asked at order entry
  // Each wording on its own: the standard name may list a whole panel while the laboratory's own names one virus.
  const wordings = [2, 5, 9]
    .map((component) => obx.text(3, component).slice(0, WORDING_CHARS_MAX + 1))
    .filter((text) => text !== '' && text.length <= WORDING_CHARS_MAX);
  const role = roleOf(obx, 3) ?? localRoleOf(obx, local);
  // What stands behind SPM and names no virus is by the standard about the specimen: its volume, its state.
  if (role === undefined && isOfSpecimen && !wordings.some((text) => VIRUS.test(text)))
    return { kind: 'other', is: 'of_specimen' };
  if (role === undefined) return readWordings(wordings, obx, obr);
  if (role.kind === 'other' || role.kind === 'antibody') return role;
  const strayed = isOfSpecimen ? 'tells about the specimen (it stands behind SPM)' : strayedOf(wordings);
  if (strayed !== null) return { kind: 'unclear', reason: strayed };
  if (role.kind !== 'mixed_panel') return role;
  if (obx.text(5, 1) === '' && obx.text(5, 2) === '') return { kind: 'other', is: 'heading' };
  if (wordings.some((text) => PANEL_LINE.test(text) && !OTHER_VIRUS.test(text)))
    return { kind: 'virus', method: role.method };
  return {
    kind: 'unclear',
    reason:
      'is the code of a panel of several viruses, and its text does not say that this is the result for SARS-CoV-2',
  };
}

/** Whether a line that is no segment might be such a result. */
export function namesVirusTest(line: string): boolean {
  const words = line.slice(0, 4 * WORDING_CHARS_MAX);
  return (
    VIRUS.test(words) || [...words.matchAll(/\d{5}-\d/g)].some(([code]) => ROLE_BY_LOINC.get(code)?.kind === 'virus')
  );
}

function roleOf(segment: Segment, field: number): CodeRole | undefined {
  return ROLE_BY_LOINC.get(segment.text(field, 1)) ?? ROLE_BY_LOINC.get(segment.text(field, 4));
}

function localRoleOf(obx: Segment, local: LocalTests): CodeRole | undefined {
  const code = [obx.text(3, 1), obx.text(3, 4)].find((text) => Object.hasOwn(local, text));
  return code === undefined ? undefined : { kind: 'virus', method: local[code] as Method };
}

function strayedOf(wordings: readonly string[]): string | null {
  return wordings.some((text) => NOT_THIS_RESULT.test(text))
    ? 'has a text that speaks of an earlier result, a control, another person or the environment'
    : null;
}

function noResultOf(text: string): Other | null {
  if (MEASURED_BESIDE.test(text)) return 'beside';
  return ASKED_OF_PERSON.test(text) ? 'question' : null;
}

function readWordings(wordings: readonly string[], obx: Segment, obr: Segment): Meaning {
  const naming = wordings.filter((text) => VIRUS.test(text));
  if (naming.length === 0) return unnamed(wordings, obx, obr);
  if (naming.some((text) => ANTIBODY.test(text))) return { kind: 'antibody' };
  if (naming.some((text) => NOTHING_BUT_THE_TEST.test(text))) {
    // A test's own name, and the code of the test stands in the order.
    const ordered = roleOf(obr, 4);
    const other = ordered?.kind === 'virus' && ordered.method === 'antigen' ? NUCLEIC_ACID : ANTIGEN;
    if (
      ordered?.kind === 'virus' &&
      !naming.some((text) => other.test(text)) &&
      wordings.every((text) => noResultOf(text) === null && strayedOf([text]) === null)
    )
      return { kind: 'virus', method: ordered.method };
  }
  const other = wordings.map(noResultOf).find((is) => is !== null);
  if (other !== undefined) return { kind: 'other', is: other };
  return { kind: 'unclear', reason: strayedOf(wordings) ?? 'names SARS-CoV-2 by a text alone, without a known code' };
}

/** A local name alone, under an order of the test: it may be the very result. */
function unnamed(wordings: readonly string[], obx: Segment, obr: Segment): Meaning {
  const other = wordings.map(noResultOf).find((is) => is !== null);
  if (other !== undefined) return { kind: 'other', is: other };
  const isOfAnotherTest =
    roleOf(obr, 4)?.kind !== 'virus' ||
    wordings.some((text) => OTHER_VIRUS.test(text)) ||
    [1, 4].some((component) => LOINC.test(obx.text(3, component)));
  return isOfAnotherTest
    ? { kind: 'other', is: 'another_test' }
    : { kind: 'unclear', reason: 'names no virus, under an order (OBR-4) of a test for SARS-CoV-2' };
}

const LOINC = /^\d{1,7}-\d$/;
