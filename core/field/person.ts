/**
 * From what names a person, an identity document or a person key, to the person key: the one place that does so. It
 * never repeats what it was given: a fault says which field, what is wrong, and how to mend it.
 */

import { documentKeyOf, type IdentityDocument, type IdentityFault, type PersonKey } from './identity.ts';
import { shanghaiDayOf } from './time.ts';

/** One of the two, as a sender wrote them: a checked form, of which neither part has been judged yet. */
export interface NamedPerson {
  readonly person?: IdentityDocument | undefined;
  /** 32 hex digits. */
  readonly personKey?: string | undefined;
}

export interface PersonFault {
  /** JSON pointer into what was given. */
  readonly pointer: string;
  readonly code: 'no-person' | 'two-persons' | IdentityFault['code'];
  readonly detail: string;
  readonly hint: string;
}

export type FoundPerson =
  | { readonly ok: true; readonly key: PersonKey }
  | { readonly ok: false; readonly fault: PersonFault };

/**
 * @param secrets one per key version, in order
 * @param nowMs whoever is born later isn't born yet
 */
export function keyOfNamed({ person, personKey }: NamedPerson, secrets: readonly Buffer[], nowMs: number): FoundPerson {
  if (person !== undefined && personKey !== undefined) return TWO_PERSONS;
  if (personKey !== undefined) return { ok: true, key: Buffer.from(personKey, 'hex') };
  return person === undefined ? NO_PERSON : keyOfDocument(person, secrets, nowMs, '/person');
}

/** @param at where the document stands in what was given */
export function keyOfDocument(
  document: IdentityDocument,
  secrets: readonly Buffer[],
  nowMs: number,
  at = '',
): FoundPerson {
  const found = documentKeyOf(secrets, document, shanghaiDayOf(nowMs));
  if (found.ok) return found;
  const { field, code, detail, hint } = found.fault;
  return { ok: false, fault: { pointer: `${at}/${field}`, code, detail, hint } };
}

const TWO_PERSONS: FoundPerson = {
  ok: false,
  fault: {
    pointer: '/personKey',
    code: 'two-persons',
    detail: 'person and personKey are both given',
    hint: 'give one of them',
  },
};

const NO_PERSON: FoundPerson = {
  ok: false,
  fault: {
    pointer: '/person',
    code: 'no-person',
    detail: 'neither person nor personKey is given',
    hint: 'give the identity document, or the person’s key',
  },
};
