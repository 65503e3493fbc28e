/** The rules of the project: as they ship, in a folder that may be changed, and with another bound of freshness. */

import {
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { shanghaiDayOf, parseTime } from '#core/field/time.ts';
import { compilePolicies, loadPolicies, type PoliciesRead, readFiles, readPolicies } from '#exchange/policy/files.ts';
import { POLICIES } from '#platform/folders.ts';

let book: Promise<PolicyBook> | undefined;
let read: Promise<PoliciesRead> | undefined;

/** To be looked at, never changed: all tests of a worker have the same. */
export const shippedBook = (): Promise<PolicyBook> => (book ??= loadPolicies(POLICIES));
/** Likewise. */
export const shippedPolicies = (): Promise<PoliciesRead> => (read ??= readPolicies(POLICIES));

/** The rules of a day of 2022 as they would be in force now, published as `hutong policy publish --as-of` does. */
export async function shippedBookAsOf(asOf: string, nowMs: number): Promise<PolicyBook> {
  const thenMs = parseTime(`${asOf}T00:00+08:00`)?.atMs ?? Number.NaN;
  const redated = { asOf, shiftedByDays: shanghaiDayOf(nowMs) - shanghaiDayOf(thenMs) };
  return (await compilePolicies(await readFiles(POLICIES), POLICIES, { redated, publishedAtMs: nowMs })).book;
}

/** What ships, in a folder that tests may change: copied once, and put right after each of them. */
export class ChangeableRules {
  readonly folder = mkdtempSync(join(tmpdir(), 'hutong-policies-'));
  readonly #asCopied = new Map<string, string>();

  /** @param folders of which alone there is a copy: what is wrong in one file comes out without most of the others */
  constructor(folders: readonly string[] = readdirSync(POLICIES)) {
    for (const name of folders) cpSync(join(POLICIES, name), join(this.folder, name), { recursive: true });
    for (const name of this.#names()) this.#asCopied.set(name, this.#markOf(name));
  }

  putRight(): void {
    for (const name of this.#names()) if (!this.#asCopied.has(name)) this.#remove(name);
    // A folder comes before what is in it.
    for (const [name, mark] of this.#asCopied) {
      if (this.#markOf(name) === mark) continue;
      if (mark === FOLDER) mkdirSync(join(this.folder, name));
      else {
        this.#remove(name);
        copyFileSync(join(POLICIES, name), join(this.folder, name));
        this.#asCopied.set(name, this.#markOf(name));
      }
    }
  }

  remove(): void {
    this.#remove('');
  }

  #names(): readonly string[] {
    return readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
  }

  /** Another one after any change. */
  #markOf(name: string): string {
    const found = lstatSync(join(this.folder, name), { throwIfNoEntry: false, bigint: true });
    if (found === undefined) return 'none';
    return found.isDirectory() ? FOLDER : `${found.ino} ${found.size} ${found.ctimeNs}`;
  }

  #remove(name: string): void {
    rmSync(join(this.folder, name), { recursive: true, force: true });
  }
}
const FOLDER = 'a folder';

/** Without the nation's end of all rules: those that have no other end ask today what they asked in 2022. */
export function policiesWithoutTheEnd(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-policies-'));
  cpSync(POLICIES, folder, {
    recursive: true,
    filter: (path) => !/00-national\/nothing-asked(?:-v2|\.cases)/.test(path),
  });
  // What it says of the last days of 2022 stays: without it these would have no rule, and nobody would have said so.
  const file = join(folder, '00-national/nothing-asked-v1.json');
  const rule = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(
    file,
    JSON.stringify({ ...rule, afterwards: { zh: '（测试）不再终止', en: 'it ends nothing (a test)' } }),
  );
  return folder;
}

export function policiesWithFreshnessBound(seconds: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-policies-'));
  cpSync(POLICIES, folder, { recursive: true });
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /-v\d+\.json$/.test(name),
  )) {
    const rule = JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
    writeFileSync(join(folder, file), JSON.stringify({ ...rule, freshnessBoundSeconds: seconds }));
  }
  return folder;
}
