/**
 * What holds of a laboratory's result in whatever format it comes: what a pool says of its members, which number is a
 * resident's. It knows no format, and never puts a number into a fault.
 */

import type { TestResult } from '#core/events/events.ts';
import { normaliseDocument, tidyNumber } from '#core/field/identity.ts';

/** A pool that is positive says of none of its members that they are: each is to be tested alone. */
export function resultOfMember(result: TestResult, poolSize: number | null): TestResult {
  return result === 'positive' && poolSize !== null && poolSize > 1 ? 'indeterminate' : result;
}

/** 18 characters whose check digit, region and birth are right are of a resident, whatever they are called. */
export function isResidentNumber(number: string): boolean {
  const documentNumber = tidyNumber(number);
  return (
    /^\d{17}[\dX]$/.test(documentNumber) &&
    normaliseDocument({ documentType: 'resident_identity_card', documentNumber }).ok
  );
}

/** China's OID of residents' identity numbers, as the system or authority that has issued a number. */
export const RESIDENT_OID = '2.16.156.10011.1.3';

/** As a spreadsheet rounds 18 digits, of which it keeps 15. */
export function isRounded(number: string): boolean {
  return /^\d{15}000$/.test(number);
}
