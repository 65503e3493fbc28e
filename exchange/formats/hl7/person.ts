/**
 * Which of a patient's identifiers (PID-3) is an identity document. A laboratory's own number is never taken for one
 * unless the operator says that it is: it would make a person whom nobody can look up.
 *
 * Identifier types: HL7 v2.5.1 table 0203 (CX.5). Names and numbers never appear in a fault.
 */

import countries from 'i18n-iso-countries/index.js'; // without the names in each language
import type { DocumentType } from '#core/field/identity.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { PersonDocumentJson } from '#exchange/formats/person-document-schema.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import type { Field, Segment } from './message.ts';
import { isGarbled } from './text-encoding.ts';

/** What the operator says about identifiers that don't say it themselves. */
type IdentifierSettings = Pick<MappingSettings, 'documentType' | 'issuingCountry'>;

/** Numbers of an account, a visit, a licence or an insurance: not the laboratory's number for a person either. */
const NEVER = new Set(['AN', 'ANON', 'ANC', 'VN', 'SS', 'DL', 'BA', 'BR', 'CC', 'HC', 'MA', 'MC', 'NPI', 'WC', 'FI']);
/** Where the operator's word decides: no type, then the numbers that tell people apart best. */
const INTERNAL_ORDER = ['', 'PI', 'PT', 'MR'];

export function personOf(pid: Segment, settings: IdentifierSettings): Reading<PersonDocumentJson> {
  const identifiers = pid.repetitions(3).filter((identifier) => identifier.text(1) !== '');
  if (identifiers.length === 0)
    return fault(
      'PID-3',
      'holds no identifier of the patient',
      'send the number of an identity document with its type in PID-3.5, such as NI or PPN',
    );
  const stated = identifiers.find(isResidentCard) ?? identifiers.find((identifier) => typeOf(identifier) === 'PPN');
  if (stated !== undefined)
    return documentOf(stated, isResidentCard(stated) ? 'resident_identity_card' : 'passport', settings);
  const internal = identifiers
    .filter((identifier) => !NEVER.has(typeOf(identifier)) && !typeOf(identifier).startsWith('NN'))
    .toSorted(byOrder)[0];
  if (internal === undefined)
    return fault(
      'PID-3',
      'holds no identity document, only numbers of other kinds',
      'send the number of an identity document with its type in PID-3.5, such as NI or PPN',
    );
  if (settings.documentType === undefined) {
    return fault(
      'PID-3',
      'holds only numbers that are not of an identity document, by which nobody could look this person up',
      'send a document’s number with its type in PID-3.5 (NI, PPN), or say with --document-type what these numbers are',
    );
  }
  return documentOf(internal, settings.documentType, settings);
}

function typeOf(identifier: Field): string {
  return identifier.text(5).toUpperCase();
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
