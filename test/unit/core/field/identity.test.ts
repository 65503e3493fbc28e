/**
 * Documents to person keys: each type's form, one key for each way to write a document, and no number in any fault.
 */

import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advancePersonKey,
  DOCUMENT_TYPES,
  type DocumentType,
  type IdentityDocument,
  normaliseDocument,
  personKeyOf,
  residentCheckDigit,
} from '#core/field/identity.ts';

/** The standard's own example of a check digit (GB 11643-1999, annex A), and one that ends with X. */
const EXAMPLE = '11010519491231002X';
const OTHER = '440524188001010014';
const SECRETS = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)];

const numberOf = (documentType: DocumentType, documentNumber: string, issuingCountry?: string): string | null => {
  const normalised = normaliseDocument({ documentType, documentNumber, issuingCountry });
  return normalised.ok ? normalised.number : null;
};

function faultOf(document: IdentityDocument) {
  const normalised = normaliseDocument(document);
  if (normalised.ok) throw new Error('the document was accepted');
  return normalised.fault;
}

function keyOf(document: IdentityDocument, secrets = SECRETS): string {
  const normalised = normaliseDocument(document);
  if (!normalised.ok) throw new Error(normalised.fault.code);
  return personKeyOf(secrets, { ...document, ...normalised }).toString('hex');
}

describe('a resident identity number', () => {
  it('carries the check digit of the standard', () => {
    expect(residentCheckDigit(EXAMPLE.slice(0, 17))).toBe('X');
    expect(residentCheckDigit(OTHER.slice(0, 17))).toBe('4');
    expect(numberOf('resident_identity_card', EXAMPLE)).toBe(EXAMPLE);
    expect(numberOf('resident_identity_card', OTHER)).toBe(OTHER);
  });

  it('may be written in small letters, with spaces, hyphens or full-width digits', () => {
    for (const written of [
      EXAMPLE.toLowerCase(),
      '110105 19491231 002x',
      '110105-19491231-002X',
      '１１０１０５１９４９１２３１００２Ｘ',
    ]) {
      expect(numberOf('resident_identity_card', written)).toBe(EXAMPLE);
    }
  });

  it('of 15 digits gets its century and check digit', () => {
    expect(numberOf('resident_identity_card', '110105491231002')).toBe(EXAMPLE);
  });

  it('with one digit changed, or two neighbours swapped, is refused', () => {
    const region = '(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])';
    const birthday = '19[3-9]\\d(0[1-9]|1[0-2])(0[1-9]|1\\d|2[0-8])';
    const digits = fc.stringMatching(new RegExp(`^${region}0[1-9]0[1-9]${birthday}\\d{3}$`));
    expect(() =>
      fc.assert(
        fc.property(digits, fc.nat(16), fc.integer({ min: 1, max: 9 }), (first17, place, change) => {
          const full = first17 + residentCheckDigit(first17);
          const changed = full.slice(0, place) + String((Number(full[place]) + change) % 10) + full.slice(place + 1);
          const swapped =
            full.slice(0, place) + (full[place + 1] as string) + (full[place] as string) + full.slice(place + 2);
          const accepted = (number: string) => numberOf('resident_identity_card', number) !== null;
          return accepted(full) && !accepted(changed) && (swapped === full || !accepted(swapped));
        }),
      ),
    ).not.toThrow();
  });

  it('is refused with the rule that it breaks', () => {
    const fault = (documentNumber: string) => faultOf({ documentType: 'resident_identity_card', documentNumber }).code;
    expect(fault('110105194912310021')).toBe('wrong-check-digit');
    expect(fault(`11010519490230002${residentCheckDigit('11010519490230002')}`)).toBe('impossible-birth-date');
    expect(fault('110105490230002')).toBe('impossible-birth-date');
    expect(fault('1101051949123100')).toBe('malformed-number');
    expect(fault('1101051949123100XX')).toBe('malformed-number');
    expect(fault('')).toBe('malformed-number');
  });
});

describe('the other documents', () => {
  it.each([
    ['passport', 'E12345678', 'CHN'],
    ['passport', 'C01X00T47', 'DEU'],
    ['hong_kong_macao_permit', 'C12345678', undefined],
    ['hong_kong_macao_permit', 'CA1234567', undefined],
    ['hong_kong_macao_permit', 'H0123456700', undefined],
    ['taiwan_permit', '12345678', undefined],
    ['taiwan_permit', 'T12345678', 'CHN'],
    ['foreign_permanent_residence_card', 'USA310112345678', undefined],
  ] as const)('%s %s', (documentType, documentNumber, issuingCountry) => {
    expect(numberOf(documentType, documentNumber, issuingCountry)).toBe(documentNumber);
  });

  it('take the residence card of 2023 with its check digit', () => {
    const first17 = '91115619880312001';
    expect(numberOf('foreign_permanent_residence_card', first17 + residentCheckDigit(first17))).not.toBeNull();
    const wrong = first17 + (residentCheckDigit(first17) === '1' ? '2' : '1');
    expect(faultOf({ documentType: 'foreign_permanent_residence_card', documentNumber: wrong }).code).toBe(
      'wrong-check-digit',
    );
  });

  it.each([
    ['passport', 'E1', 'CHN'],
    ['passport', 'E1234/678', 'CHN'],
    ['hong_kong_macao_permit', 'X12345678', undefined],
    ['taiwan_permit', '1234567', undefined],
    ['foreign_permanent_residence_card', 'US3101123456789', undefined],
  ] as const)('refuse %s %s', (documentType, documentNumber, issuingCountry) => {
    expect(faultOf({ documentType, documentNumber, issuingCountry }).code).toBe('malformed-number');
  });
});

describe('the issuing country', () => {
  it('is the same in two letters or three, in any case', () => {
    const keys = ['USA', 'US', 'us', ' usa '].map((issuingCountry) =>
      keyOf({ documentType: 'passport', issuingCountry, documentNumber: '340020013' }),
    );
    expect(new Set(keys).size).toBe(1);
    expect(keyOf({ documentType: 'passport', issuingCountry: 'CAN', documentNumber: '340020013' })).not.toBe(keys[0]);
  });

  it('must be given for a passport, and be China for the rest', () => {
    expect(faultOf({ documentType: 'passport', documentNumber: 'E12345678' }).code).toBe('unknown-country');
    for (const issuingCountry of ['XYZ', '156', 'China', '']) {
      expect(faultOf({ documentType: 'passport', issuingCountry, documentNumber: 'E12345678' })).toMatchObject({
        field: 'issuingCountry',
        code: 'unknown-country',
      });
    }
    expect(faultOf({ documentType: 'taiwan_permit', issuingCountry: 'TWN', documentNumber: '12345678' }).code).toBe(
      'wrong-country',
    );
    expect(keyOf({ documentType: 'resident_identity_card', documentNumber: EXAMPLE })).toBe(
      keyOf({ documentType: 'resident_identity_card', issuingCountry: 'CN', documentNumber: EXAMPLE }),
    );
  });
});

describe('a person key', () => {
  const document = { documentType: 'resident_identity_card', country: 'CHN', number: EXAMPLE } as const;

  it('is 16 bytes of HMAC-SHA-256 over type, country and number', () => {
    const expected = createHmac('sha256', SECRETS[0] as Buffer)
      .update(`resident_identity_card|CHN|${EXAMPLE}`)
      .digest()
      .subarray(0, 16);
    expect(personKeyOf(SECRETS.slice(0, 1), document)).toEqual(expected);
  });

  it('of version v is made from that of v-1 without the number', () => {
    for (const version of [2, 3]) {
      const older = personKeyOf(SECRETS.slice(0, version - 1), document);
      expect(advancePersonKey(older, SECRETS[version - 1] as Buffer)).toEqual(
        personKeyOf(SECRETS.slice(0, version), document),
      );
    }
  });

  it('differs by type of document', () => {
    const keys = DOCUMENT_TYPES.map((documentType) =>
      personKeyOf(SECRETS, { documentType, country: 'CHN', number: '12345678' }).toString('hex'),
    );
    expect(new Set(keys).size).toBe(DOCUMENT_TYPES.length);
  });

  it('needs a secret', () => {
    expect(() => personKeyOf([], document)).toThrow(RangeError);
  });
});

describe('a fault', () => {
  it('never repeats what it was given', () => {
    const anyDocument = fc.record({
      documentType: fc.constantFrom(...DOCUMENT_TYPES),
      issuingCountry: fc.constantFrom('CHN', 'ZZZ', undefined),
      documentNumber: fc.oneof(
        fc.stringMatching(/^\d{12,19}$/),
        fc.stringMatching(/^[A-Z0-9]{6,20}$/),
        fc.string({ minLength: 6 }),
      ),
    });
    expect(() =>
      fc.assert(
        fc.property(anyDocument, (document) => {
          const normalised = normaliseDocument(document);
          return normalised.ok || !JSON.stringify(normalised).includes(document.documentNumber);
        }),
        { numRuns: 2_000 },
      ),
    ).not.toThrow();
  });
});
