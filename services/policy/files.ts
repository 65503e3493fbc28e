/**
 * Reads the recognition rules from their folder. Either all of them can be used together or none is: a rule that is wrong
 * is named by file, line, field and mend, and never skipped, for skipping it would let another rule decide in its place.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { faultsOfBook } from '#core/book-faults.ts';
import { compilePolicyBook, type PolicyBook } from '#core/policy-book.ts';
import type { RuleText } from '#core/policy.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import { explainErrors, type FaultFound } from './faults.ts';
import { lineOf, linesOf } from './lines.ts';
import { type ProvinceText, ProvinceSchema, provinceFaults } from './province.ts';
import { RuleSchema } from './schema.ts';

export interface PolicyFault extends FaultFound {
  /** Relative to the folder of the policies. */
  readonly file: string;
  /** From 1; null where the file can't be read. */
  readonly line: number | null;
}

interface Placed<T> {
  readonly file: string;
  readonly lines: ReadonlyMap<string, number>;
  readonly value: T;
}

export interface PoliciesRead {
  readonly rules: readonly { readonly file: string; readonly rule: RuleText }[];
  readonly provinces: readonly ProvinceText[];
  readonly faults: readonly PolicyFault[];
}

/** @throws HutongError POLICY_INVALID, naming every fault found. */
export async function loadPolicies(folder: string): Promise<PolicyBook> {
  const { rules, faults } = await readPolicies(folder);
  if (faults.length > 0) {
    throw new HutongError('POLICY_INVALID', faults.map(faultText).join('\n'), { retriable: false, hint: `mend the files under ${folder}; policies/README.md describes the format` });
  }
  return compilePolicyBook(rules.map(({ rule }) => rule));
}

/** Such as `11-beijing/entry-v1.json:24 /clauses/0/from: takes …; write "all"`. */
export function faultText({ file, line, pointer, detail, mend }: PolicyFault): string {
  return `${file}${line === null ? '' : `:${line}`} ${pointer || '/'}: ${detail}; ${mend}`;
}

/** All rules of a folder and all that is wrong with them; faults among rules are looked for once each is right in itself. */
export async function readPolicies(folder: string): Promise<PoliciesRead> {
  const files = await listFiles(folder);
  const rules: Placed<RuleText>[] = [];
  const provinces: Placed<ProvinceText>[] = [];
  const faults: PolicyFault[] = [];
  for (const file of files) {
    if (isProvinceFile(file)) collect(await readAs(folder, file, isProvince), provinces, faults);
    else collect(await readAs(folder, file, isRule), rules, faults);
  }
  faults.push(...rules.flatMap(placeFaults));
  const texts = rules.map(({ value }) => value);
  const found = { rules: rules.map(({ file, value }) => ({ file, rule: value })), provinces: provinces.map(({ value }) => value) };
  if (faults.length > 0) return { ...found, faults };
  const among = faultsOfBook(texts).map(({ index, ...fault }) => located(rules[index], fault));
  const ofProvinces = among.length > 0 ? [] : provinceFaults(provinces, texts).map(({ index, ...fault }) => located(provinces[index], fault));
  return { ...found, faults: [...among, ...ofProvinces] };
}

function located(placed: Placed<unknown> | undefined, fault: FaultFound): PolicyFault {
  return { file: placed?.file ?? '.', line: placed === undefined ? null : lineOf(placed.lines, fault.pointer), ...fault };
}

function collect<T>(read: Placed<T> | { readonly faults: readonly PolicyFault[] }, into: Placed<T>[], faults: PolicyFault[]): void {
  if ('faults' in read) faults.push(...read.faults);
  else into.push(read);
}

const isProvinceFile = (file: string): boolean => /(^|[/\\])province\.json$/.test(file);

/** Rules and provinces in a fixed order; the cases beside them are for tests and tools. */
async function listFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new HutongError('POLICY_INVALID', `can’t read ${folder}: ${describeError(cause)}`, { retriable: false, cause, hint: 'HUTONG_POLICIES names the folder of the recognition rules' });
  });
  return names.filter((name) => name.endsWith('.json') && !name.endsWith('.cases.json')).sort();
}

const ajv = new Ajv({ allErrors: true, discriminator: true, useDefaults: true, strictRequired: false, allowUnionTypes: true });
const isRule = ajv.compile<RuleText>(RuleSchema);
const isProvince = ajv.compile<ProvinceText>(ProvinceSchema);

async function readAs<T>(folder: string, file: string, is: { (value: unknown): value is T; errors?: typeof isRule.errors }): Promise<Placed<T> | { readonly faults: readonly PolicyFault[] }> {
  let text: string;
  let value: unknown;
  try {
    text = await readFile(join(folder, file), 'utf8');
    value = JSON.parse(text);
  } catch (cause) {
    return { faults: [{ file, line: null, pointer: '', detail: `is not JSON: ${describeError(cause)}`, mend: 'the message says where' }] };
  }
  const lines = linesOf(text);
  if (is(value)) return { file, lines, value };
  return { faults: explainErrors(is.errors ?? []).map((fault) => ({ file, line: lineOf(lines, fault.pointer), ...fault })) };
}

/** A file lies where its rule's id and version say, so that it's found by them. */
function placeFaults({ file, lines, value: rule }: Placed<RuleText>): PolicyFault[] {
  const name = rule.id.slice(rule.id.indexOf('/') + 1);
  const right = new RegExp(`^${rule.province}-[a-z-]+[/\\\\]${name}-v${rule.version}\\.json$`);
  if (right.test(file)) return [];
  return [{ file, line: lineOf(lines, '/id'), pointer: '/id', detail: 'does not agree with the file’s place', mend: `move it to ${rule.province}-<name>/${name}-v${rule.version}.json or correct id, province or version` }];
}
