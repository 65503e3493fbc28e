/**
 * Reads the recognition rules from their folder. Either all of them can be used together or none is: a rule that is wrong
 * is named by file, field and mend, and never skipped, for skipping it would let another rule decide in its place.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { compilePolicyBook, faultsOfBook, type PolicyBook } from '#core/policy-book.ts';
import type { RuleText } from '#core/policy.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import { RuleSchema } from './policy-schema.ts';

export interface PolicyFault {
  /** Relative to the folder of the policies. */
  readonly file: string;
  /** JSON pointer into the file. */
  readonly pointer: string;
  readonly detail: string;
  readonly mend: string;
}

export interface PoliciesRead {
  readonly rules: readonly { readonly file: string; readonly rule: RuleText }[];
  readonly faults: readonly PolicyFault[];
}

/** @throws HutongError POLICY_INVALID, naming every fault found. */
export async function loadPolicies(folder: string): Promise<PolicyBook> {
  const { rules, faults } = await readPolicies(folder);
  if (faults.length > 0) {
    const lines = faults.map(({ file, pointer, detail, mend }) => `${file} ${pointer || '/'}: ${detail}; ${mend}`);
    throw new HutongError('POLICY_INVALID', lines.join('\n'), { retriable: false, hint: `mend the files under ${folder}; policies/README.md describes the format` });
  }
  return compilePolicyBook(rules.map(({ rule }) => rule));
}

/** All rules of a folder and all that is wrong with them; faults among rules are looked for once each is right in itself. */
export async function readPolicies(folder: string): Promise<PoliciesRead> {
  const read = await Promise.all((await listFiles(folder)).map((file) => readRule(folder, file)));
  const faults = read.flatMap((one) => ('rule' in one ? placeFaults(one) : one.faults));
  const rules = read.filter((one) => 'rule' in one);
  if (faults.length > 0) return { rules, faults };
  const among = faultsOfBook(rules.map(({ rule }) => rule));
  return { rules, faults: among.map(({ index, ...fault }) => ({ file: rules[index]?.file ?? '00-national', ...fault })) };
}

/** `<code>-<name>/<rule>-v<version>.json`, in a fixed order. */
async function listFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new HutongError('POLICY_INVALID', `can’t read ${folder}: ${describeError(cause)}`, { retriable: false, cause, hint: 'HUTONG_POLICIES names the folder of the recognition rules' });
  });
  return names.filter((name) => name.endsWith('.json')).sort();
}

type RuleRead = { readonly file: string; readonly rule: RuleText } | { readonly faults: readonly PolicyFault[] };

async function readRule(folder: string, file: string): Promise<RuleRead> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(folder, file), 'utf8'));
  } catch (cause) {
    return { faults: [{ file, pointer: '', detail: `is not JSON: ${describeError(cause)}`, mend: 'the message says where' }] };
  }
  return isRule(value) ? { file, rule: value } : { faults: faultsOf(isRule.errors ?? [], file) };
}

const ajv = new Ajv({ allErrors: true, discriminator: true, useDefaults: true, strictRequired: false, allowUnionTypes: true });
const isRule = ajv.compile<RuleText>(RuleSchema);

function faultsOf(errors: readonly ErrorObject[], file: string): PolicyFault[] {
  // A failed choice repeats what its parts have already said.
  const telling = errors.filter(({ keyword }) => keyword !== 'oneOf' && keyword !== 'const');
  return (telling.length > 0 ? telling : errors).map((error) => ({ file, ...explain(error) }));
}

function explain({ instancePath, keyword, params, message }: ErrorObject): Omit<PolicyFault, 'file'> {
  const named = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'required':
      return { pointer: `${instancePath}/${String(named['missingProperty'])}`, detail: 'is missing', mend: 'add it' };
    case 'additionalProperties':
      return { pointer: `${instancePath}/${String(named['additionalProperty'])}`, detail: 'is not a field of the format', mend: 'take it out or correct its name' };
    case 'enum':
      return { pointer: instancePath, detail: 'is not one of the choices', mend: `use ${(named['allowedValues'] as unknown[]).join(', ')}` };
    case 'discriminator':
      return { pointer: `${instancePath}/${String(named['tag'])}`, detail: 'names no kind of clause', mend: 'use result or sampling' };
    case 'pattern':
      return { pointer: instancePath, detail: 'does not have the right form', mend: `it must match ${String(named['pattern'])}` };
    default:
      return { pointer: instancePath, detail: message ?? 'is not valid', mend: 'see policies/README.md' };
  }
}

/** A file lies where its rule's id and version say, so that it's found by them. */
function placeFaults({ file, rule }: { file: string; rule: RuleText }): PolicyFault[] {
  const name = rule.id.slice(rule.id.indexOf('/') + 1);
  const right = new RegExp(`^${rule.province}-[a-z-]+[/\\\\]${name}-v${rule.version}\\.json$`);
  if (right.test(file)) return [];
  return [{ file, pointer: '/id', detail: `does not agree with the file’s place`, mend: `move it to ${rule.province}-<name>/${name}-v${rule.version}.json or correct id, province or version` }];
}
