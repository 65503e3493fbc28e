/**
 * The project's sources as the tests of their form see them: each file with its text and what it imports, types too.
 */

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '#platform/folders.ts';

/** The folders at the top that hold TypeScript. */
export const TOPS = ['core', 'platform', 'exchange', 'services', 'infra', 'exercises', 'test'] as const;

export interface Source {
  /** From the root, such as `core/view/merge.ts`. */
  readonly file: string;
  readonly text: string;
}

export const SOURCES: readonly Source[] = globSync(
  TOPS.map((top) => `${top}/**/*.ts`),
  { cwd: ROOT },
)
  .sort()
  .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));

const { imports: ALIASES } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  imports: Readonly<Record<string, string>>;
};

/** What a text imports or exports from elsewhere, `import type` and `import()` too, as it is written there. */
export function importsOf(text: string): string[] {
  const patterns =
    /(?:^|;)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|\bimport\s*\(\s*'([^']+)'|^import\s*'([^']+)'/gm;
  return [...text.matchAll(patterns)].map(([, first, second, third]) => first ?? second ?? third ?? '');
}

/** The file of this project that an import names, or null for a package. */
export function resolveImport(name: string, from: string): string | null {
  if (name.startsWith('.')) return normalize(join(dirname(from), name));
  for (const [alias, target] of Object.entries(ALIASES)) {
    const prefix = alias.slice(0, -1);
    if (name.startsWith(prefix)) return normalize(join(target.slice(0, -1), name.slice(prefix.length)));
  }
  return null;
}
