/**
 * The simulated population: a number of people for each province by its census, each with an identity document that
 * is well formed, unique and belongs to nobody on purpose (made from a counter, never from a register of real people).
 */

import { type DocumentType, residentCheckDigit } from '#core/field/identity.ts';
import { PROVINCES, type ProvinceCode } from '#core/field/regions.ts';

export interface Document {
  readonly documentType: DocumentType;
  readonly issuingCountry?: string;
  readonly documentNumber: string;
}

/** The people who live in a province: numbers from `first` to below `first + count`. */
export interface Residents {
  readonly province: ProvinceCode;
  readonly first: number;
  readonly count: number;
}

export interface Population {
  readonly people: number;
  readonly residents: readonly Residents[];
  /** The person as the intake takes it, JSON. */
  personJson(person: number): string;
  documentOf(person: number): Document;
}

/** The Corps' people are counted under Xinjiang too, and mustn't be counted twice. */
const CENSUS = PROVINCES.map(({ code, population2020 }) => {
  const corps = PROVINCES.find((province) => province.code === '66')?.population2020 ?? 0;
  return { code, inhabitants: code === '65' ? population2020 - corps : population2020 };
});

export function populate(people: number): Population {
  const inhabitants = CENSUS.reduce((sum, province) => sum + province.inhabitants, 0);
  let below = 0;
  const residents = CENSUS.map(({ code, inhabitants: own }): Residents => {
    const first = Math.round((below / inhabitants) * people);
    below += own;
    return { province: code, first, count: Math.round((below / inhabitants) * people) - first };
  });
  const homes = new Uint8Array(people);
  for (const [index, { first, count }] of residents.entries()) homes.fill(index, first, first + count);
  const documentOf = (person: number): Document => {
    const home = residents[homes[person] as number] as Residents;
    return documentFor(home.province, person - home.first, person);
  };
  const known: string[] = [];
  return {
    people,
    residents,
    documentOf,
    personJson: (person) => (known[person] ??= JSON.stringify(documentOf(person))),
  };
}

const FOREIGN = ['USA', 'DEU', 'JPN', 'KOR', 'GBR', 'FRA', 'RUS', 'PAK', 'VN', 'KZ'] as const;

/** 94 of 100 have a resident identity card. */
function documentFor(province: ProvinceCode, local: number, person: number): Document {
  const digits = (length: number) => String(person).padStart(length, '0');
  switch (local % 100) {
    case 11:
    case 37:
    case 73:
      return {
        documentType: 'passport',
        issuingCountry: FOREIGN[Math.floor(local / 100) % FOREIGN.length] as string,
        documentNumber: `P${digits(8)}`,
      };
    case 50:
      return {
        documentType: 'hong_kong_macao_permit',
        documentNumber: `${local % 200 === 50 ? 'H' : 'M'}${digits(10)}`,
      };
    case 61:
      return { documentType: 'taiwan_permit', documentNumber: digits(8) };
    case 89:
      return {
        documentType: 'foreign_permanent_residence_card',
        issuingCountry: 'CHN',
        documentNumber: `USA${digits(12)}`,
      };
    default:
      return { documentType: 'resident_identity_card', documentNumber: residentNumber(province, local) };
  }
}

const DAY_MS = 86_400_000;
/** A prime number of days from 1930 on, so that every step through them reaches all. */
const BIRTH_DAYS = 32_003;
const FIRST_BIRTHDAY_MS = Date.UTC(1930, 0, 1);

/**
 * District, day of birth, serial number, check digit. The Corps has no district code of its own: its cities lie in 65.
 */
function residentNumber(province: ProvinceCode, local: number): string {
  const district = province === '66' ? '659001' : `${province}01${String(1 + (local % 9)).padStart(2, '0')}`;
  const birthday = new Date(FIRST_BIRTHDAY_MS + ((local * 7_919) % BIRTH_DAYS) * DAY_MS)
    .toISOString()
    .slice(0, 10)
    .replaceAll('-', '');
  const serial = String(1 + (Math.floor(local / BIRTH_DAYS) % 998)).padStart(3, '0');
  const first17 = `${district}${birthday}${serial}`;
  return first17 + residentCheckDigit(first17);
}
