/**
 * The codes by which a dose is one of a vaccine against COVID-19, and the product that each is of; only data. A code
 * that is missing here is refused where its text names the virus, so the table need not be complete.
 *
 * Sources: CDC's CVX codes, WHO's ATC, SNOMED CT products and the EU certificates' value sets made from it.
 */

/** CVX → product; null where the code is of several, and the sender's text says which. */
const BY_CVX: Readonly<Record<string, string | null>> = {
  '207': 'mRNA-1273',
  '208': 'BNT162b2',
  '210': 'ChAdOx1-S',
  '211': 'NVX-CoV2373',
  '212': 'Ad26.COV2.S',
  '213': null,
  '217': 'BNT162b2',
  '218': 'BNT162b2',
  '219': 'BNT162b2',
  '221': 'mRNA-1273',
  '228': 'mRNA-1273',
  '300': 'BNT162b2',
  '301': 'BNT162b2',
  '302': 'BNT162b2',
  '500': null,
  '502': 'Covaxin',
  '504': 'Sputnik Light',
  '505': 'Sputnik V',
  '506': 'Ad5-nCoV',
  '510': 'BBIBP-CorV',
  '511': 'CoronaVac',
};
const ATC = /^(J07BX03|J07BN0[1-5])$/;
const BY_SNOMED = new Set(['1119305005', '1119349007', '28531000087107', '840534001']);

const CVX_SYSTEM = /^(http:\/\/hl7\.org\/fhir\/sid\/cvx|urn:oid:2\.16\.840\.1\.113883\.12\.292)$/;
const ATC_SYSTEM = /^http:\/\/www\.whocc\.no\/atc$/;
const SNOMED_SYSTEM = /^http:\/\/snomed\.info\/sct\b/;

/** Undefined: no code of such a vaccine. Null: one, but of which product isn't said by it. */
export function productOf(system: string, code: string): string | null | undefined {
  if (CVX_SYSTEM.test(system)) return Object.hasOwn(BY_CVX, code) ? BY_CVX[code] : undefined;
  if (ATC_SYSTEM.test(system)) return ATC.test(code) ? null : undefined;
  return SNOMED_SYSTEM.test(system) && BY_SNOMED.has(code) ? null : undefined;
}

/** Whether a text names the virus or its disease. */
export function namesCovid(text: string): boolean {
  return /SARS[- ]?CoV[- ]?2|COVID|2019[- ]?nCoV|新型冠状病毒|新冠/i.test(text.slice(0, TEXT_CHARS_LOOKED_AT));
}

const TEXT_CHARS_LOOKED_AT = 300;
