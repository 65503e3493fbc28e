/**
 * From what names a person to the key, and the refusals that the door, the look-up and the command share.
 */

import { describe, expect, it } from 'vitest';
import { documentKeyOf, type IdentityDocument } from '#core/field/identity.ts';
import { keyOfDocument, keyOfNamed } from '#core/field/person.ts';

const NOW_MS = Date.UTC(2022, 7, 10);
const SECRETS = [Buffer.alloc(32, 7)];
const PASSPORT: IdentityDocument = { documentType: 'passport', issuingCountry: 'DEU', documentNumber: 'C01X00T47' };
const CARD: IdentityDocument = { documentType: 'resident_identity_card', documentNumber: '110105194912310021' };
const KEY = 'ab'.repeat(16);

describe('the key of a person who is named', () => {
  it('by a document is that of the document', () => {
    expect(keyOfNamed({ person: PASSPORT }, SECRETS, NOW_MS)).toEqual(documentKeyOf(SECRETS, PASSPORT));
    expect(keyOfDocument(PASSPORT, SECRETS, NOW_MS)).toEqual(documentKeyOf(SECRETS, PASSPORT));
  });
  it('by a key is that key', () => {
    expect(keyOfNamed({ personKey: KEY.toUpperCase() }, SECRETS, NOW_MS)).toEqual({
      ok: true,
      key: Buffer.from(KEY, 'hex'),
    });
  });
  it.each([
    ['nothing', {}, '/person', 'no-person'],
    ['both', { person: PASSPORT, personKey: KEY }, '/personKey', 'two-persons'],
    ['a number with a digit wrong', { person: CARD }, '/person/documentNumber', 'wrong-check-digit'],
    [
      'a country that is none',
      { person: { ...PASSPORT, issuingCountry: 'XYZ' } },
      '/person/issuingCountry',
      'unknown-country',
    ],
  ])('by %s is refused, and nothing is repeated', (_what, named, pointer, code) => {
    const found = keyOfNamed(named, SECRETS, NOW_MS);
    expect(found).toMatchObject({ ok: false, fault: { pointer, code, detail: expect.any(String) } });
    expect(JSON.stringify(found)).not.toMatch(/110105|C01X|XYZ|abab/);
  });
  it('by a document that is all there is has its fault pointed at without a way to it', () => {
    expect(keyOfDocument(CARD, SECRETS, NOW_MS)).toMatchObject({ fault: { pointer: '/documentNumber' } });
  });
});
