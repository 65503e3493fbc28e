/** What a schema finds wrong with a file, as a field, what is wrong with it, and how to mend it. */

import type { ErrorObject } from 'ajv';
import { CLAUSE_KINDS } from '#core/clauses/clause-text.ts';
import type { Fault } from '#core/terms/fault.ts';

export function explainErrors(errors: readonly ErrorObject[]): Fault[] {
  // A failed choice repeats what its parts have already said.
  const telling = errors.filter(({ keyword }) => keyword !== 'oneOf' && keyword !== 'const');
  return (telling.length > 0 ? telling : errors).map(explain);
}

function explain({ instancePath, keyword, params, message }: ErrorObject): Fault {
  const named = params as Readonly<Record<string, unknown>>;
  const field = (name: string): string =>
    `${instancePath}/${String(named[name]).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  switch (keyword) {
    case 'required':
      return { pointer: field('missingProperty'), detail: 'is missing', mend: 'add it' };
    case 'additionalProperties':
      return {
        pointer: field('additionalProperty'),
        detail: 'is not a field of the format',
        mend: 'take it out or correct its name',
      };
    case 'enum':
      return {
        pointer: instancePath,
        detail: 'is not one of the choices',
        mend: `use ${(named['allowedValues'] as unknown[]).join(', ')}`,
      };
    case 'discriminator':
      return { pointer: field('tag'), detail: 'names no kind of clause', mend: `use ${CLAUSE_KINDS.join(', ')}` };
    case 'pattern':
      return {
        pointer: instancePath,
        detail: 'does not have the right form',
        mend: `it must match ${String(named['pattern'])}`,
      };
    case 'type':
      return {
        pointer: instancePath,
        detail: message ?? 'is of another type',
        mend: `write ${TYPES[String(named['type'])] ?? String(named['type'])}`,
      };
    case 'minItems':
      return {
        pointer: instancePath,
        detail: 'holds too little',
        mend: `put ${String(named['limit'])} or more into it`,
      };
    case 'minimum':
    case 'maximum':
      return {
        pointer: instancePath,
        detail: 'is out of bounds',
        mend: `it must be ${String(named['comparison'])} ${String(named['limit'])}`,
      };
    default:
      return { pointer: instancePath, detail: message ?? 'is not valid', mend: 'see policies/README.md' };
  }
}

const TYPES: Readonly<Record<string, string>> = {
  object: '{…}',
  array: '[…]',
  string: 'a text in "…"',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  'string,null': 'a text in "…", or null',
  'integer,null': 'a whole number, or null',
};
