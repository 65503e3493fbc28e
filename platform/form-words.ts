/**
 * What is wrong with the form of a request, in words that tell how to mend it: what may stand there, and which fields
 * there are. Nothing of what was sent is repeated: it might be a person's number.
 */

import { codeOfProvinceName } from '#core/field/regions.ts';

/** What Ajv says of a form, with its schema (`verbose`). */
export interface FormError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  readonly parentSchema?: unknown;
  readonly data?: unknown;
}

export interface FormWords {
  readonly pointer: string;
  readonly detail: string;
  readonly hint?: string;
}

/** Longer lists are in the API documentation. */
const CHOICES_SHOWN = 40;

export function formWordsOf({ instancePath, keyword, params, message, parentSchema, data }: FormError): FormWords {
  switch (keyword) {
    case 'required':
      return { pointer: `${instancePath}/${String(params['missingProperty'])}`, detail: 'is missing' };
    case 'additionalProperties':
      return {
        pointer: instancePath,
        detail: 'has a field that isn’t taken here',
        hint: `check the spelling: the fields are ${fieldsOf(parentSchema).join(', ')}`,
      };
    case 'enum':
      return { pointer: instancePath, ...choicesOf(params['allowedValues'] as unknown[], data) };
    case 'discriminator':
      return { pointer: instancePath, ...kindsOf(String(params['tag']), parentSchema) };
    case 'type':
      return Array.isArray(data) && params['type'] === 'object'
        ? { pointer: instancePath, detail: 'must be an object, and is a list', hint: LIST_HINT }
        : { pointer: instancePath, detail: message ?? NOT_VALID };
    default:
      return { pointer: instancePath, detail: message ?? NOT_VALID, ...descriptionOf(parentSchema) };
  }
}

const NOT_VALID = 'is not valid';
const LIST_HINT = 'several at once go to /v1/recognitions/batch, as {"items": […]}';

function choicesOf(allowed: readonly unknown[], data: unknown): Omit<FormWords, 'pointer'> {
  const shown = allowed.slice(0, CHOICES_SHOWN).map(String).join(', ');
  const code = typeof data === 'string' ? codeOfProvinceName(data) : null;
  const detail = `must be one of ${shown}${allowed.length > CHOICES_SHOWN ? ', …' : ''}`;
  return code !== null && allowed.includes(code)
    ? { detail, hint: `write the code of this province, ${code}` }
    : { detail };
}

function kindsOf(tag: string, schema: unknown): Omit<FormWords, 'pointer'> {
  const { oneOf = [] } = (schema ?? {}) as { oneOf?: { properties?: Record<string, { const?: unknown }> }[] };
  const kinds = oneOf.map(({ properties = {} }) => String(properties[tag]?.const));
  return { detail: `${tag} must be one of ${kinds.join(', ')}` };
}

function fieldsOf(schema: unknown): readonly string[] {
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});
}

function descriptionOf(schema: unknown): { readonly hint?: string } {
  const { description } = (schema ?? {}) as { description?: string };
  return description === undefined ? {} : { hint: description };
}
