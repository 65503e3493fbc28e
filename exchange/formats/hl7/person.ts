/**
 * Which of a patient's identifiers (PID-3) is an identity document. A laboratory's own number is never taken for one
 * unless the operator says that it is: it would make a person whom nobody can look up. One that contradicts the birth
 * or sex beside it, or another number of its kind, is refused.
 *
 * Identifier types: HL7 v2.5.1 table 0203 (CX.5). Names and numbers never appear in a fault.
 */

import countries from 'i18n-iso-countries/index.js'; // without the names in each language
import { type DocumentType, tidyNumber } from '#core/field/identity.ts';
import { type FormatFault, fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { PersonDocumentJson } from '#exchange/formats/person-document-schema.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { isResidentNumber, RESIDENT_OID } from '#exchange/formats/result-rules.ts';
import type { Field, Segment } from './message.ts';
import { numberFaultOf } from './person-number.ts';
import { isGarbled } from './text-encoding.ts';

/** What the operator says about identifiers that don't say it themselves. */
type IdentifierSettings = Pick<MappingSettings, 'documentType' | 'issuingCountry'>;

/** Numbers of an account, a visit, a licence or an insurance: not the laboratory's number for a person either. */
const NEVER = new Set(['AN', 'ANON', 'ANC', 'VN', 'SS', 'DL', 'BA', 'BR', 'CC', 'HC', 'MA', 'MC', 'NPI', 'WC', 'FI']);
/** Where the operator's word decides: no type, then the numbers that tell people apart best. */
const INTERNAL_ORDER = ['', 'PI', 'PT', 'MR'];
/** More identifiers than anybody has: beyond it none is chosen. */
const IDENTIFIERS_MAX = 100;

export function personOf(pid: Segment, settings: IdentifierSettings): Reading<PersonDocumentJson> {
  const identifiers = pid.repetitions(3).filter((identifier) => identifier.text(1) !== '');
  if (identifiers.length > IDENTIFIERS_MAX)
    return fault('PID-3', `holds more than ${IDENTIFIERS_MAX} identifiers`, 'send those of one patient');
  if (identifiers.length === 0)
    return fault(
      'PID-3',
      'holds no identifier of the patient',
      'send the number of an identity document with its type in PID-3.5, such as NI or PPN',
    );
  const cards = identifiers.filter(isResidentCard);
  const passports = identifiers.filter((identifier) => typeOf(identifier) === 'PPN');
  if (differ(cards) || differ(passports))
    return fault('PID-3', 'holds different numbers of one kind, as of two people', 'send those of one patient alone');
  const stated = cards[0] ?? passports[0];
  const chosen =
    stated === undefined
      ? internalOf(identifiers, settings)
      : taken([stated, isResidentCard(stated) ? 'resident_identity_card' : 'passport'] as const);
  if (!chosen.ok) return chosen;
  const [identifier, type] = chosen.value;
  const wrong = numberFaultOf(identifier.text(1), type, stated !== undefined, pid);
  if (wrong !== null) return { ok: false, fault: wrong };
  return documentOf(identifier, type, settings);
}

function differ(identifiers: readonly Field[]): boolean {
  const numbers = new Set(identifiers.map((identifier) => tidyNumber(identifier.text(1))));
  const issuers = new Set(identifiers.filter((one) => !isResidentCard(one)).map((one) => countryOf(one) ?? ''));
  return numbers.size > 1 || issuers.size > 1;
}

/** A number without the type of a document: what it is the operator says, unless it shows by itself. */
function internalOf(
  identifiers: readonly Field[],
  settings: IdentifierSettings,
): Reading<readonly [Field, DocumentType]> {
  const [internal, ...others] = identifiers
    .filter((identifier) => !NEVER.has(typeOf(identifier)) && !typeOf(identifier).startsWith('NN'))
    .toSorted(byOrder);
  if (internal === undefined) return { ok: false, fault: NO_DOCUMENT };
  if (settings.documentType === undefined)
    return fault(
      'PID-3',
      'holds only numbers that are not of an identity document, by which nobody could look this person up',
      'send a document’s number with its type in PID-3.5 (NI, PPN), or say with --document-type what these numbers are',
    );
  const rivals = others.filter((other) => typeOf(other) === '' && typeOf(internal) === '');
  if (rivals.some((rival) => tidyNumber(rival.text(1)) !== tidyNumber(internal.text(1))))
    return fault('PID-3', 'holds different numbers without a type', 'say in PID-3.5 what each is');
  return taken([
    internal,
    settings.documentType === 'passport' && isResidentNumber(internal.text(1)) ? CARD : settings.documentType,
  ]);
}

const CARD: DocumentType = 'resident_identity_card';

const NO_DOCUMENT: FormatFault = {
  field: 'PID-3',
  reason: 'holds no identity document, only numbers of other kinds',
  hint: 'send the number of an identity document with its type in PID-3.5, such as NI or PPN',
};

/** What PID-3.5 says; where it says nothing, the authority of residents' numbers does. */
function typeOf(identifier: Field): string {
  const stated = identifier.text(5).toUpperCase();
  return stated === '' && identifier.part(4, 2) === RESIDENT_OID ? 'NI' : stated;
}

function byOrder(left: Field, right: Field): number {
  return rankOf(left) - rankOf(right);
}

function rankOf(identifier: Field): number {
  const rank = INTERNAL_ORDER.indexOf(typeOf(identifier));
  return rank === -1 ? INTERNAL_ORDER.length : rank;
}

/** NNCHN, or NI that no other country has issued. */
function isResidentCard(identifier: Field): boolean {
  return typeOf(identifier) === 'NNCHN' || (typeOf(identifier) === 'NI' && (countryOf(identifier) ?? 'CHN') === 'CHN');
}

function documentOf(
  identifier: Field,
  documentType: DocumentType,
  settings: IdentifierSettings,
): Reading<PersonDocumentJson> {
  const documentNumber = identifier.text(1);
  if (isGarbled(documentNumber))
    return fault('PID-3', 'is not readable as text', 'send UTF-8, or name the encoding in MSH-18');
  if (documentType === 'resident_identity_card') return taken({ documentType, issuingCountry: 'CHN', documentNumber });
  if (documentType !== 'passport') return taken({ documentType, documentNumber });
  const issuingCountry = countryOf(identifier) ?? settings.issuingCountry;
  if (issuingCountry === undefined) {
    return fault(
      'PID-3.9',
      'does not say which country issued the passport',
      'send its alpha-3 code there, or give --issuing-country',
    );
  }
  return taken({ documentType, issuingCountry, documentNumber });
}

/**
 * CX.9 (jurisdiction), or CX.4.1 where that is a country; alpha-2 only where it's said to be ISO 3166 (CA is also
 * California).
 */
function countryOf(identifier: Field): string | undefined {
  const isIso = /^ISO/i.test(identifier.part(9, 3));
  const [jurisdiction, authority] = [identifier.part(9, 1).toUpperCase(), identifier.part(4, 1).toUpperCase()];
  if (isIso && /^[A-Z]{2}$/.test(jurisdiction)) return countries.alpha2ToAlpha3(jurisdiction);
  return [jurisdiction, authority].find(
    (code) => /^[A-Z]{3}$/.test(code) && countries.alpha3ToAlpha2(code) !== undefined,
  );
}
