/** The rules of the project: as they ship, read once for all who ask, and with another bound of freshness. */

import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyBook } from '#core/book/policy-book.ts';
import { loadPolicies, type PoliciesRead, readPolicies } from '#exchange/policy/files.ts';
import { POLICIES } from '#platform/folders.ts';

let book: Promise<PolicyBook> | undefined;
let read: Promise<PoliciesRead> | undefined;

/** To be looked at, never changed: all tests of a worker have the same. */
export const shippedBook = (): Promise<PolicyBook> => (book ??= loadPolicies(POLICIES));
/** Likewise. */
export const shippedPolicies = (): Promise<PoliciesRead> => (read ??= readPolicies(POLICIES));

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
