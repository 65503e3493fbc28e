/**
 * Reads the recognition rules from their folder. Either all of them can be used together or none is: a rule that is
 * wrong is named by file, line, field and mend, and never skipped, for skipping it would let another rule decide in
 * its place. To read them takes half a second, and a look-up does so while it answers: so it is done in turns.
 */

import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Ajv } from 'ajv';
import { compilePolicyBook, type PolicyBook, type WithRules } from '#core/book/policy-book.ts';
import { compileSearches } from '#core/book/searched.ts';
import { type CodeText, type NationalCodeText, CodeSchema, NationalCodeSchema } from '#core/codes/code-table.ts';
import { type CodeBook, compileCodeBook, NO_CODE_TABLES } from '#core/codes/conversion.ts';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { faultsRuleByRule } from '#core/rules/book-faults.ts';
import { type KindsText, KindsSchema, NO_KINDS } from '#core/rules/kinds-text.ts';
import { redate, type Redating } from '#core/rules/redate.ts';
import { type RuleText, RuleSchema } from '#core/rules/rule-text.ts';
import type { Fault } from '#core/terms/fault.ts';
import { HutongError } from '#platform/errors.ts';
import { lazily } from '#platform/lazily.ts';
import { inTurns } from '#platform/limits/turns.ts';
import {
  type Checked,
  checkJson,
  type FileFault,
  type FileRead,
  faultText,
  type InFile,
  located,
  readBytes,
  whyUnread,
} from './checked.ts';
import { codeFaults } from './code-faults.ts';
import { forgottenIn } from './forgotten.ts';
import { noneFoundOf, type ProvinceText, ProvinceSchema, provinceFaults } from './schema/province.ts';
import { silentOf } from './silent.ts';

export interface PoliciesRead {
  readonly rules: readonly (InFile<RuleText> & { readonly rule: RuleText })[];
  readonly provinces: readonly InFile<ProvinceText>[];
  /** What the rules are compiled with. */
  readonly withRules: WithRules;
  /** Null: there are faults. */
  readonly book: PolicyBook | null;
  readonly faults: readonly FileFault[];
}

/** The bytes of each file, by its place under the folder, in a fixed order; or why there are none. */
export type PolicyFiles = ReadonlyMap<string, FileRead>;

export interface RuleSet {
  readonly book: PolicyBook;
  readonly texts: readonly RuleText[];
}

/**
 * @param named where the folder's name comes from, for who has to correct it
 * @throws HutongError POLICY_INVALID, naming every fault found
 */
export async function loadPolicies(folder: string, named?: string): Promise<PolicyBook> {
  return (await loadRuleSet(folder, named)).book;
}

/** @throws HutongError POLICY_INVALID, naming every fault found. */
export async function loadRuleSet(folder: string, named?: string): Promise<RuleSet> {
  return compilePolicies(await readFiles(folder, named), folder);
}

/**
 * @param redating where they are put in force as of another day, once all has been judged by the original dates
 * @throws HutongError POLICY_INVALID, naming every fault found.
 */
export async function compilePolicies(files: PolicyFiles, where: string, redating?: Redating): Promise<RuleSet> {
  const { rules, provinces, withRules, book, faults } = await parsePolicies(files);
  if (book === null) {
    throw new HutongError('POLICY_INVALID', faults.map(faultText).join('\n'), {
      retriable: false,
      hint: `mend the files under ${where}; policies/README.md describes the format`,
    });
  }
  const original = rules.map(({ rule }) => rule);
  if (redating === undefined) return { book, texts: original };
  const texts = redate(original, redating.redated, redating.publishedAtMs);
  const searched = compileSearches(
    noneFoundOf(
      provinces.map(({ value }) => value),
      original,
    ),
    redating,
  );
  const moved = compilePolicyBook(texts, { ...withRules, searched, redated: redating.redated });
  return { book: await workedOut(moved), texts };
}

/** Each destination is asked about once, so that no caller waits until what judges it is worked out. */
async function workedOut(book: PolicyBook): Promise<PolicyBook> {
  const pause = inTurns();
  for (const destination of PROVINCE_CODES) {
    book.select({ destination, purpose: 'entry', kind: null, place: null }, 0);
    await pause();
  }
  return book;
}

/** By province the places whose rules hold where none is stated, in order. */
function standsForOf(provinces: readonly ProvinceText[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    provinces.flatMap(({ province, standsFor }) =>
      standsFor === undefined ? [] : [[province, [standsFor].flat()] as const],
    ),
  );
}

export async function readPolicies(folder: string): Promise<PoliciesRead> {
  return parsePolicies(await readFiles(folder));
}

/** All rules and all that is wrong with them; faults among rules are looked for once each is right in itself. */
async function parsePolicies(files: PolicyFiles): Promise<PoliciesRead> {
  const pause = inTurns();
  const rules: InFile<RuleText>[] = [];
  const provinces: InFile<ProvinceText>[] = [];
  const national: InFile<NationalCodeText>[] = [];
  const codes: InFile<CodeText>[] = [];
  const tables: InFile<KindsText>[] = [];
  const faults: FileFault[] = [];
  for (const [file, bytes] of files) {
    await pause();
    switch (file.split(/[/\\]/).at(-1)) {
      case 'province.json':
        collect(checkJson(file, bytes, isProvince()), provinces, faults);
        break;
      case 'kinds.json':
        collect(checkJson(file, bytes, isKinds()), tables, faults);
        break;
      case 'code.json':
        collect(checkJson(file, bytes, isCode()), codes, faults);
        break;
      case 'national-code.json':
        collect(checkJson(file, bytes, isNationalCode()), national, faults);
        break;
      default:
        collect(checkJson(file, bytes, isRule()), rules, faults);
    }
  }
  faults.push(...rules.flatMap(placeFaults));
  const values = rules.map(({ value }) => value);
  const kinds = tables[0]?.value.kinds ?? NO_KINDS;
  faults.push(...tables.flatMap(kindsPlaceFaults));
  const found = {
    rules: rules.map((inFile) => ({ ...inFile, rule: inFile.value })),
    provinces,
    withRules: { kinds },
    book: null,
  };
  if (faults.length > 0) return { ...found, faults };
  const looking = faultsRuleByRule(values, kinds);
  let looked = looking.next();
  while (looked.done !== true) {
    await pause();
    looked = looking.next();
  }
  const among = looked.value.map(({ index, ...fault }) => locatedIn(rules[index], fault));
  await pause();
  const ofProvinces =
    among.length > 0
      ? []
      : provinceFaults(provinces, values, kinds).map(({ index, ...fault }) => locatedIn(provinces[index], fault));
  await pause();
  const ofCodes = codeFaults(national, codes).map(({ of, ...fault }) => locatedIn(of, fault));
  const all = [...among, ...ofProvinces, ...ofCodes];
  if (all.length > 0) return { ...found, faults: all };
  const texts = provinces.map(({ value }) => value);
  const withRules = {
    kinds,
    standsFor: standsForOf(texts),
    codeBook: codeBookOf(national, codes),
    searched: compileSearches(noneFoundOf(texts, values)),
  };
  await pause();
  const book = await workedOut(compilePolicyBook(values, withRules));
  await pause();
  const ofBook = forgottenIn(values, book).map(({ index, ...fault }) => locatedIn(rules[index], fault));
  for (const inFile of provinces) {
    await pause();
    ofBook.push(...silentOf(inFile.value, values, book).map((fault) => located(inFile, fault)));
  }
  return { ...found, withRules, book: ofBook.length === 0 ? book : null, faults: ofBook };
}

function codeBookOf([national]: readonly InFile<NationalCodeText>[], codes: readonly InFile<CodeText>[]): CodeBook {
  if (national === undefined) return NO_CODE_TABLES;
  return compileCodeBook(
    national.value,
    codes.map(({ value }) => value),
  );
}

function locatedIn(inFile: InFile<unknown> | undefined, fault: Fault): FileFault {
  return inFile === undefined ? { file: '.', line: null, column: null, ...fault } : located(inFile, fault);
}

function collect<T>(read: Checked<T>, into: InFile<T>[], faults: FileFault[]): void {
  if ('faults' in read) faults.push(...read.faults);
  else into.push(read);
}

/**
 * Rules, provinces and codes, and whatever else lies there and might be meant for one; cases are for tests and tools.
 */
export async function readFiles(folder: string, named = 'name the folder that holds the rules'): Promise<PolicyFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new HutongError('POLICY_INVALID', `${folder} ${whyUnread(cause).detail}`, {
      retriable: false,
      cause,
      hint: named,
    });
  });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const files = names.filter((name) => !name.endsWith('.cases.json') && !IS_NO_RULE.test(name)).sort();
  return new Map(
    await Promise.all(
      files.map(
        async (file) =>
          [file, file.endsWith('.json') ? await readBytes(join(folder, file), file) : notRead(file)] as const,
      ),
    ),
  );
}

/** What nobody takes for a rule: texts, and what systems and editors leave behind. */
const IS_NO_RULE = /\.(?:md|txt)$|~$|(?:^|[/\\])\./;

/** Ignored silently, a rule would be missing that its writer believes in force. */
function notRead(file: string): FileRead {
  return {
    faults: [
      {
        file,
        line: null,
        column: null,
        pointer: '',
        detail: 'is not read: only .json files are',
        mend: 'rename it to .json and take out what JSON has not, such as comments; or remove it',
      },
    ],
  };
}

const ajv = new Ajv({
  allErrors: true,
  discriminator: true,
  useDefaults: true,
  strictRequired: false,
  allowUnionTypes: true,
});
// Every command loads this module, and to compile these takes as long as all else that a command does to start.
const isRule = lazily(() => ajv.compile<RuleText>(RuleSchema));
const isProvince = lazily(() => ajv.compile<ProvinceText>(ProvinceSchema));
const isKinds = lazily(() => ajv.compile<KindsText>(KindsSchema));
const isCode = lazily(() => ajv.compile<CodeText>(CodeSchema));
const isNationalCode = lazily(() => ajv.compile<NationalCodeText>(NationalCodeSchema));

/** One table for all, where everybody finds it. */
function kindsPlaceFaults(inFile: InFile<KindsText>): FileFault[] {
  if (/^00-[a-z-]+[/\\]kinds\.json$/.test(inFile.file)) return [];
  return [
    located(inFile, {
      pointer: '/kinds',
      detail: 'does not lie with the national rules',
      mend: 'add what is new to 00-national/kinds.json, and remove this file',
    }),
  ];
}

/** A file lies where its rule's id and version say, so that it's found by them. */
function placeFaults(inFile: InFile<RuleText>): FileFault[] {
  const { file, value: rule } = inFile;
  const name = rule.id.slice(rule.id.indexOf('/') + 1);
  const right = new RegExp(`^${rule.province}-[a-z-]+[/\\\\]${name}-v${rule.version}\\.json$`);
  if (right.test(file)) return [];
  return [
    located(inFile, {
      pointer: '/id',
      detail: 'does not agree with the file’s place',
      mend: `move it to ${rule.province}-<name>/${name}-v${rule.version}.json or correct id, province or version`,
    }),
  ];
}
