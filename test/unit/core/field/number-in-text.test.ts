/** Nobody's number may stand in a text; what only looks like one by chance may. */

import { describe, expect, it } from 'vitest';
import { residentCheckDigit } from '#core/field/identity.ts';
import { holdsNumber } from '#core/field/number-in-text.ts';
import { parseDay } from '#core/field/time.ts';

const TODAY = parseDay('2022-11-15') as number;
const card = (first17: string) => first17 + residentCheckDigit(first17);
const OWN = card('11010519491231002');
const ANOTHERS = card('43010219870605123');

describe('the event’s own number', () => {
  it.each([
    ['alone', OWN],
    ['in a name', `样本${OWN}号`],
    ['in groups', `${OWN.slice(0, 6)} ${OWN.slice(6, 14)}-${OWN.slice(14)}`],
    ['in full width', [...OWN].map((one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)).join('')],
    ['in its form of before 1999', `S-${OWN.slice(0, 6)}${OWN.slice(8, 17)}`],
  ])('is found %s', (_how, text) => {
    expect(holdsNumber(text, OWN, TODAY)).toBe(true);
  });
  it('of a passport is found in lower case, and a short one only where it stands alone', () => {
    expect(holdsNumber('lab-c01x00t47', 'C01X00T47', TODAY)).toBe(true);
    expect(holdsNumber('AB12', 'AB12', TODAY)).toBe(true);
    expect(holdsNumber('no. AB12.', 'AB12', TODAY)).toBe(true);
    expect(holdsNumber('CAB123', 'AB12', TODAY)).toBe(false);
  });
});

describe('another’s number', () => {
  it('is found where it can’t be anything else', () => {
    expect(holdsNumber(ANOTHERS, OWN, TODAY)).toBe(true);
    expect(holdsNumber(`x${ANOTHERS.toLowerCase()}y`, null, TODAY)).toBe(true);
  });
  it.each(['.', '_', '/', ',', '·', '・', '、', ':', '\u200d', '\u00ad', ' . '])(
    'was taken with %j between its parts, as its own was',
    (between) => {
      for (const number of [OWN, ANOTHERS]) {
        const text = [number.slice(0, 6), number.slice(6, 14), number.slice(14)].join(between);
        expect(holdsNumber(text, OWN, TODAY)).toBe(true);
      }
    },
  );
  it('was taken in digits of another script, and with what looks like an X', () => {
    const inArabic = [...ANOTHERS]
      .map((one) => (/\d/.test(one) ? String.fromCharCode(0x660 + Number(one)) : one))
      .join('');
    expect(holdsNumber(inArabic, null, TODAY)).toBe(true);
    expect(OWN.endsWith('X')).toBe(true);
    for (const x of ['Х', 'х', 'Χ', '×']) expect(holdsNumber(OWN.slice(0, 17) + x, null, TODAY)).toBe(true);
  });
  it.each([
    ['its check digit is wrong', ANOTHERS.slice(0, 17) + (ANOTHERS.endsWith('1') ? '2' : '1')],
    ['its date is a sample’s', card('43010220221114000')],
    ['its date is to come', card('43010220300101000')],
    ['its date is none', card('43010219871305123')],
    ['its region is none', card('99010219870605123')],
    ['it is part of a longer number', `7${ANOTHERS}`],
  ])('isn’t one where %s', (_why, text) => {
    expect(holdsNumber(text, OWN, TODAY)).toBe(false);
  });
});
