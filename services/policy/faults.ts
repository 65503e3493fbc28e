/** What a schema finds wrong with a file, as a field, what is wrong with it, and how to mend it. */
import type { ErrorObject } from 'ajv';
import { CLAUSE_KINDS } from './clause-schema.ts';

export interface FaultFound {
  /** JSON pointer into the file. */
  readonly pointer: string;
  readonly detail: string;
  readonly mend: string;
}

export function explainErrors(errors: readonly ErrorObject[]): FaultFound[] {
  // A failed choice repeats what its parts have already said.
  const telling = errors.filter(({ keyword }) => keyword !== 'oneOf' && keyword !== 'const');
  return (telling.length > 0 ? telling : errors).map(explain);
}

function explain({ instancePath, keyword, params, message }: ErrorObject): FaultFound {
  const named = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'required':
      return { pointer: `${instancePath}/${String(named['missingProperty'])}`, detail: 'is missing', mend: 'add it' };
    case 'additionalProperties':
      return { pointer: `${instancePath}/${String(named['additionalProperty'])}`, detail: 'is not a field of the format', mend: 'take it out or correct its name' };
    case 'enum':
      return { pointer: instancePath, detail: 'is not one of the choices', mend: `use ${(named['allowedValues'] as unknown[]).join(', ')}` };
    case 'discriminator':
      return { pointer: `${instancePath}/${String(named['tag'])}`, detail: 'names no kind of clause', mend: `use ${CLAUSE_KINDS.join(', ')}` };
    case 'pattern':
      return { pointer: instancePath, detail: 'does not have the right form', mend: `it must match ${String(named['pattern'])}` };
    default:
      return { pointer: instancePath, detail: message ?? 'is not valid', mend: 'see policies/README.md' };
  }
}
