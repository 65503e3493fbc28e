/**
 * What numbers begin alike: region and birthday of an identity card, from which about a thousand tries find each that
 * there is. Made unreadable at once: it only serves to tell whether two are the same.
 */

import { createHmac } from 'node:crypto';
import type { IdentityDocument } from './identity.ts';

const REGION_AND_BIRTHDAY_DIGITS = 14;

/** @returns null where the document's number has no such beginning */
export function neighbourhoodOf(document: IdentityDocument | undefined, secret: Buffer | undefined): number | null {
  if (document?.documentType !== 'resident_identity_card' || secret === undefined) return null;
  const digits = document.documentNumber.normalize('NFKC').replace(/\D/g, '');
  const beginning = digits.slice(0, REGION_AND_BIRTHDAY_DIGITS);
  return createHmac('sha256', secret).update(`neighbourhood|${beginning}`).digest().readUIntBE(0, 6);
}
