/**
 * Which of a message's OBX segments are results of a test for SARS-CoV-2, and by which method. Decides by the code in
 * OBX-3 where it's known and by the wording where it isn't; never takes an answer to a question for a result.
 */

import type { Segment } from './message.ts';
import { type CodeRole, type Method, ROLE_BY_LOINC } from './sars-cov-2-codes.ts';

export type Meaning =
  | { readonly kind: 'virus' | 'target'; readonly method: Method }
  | { readonly kind: 'antibody' }
  | { readonly kind: 'related' }
  /** About the virus, but of which kind can't be told. */
  | { readonly kind: 'unclear'; readonly reason: string }
  /** Another virus, a question, an amount: nothing to take and nothing to report. */
  | { readonly kind: 'other' };

const VIRUS = /SARS[- ]?CoV[- ]?2|SARS coronavirus 2|COVID|2019[- ]?nCoV|新型冠状病毒|新冠/i;
const OTHER_VIRUS = /influenza|\bflu\b|\bRSV\b|syncytial|流感|合胞/i;
const ANTIBODY = /\bIg[GMA]\b|antibod|\bAbs?\b|抗体|neutrali[sz]/i;
const MEASURED_BESIDE = /cycle threshold|\bCt\b|lineage|variant|sequenc|genotyp|viral load|copies/i;
const ASKED_OF_PERSON =
  /\bdate\b|vaccin|symptom|expos|contact|employ|congregate|pregnan|hospitali|first test|疫苗|症状|接触|日期/i;
const NUCLEIC_ACID = /\bRNA\b|\bNAA|PCR|nucleic|amplif|molecular|\bgene\b|ORF1|核酸/i;
const ANTIGEN = /\bAg\b|antigen|抗原/i;
const ONE_TARGET = /\bgene\b|ORF1|\bRdRp\b|基因/i;

export function readObservation(obx: Segment, obr: Segment): Meaning {
  if (obx.text(29) === 'QST') return { kind: 'other' }; // OBX-29: a question asked at order entry
  // Each wording on its own: the standard name may list a whole panel while the laboratory's own names one virus.
  const wordings = [2, 5, 9].map((component) => obx.text(3, component)).filter((text) => text !== '');
  const role = roleOf(obx, 3);
  if (role === undefined) return readWordings(wordings, obx, obr);
  if (role.kind !== 'mixed_panel') return role;
  if (obx.text(5, 1) === '' && obx.text(5, 2) === '') return { kind: 'other' }; // the panel's heading
  if (wordings.some((text) => VIRUS.test(text) && !OTHER_VIRUS.test(text)))
    return { kind: 'virus', method: role.method };
  return {
    kind: 'unclear',
    reason:
      'is the code of a panel of several viruses, and its text does not say that this is the result for SARS-CoV-2',
  };
}

function roleOf(segment: Segment, field: number): CodeRole | undefined {
  return ROLE_BY_LOINC.get(segment.text(field, 1)) ?? ROLE_BY_LOINC.get(segment.text(field, 4));
}

function isNoResult(text: string): boolean {
  return MEASURED_BESIDE.test(text) || ASKED_OF_PERSON.test(text);
}

function readWordings(wordings: readonly string[], obx: Segment, obr: Segment): Meaning {
  const naming = wordings.filter((text) => VIRUS.test(text));
  if (naming.length === 0 || wordings.some(isNoResult)) return { kind: 'other' };
  if (naming.some((text) => ANTIBODY.test(text))) return { kind: 'antibody' };
  if (naming.every((text) => OTHER_VIRUS.test(text)))
    return {
      kind: 'unclear',
      reason: 'names SARS-CoV-2 together with other viruses, so whose result it is can’t be told',
    };
  const method =
    methodOf(wordings.join(' ')) ?? methodOfOrder(obr) ?? methodOf(`${obx.text(17, 1)} ${obx.text(17, 2)}`);
  if (method === undefined) return { kind: 'unclear', reason: 'names SARS-CoV-2 but neither nucleic acid nor antigen' };
  return { kind: naming.some((text) => ONE_TARGET.test(text)) ? 'target' : 'virus', method };
}

function methodOfOrder(obr: Segment): Method | undefined {
  const role = roleOf(obr, 4);
  if (role !== undefined && 'method' in role) return role.method;
  return methodOf([2, 5, 9].map((component) => obr.text(4, component)).join(' '));
}

function methodOf(text: string): Method | undefined {
  if (NUCLEIC_ACID.test(text)) return 'nucleic_acid';
  return ANTIGEN.test(text) ? 'antigen' : undefined;
}
