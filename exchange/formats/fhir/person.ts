/**
 * Which of a patient's identifiers is an identity document. The rule is that of PID-3: a laboratory's own number is
 * never taken for one unless the operator says that it is, and where two of a kind differ none is taken. Numbers and
 * names never appear in a fault.
 *
 * Identifier types: HL7 table 0203. Systems: FHIR's passport numbers, and China's OID of resident identity numbers.
 */

import { type DocumentType, tidyNumber } from '#core/field/identity.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { PersonDocumentJson } from '#exchange/formats/person-document-schema.ts';
import { type NumberFault, numberFaultOf } from '#exchange/formats/person-number.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { isResidentNumber, RESIDENT_OID } from '#exchange/formats/result-rules.ts';
import type { Identifier } from './schema.ts';

type IdentifierSettings = Pick<MappingSettings, 'documentType' | 'issuingCountry'>;

export interface Identified {
  /** FHIRPath of what has the identifiers. */
  readonly path: string;
  readonly identifiers: readonly Identifier[];
  readonly birthDate?: string | undefined;
  readonly gender?: string | undefined;
}

/** Numbers of an account, a visit, a licence or an insurance: not the laboratory's number for a person either. */
const NEVER = new Set(['AN', 'ANON', 'ANC', 'VN', 'SS', 'DL', 'BA', 'BR', 'CC', 'HC', 'MA', 'MC', 'NPI', 'WC', 'FI']);
/** Where the operator's word decides: no type, then the numbers that tell people apart best. */
const INTERNAL_ORDER = ['', 'PI', 'PT', 'MR'];
/** More identifiers than anybody has: beyond it none is chosen. */
const IDENTIFIERS_MAX = 100;
const TYPE_SYSTEM = /v2-0203$|2\.16\.840\.1\.113883\.18\.108$/;
const RESIDENT_SYSTEM = `urn:oid:${RESIDENT_OID}`;
const PASSPORT_SYSTEM = /^http:\/\/hl7\.org\/fhir\/sid\/passport-([A-Z]{3})$/;

export function personOf(person: Identified, settings: IdentifierSettings): Reading<PersonDocumentJson> {
  const at = `${person.path}.identifier`;
  const identifiers = person.identifiers.filter(({ value = '', use }) => value.trim() !== '' && use !== 'old');
  if (identifiers.length > IDENTIFIERS_MAX)
    return fault(at, `holds more than ${IDENTIFIERS_MAX} identifiers`, 'send those of one patient');
  if (identifiers.length === 0) return fault(at, 'holds no identifier of the patient', SEND_DOCUMENT);
  const cards = identifiers.filter((one) => typeOf(one) === 'NI');
  const passports = identifiers.filter((one) => typeOf(one) === 'PPN');
  if (differ(cards) || differ(passports))
    return fault(at, 'holds different numbers of one kind, as of two people', 'send those of one patient alone');
  const stated = cards[0] ?? passports[0];
  const chosen =
    stated === undefined
      ? internalOf(identifiers, at, settings)
      : taken([stated, cards.length > 0 ? CARD : 'passport'] as const);
  if (!chosen.ok) return chosen;
  const [identifier, type] = chosen.value;
  const number = (identifier.value ?? '').trim();
  const wrong = numberFaultOf(number, type, stated !== undefined, saidOf(person));
  if (wrong !== null) return fault(placeOf(wrong, person.path), ...WORDS[wrong]);
  if (number.includes('\uFFFD')) return fault(at, 'is not readable as text', 'send the text again, as UTF-8');
  return documentOf(identifier, number, type, at, settings);
}

const CARD: DocumentType = 'resident_identity_card';

function saidOf({ birthDate = '', gender }: Identified) {
  const sex = gender === 'male' || gender === 'female' ? gender : null;
  return { born: birthDate.replaceAll('-', '').slice(0, 8), sex } as const;
}

function differ(identifiers: readonly Identifier[]): boolean {
  const numbers = new Set(identifiers.map(({ value = '' }) => tidyNumber(value)));
  const issuers = new Set(identifiers.map((one) => (typeOf(one) === 'PPN' ? (countryOf(one) ?? '') : '')));
  return numbers.size > 1 || issuers.size > 1;
}

/** A number without the type of a document: what it is the operator says, unless it shows by itself. */
function internalOf(
  identifiers: readonly Identifier[],
  at: string,
  settings: IdentifierSettings,
): Reading<readonly [Identifier, DocumentType]> {
  const [internal, ...others] = identifiers
    .filter((one) => !NEVER.has(typeOf(one)) && !typeOf(one).startsWith('NN'))
    .toSorted((left, right) => rankOf(left) - rankOf(right));
  if (internal === undefined)
    return fault(at, 'holds no identity document, only numbers of other kinds', SEND_DOCUMENT);
  if (settings.documentType === undefined)
    return fault(
      at,
      'holds only numbers that are not of an identity document, by which nobody could look this person up',
      'send a document’s number with its type (NI, PPN), or have the sender’s settings say what these numbers are',
    );
  const rivals = others.filter((other) => rankOf(other) === rankOf(internal) && typeOf(other) === '');
  if (rivals.some(({ value = '' }) => tidyNumber(value) !== tidyNumber(internal.value ?? '')))
    return fault(at, 'holds different numbers without a type', 'say in identifier.type what each is');
  return taken([
    internal,
    settings.documentType === 'passport' && isResidentNumber(internal.value ?? '') ? CARD : settings.documentType,
  ]);
}

/** NI stands for a resident's number however it is said, and PPN for a passport. */
function typeOf({ type, system = '' }: Identifier): string {
  if (system === RESIDENT_SYSTEM) return 'NI';
  if (PASSPORT_SYSTEM.test(system)) return 'PPN';
  const coded = type?.coding?.find((one) => one.system === undefined || TYPE_SYSTEM.test(one.system));
  const code = (coded?.code ?? '').toUpperCase();
  return code === 'NNCHN' ? 'NI' : code;
}

function rankOf(identifier: Identifier): number {
  const rank = INTERNAL_ORDER.indexOf(typeOf(identifier));
  return rank === -1 ? INTERNAL_ORDER.length : rank;
}

function countryOf({ system = '', assigner }: Identifier): string | undefined {
  const stated = PASSPORT_SYSTEM.exec(system)?.[1] ?? assigner?.display;
  return stated !== undefined && /^[A-Z]{3}$/.test(stated) ? stated : undefined;
}

function documentOf(
  identifier: Identifier,
  documentNumber: string,
  documentType: DocumentType,
  at: string,
  settings: IdentifierSettings,
): Reading<PersonDocumentJson> {
  if (documentType === CARD) return taken({ documentType, issuingCountry: 'CHN', documentNumber });
  if (documentType !== 'passport') return taken({ documentType, documentNumber });
  const issuingCountry = countryOf(identifier) ?? settings.issuingCountry;
  if (issuingCountry === undefined)
    return fault(
      at,
      'does not say which country issued the passport',
      'send the system http://hl7.org/fhir/sid/passport- with its alpha-3 code, or have the sender’s settings say it',
    );
  return taken({ documentType, issuingCountry, documentNumber });
}

const SEND_DOCUMENT =
  'send the number of an identity document with its type from table 0203: NI for a resident’s card, PPN for a passport';

function placeOf(wrong: NumberFault, path: string): string {
  if (wrong === 'birth') return `${path}.birthDate`;
  return wrong === 'sex' ? `${path}.gender` : `${path}.identifier`;
}

const WORDS: Readonly<Record<NumberFault, readonly [reason: string, hint: string]>> = {
  placeholder: ['holds a placeholder instead of a number', 'send the number of the patient’s identity document'],
  rounded: [
    'looks like a number whose last digits a spreadsheet has rounded away',
    'send the number as text, as the card shows it',
  ],
  cut_short: [
    'looks like the first 15 digits of a resident’s number, whose end was lost',
    'send all 18 characters, as text',
  ],
  residents_number: [
    'has the type of a passport and the form of a resident’s number',
    'say in identifier.type what it is: NI for a resident identity card, PPN for a passport',
  ],
  birth: ['is another birth than the identity number says', 'check which of them is the patient’s'],
  sex: ['is another sex than the identity number says', 'check which of them is the patient’s'],
};
