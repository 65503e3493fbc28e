/**
 * Reads the recognition rules from their folder. Either all of them can be used together or none is: a rule that is wrong
 * is named by file, line, field and mend, and never skipped, for skipping it would let another rule decide in its place.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { faultsOfBook } from '#core/book-faults.ts';
import type { CodeText, NationalCodeText } from '#core/code-table.ts';
import { type CodeBook, compileCodeBook, NO_CODE_TABLES } from '#core/conversion.ts';
import { compilePolicyBook, type PolicyBook } from '#core/policy-book.ts';
import type { RuleText } from '#core/policy.ts';
import { describeError, HutongError } from '#platform/errors.ts';
import { explainErrors, type FaultFound } from './faults.ts';
import { lineOf, linesOf } from './lines.ts';
import { codeFaults, CodeSchema, NationalCodeSchema } from './code-schema.ts';
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
  readonly codeBook: CodeBook;
  readonly faults: readonly PolicyFault[];
}

/** The text of each file, by its place under the folder, in a fixed order. */
export type PolicyTexts = ReadonlyMap<string, string>;

export interface RuleSet {
  readonly book: PolicyBook;
  readonly texts: readonly RuleText[];
}

/** @throws HutongError POLICY_INVALID, naming every fault found. */
export async function loadPolicies(folder: string): Promise<PolicyBook> {
  return (await loadRuleSet(folder)).book;
}

/** @throws HutongError POLICY_INVALID, naming every fault found. */
export async function loadRuleSet(folder: string): Promise<RuleSet> {
  return compilePolicies(await readTexts(folder), folder);
}

/** @throws HutongError POLICY_INVALID, naming every fault found. */
export function compilePolicies(files: PolicyTexts, where: string): RuleSet {
  const { rules, codeBook, faults } = parsePolicies(files);
  if (faults.length > 0) {
    throw new HutongError('POLICY_INVALID', faults.map(faultText).join('\n'), { retriable: false, hint: `mend the files under ${where}; policies/README.md describes the format` });
  }
  const texts = rules.map(({ rule }) => rule);
  return { book: compilePolicyBook(texts, codeBook), texts };
}

/** Such as `11-beijing/entry-v1.json:24 /clauses/0/from: takes …; write "all"`. */
export function faultText({ file, line, pointer, detail, mend }: PolicyFault): string {
  return `${file}${line === null ? '' : `:${line}`} ${pointer || '/'}: ${detail}; ${mend}`;
}

export async function readPolicies(folder: string): Promise<PoliciesRead> {
  return parsePolicies(await readTexts(folder));
}

/** All rules and all that is wrong with them; faults among rules are looked for once each is right in itself. */
function parsePolicies(texts: PolicyTexts): PoliciesRead {
  const rules: Placed<RuleText>[] = [];
  const provinces: Placed<ProvinceText>[] = [];
  const national: Placed<NationalCodeText>[] = [];
  const codes: Placed<CodeText>[] = [];
  const faults: PolicyFault[] = [];
  for (const [file, text] of texts) {
    switch (file.split(/[/\\]/).at(-1)) {
      case 'province.json':
        collect(parseAs(file, text, isProvince), provinces, faults);
        break;
      case 'code.json':
        collect(parseAs(file, text, isCode), codes, faults);
        break;
      case 'national-code.json':
        collect(parseAs(file, text, isNationalCode), national, faults);
        break;
      default:
        collect(parseAs(file, text, isRule), rules, faults);
    }
  }
  faults.push(...rules.flatMap(placeFaults));
  const values = rules.map(({ value }) => value);
  const found = { rules: rules.map(({ file, value }) => ({ file, rule: value })), provinces: provinces.map(({ value }) => value), codeBook: NO_CODE_TABLES };
  if (faults.length > 0) return { ...found, faults };
  const among = faultsOfBook(values).map(({ index, ...fault }) => located(rules[index], fault));
  const ofProvinces = among.length > 0 ? [] : provinceFaults(provinces, values).map(({ index, ...fault }) => located(provinces[index], fault));
  const ofCodes = codeFaults(national, codes).map(({ of, ...fault }) => located(of, fault));
  const all = [...among, ...ofProvinces, ...ofCodes];
  const [nationalCode] = national;
  const codeBook = all.length > 0 || nationalCode === undefined ? NO_CODE_TABLES : compileCodeBook(nationalCode.value, codes.map(({ value }) => value));
  return { ...found, codeBook, faults: all };
}

function located(placed: Placed<unknown> | undefined, fault: FaultFound): PolicyFault {
  return { file: placed?.file ?? '.', line: placed === undefined ? null : lineOf(placed.lines, fault.pointer), ...fault };
}

function collect<T>(read: Placed<T> | { readonly faults: readonly PolicyFault[] }, into: Placed<T>[], faults: PolicyFault[]): void {
  if ('faults' in read) faults.push(...read.faults);
  else into.push(read);
}

/** Rules, provinces and codes; the cases beside them are for tests and tools. */
export async function readTexts(folder: string): Promise<PolicyTexts> {
  const names = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new HutongError('POLICY_INVALID', `can’t read ${folder}: ${describeError(cause)}`, { retriable: false, cause, hint: 'HUTONG_POLICIES names the folder of the recognition rules' });
  });
  const files = names.filter((name) => name.endsWith('.json') && !name.endsWith('.cases.json')).sort();
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file), 'utf8')] as const)));
}

const ajv = new Ajv({ allErrors: true, discriminator: true, useDefaults: true, strictRequired: false, allowUnionTypes: true });
const isRule = ajv.compile<RuleText>(RuleSchema);
const isProvince = ajv.compile<ProvinceText>(ProvinceSchema);
const isCode = ajv.compile<CodeText>(CodeSchema);
const isNationalCode = ajv.compile<NationalCodeText>(NationalCodeSchema);

function parseAs<T>(file: string, text: string, is: { (value: unknown): value is T; errors?: typeof isRule.errors }): Placed<T> | { readonly faults: readonly PolicyFault[] } {
  let value: unknown;
  try {
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
