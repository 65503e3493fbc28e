/** The rules of the project with another bound of freshness, in a folder of their own. */

import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { POLICIES } from '#platform/folders.ts';

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
