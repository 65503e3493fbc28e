/**
 * Makes programs of modules, with rolldown. What a program does must never depend on whether it was built: each module
 * is told the place that it has among the sources, for what it reads from there.
 */

import { writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { ROOT } from '#platform/folders.ts';

/** The module that each starts with, by its name. */
type Programs = Readonly<Record<string, string>>;

export async function bundle(programs: Programs, folder: string): Promise<void> {
  await using build = await rolldown({
    cwd: ROOT,
    input: { ...programs },
    platform: 'node',
    // Which of its modules it loads its first one hides, by handing on `require` under another name.
    resolve: { alias: { 'jsonc-parser': join(ROOT, 'node_modules/jsonc-parser/lib/esm/main.js') } },
    plugins: [placing(programs)],
    // Packages look for what isn't installed, and are content without.
    onLog: (level, { code, message }) => {
      if (level === 'warn' && code !== 'EVAL') throw new Error(`a program can't be built as it would run: ${message}`);
    },
  });
  await build.write({ dir: folder, format: 'esm', sourcemap: true, sourcemapExcludeSources: true, keepNames: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
}

const placing = (programs: Programs): Plugin => ({
  name: 'placing',
  transform: {
    filter: { id: /^\//, code: /import\.meta\.|__(?:dirname|filename)\b/ },
    // Lines stay where they were.
    handler: (code, file) => ({ code: withOwnThreads(withOwnPlace(code, file), file, programs), map: null }),
  },
});

/** A thread begins with a program beside the one that starts it. The sources may be others by then. */
export function withOwnThreads(code: string, file: string, programs: Programs): string {
  const here = JSON.stringify(pathToFileURL(file).href);
  return Object.entries(programs).reduce((told, [name, module]) => {
    const source = `new URL('${relative(dirname(file), join(ROOT, module))}', ${here})`;
    return told.replaceAll(source, () => `new URL('${name}.js', import.meta.url)`);
  }, code);
}

/** A CommonJS module is told its place by two names, and another may have names of its own that are the same. */
export function withOwnPlace(code: string, file: string): string {
  const place: Readonly<Record<string, string>> = {
    'import.meta.url': pathToFileURL(file).href,
    'import.meta.filename': file,
    'import.meta.dirname': dirname(file),
    ...(code.includes('import.meta.') ? {} : { __filename: file, __dirname: dirname(file) }),
  };
  return Object.entries(place).reduce(
    (told, [name, value]) =>
      told.replaceAll(new RegExp(`(?<![\\w$.])${name.replaceAll('.', '\\.')}\\b`, 'g'), () => JSON.stringify(value)),
    code,
  );
}
