/** What a module of a program is told of its place: that of its source, however it asks. */

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withOwnPlace, withOwnThreads } from '#infra/build/bundle.ts';
import { ROOT } from '#platform/folders.ts';

const FILE = '/project/platform/folders.ts';

it('a module reads beside its source, not beside the build', () => {
  const told = withOwnPlace("at(import.meta.dirname, import.meta.filename, new URL('./x', import.meta.url))", FILE);
  expect(told).toBe(`at("/project/platform", "${FILE}", new URL('./x', "file://${FILE}"))`);
});

it('a CommonJS module too, but not one that makes such a name itself', () => {
  expect(withOwnPlace('read(__dirname, __filename, a.__dirname)', FILE)).toBe(
    `read("/project/platform", "${FILE}", a.__dirname)`,
  );
  const own = 'const __dirname = dirname(fileURLToPath(import.meta.url));';
  expect(withOwnPlace(own, FILE)).toBe(`const __dirname = dirname(fileURLToPath("file://${FILE}"));`);
});

it('a thread of a built program began with its source, which may have changed since', () => {
  const file = join(ROOT, 'services/producer/file-reading.ts');
  const told = (code: string): string =>
    withOwnThreads(withOwnPlace(code, file), file, { 'file-worker': 'services/producer/file-worker.ts' });
  expect(told("new Worker(new URL('file-worker.ts', import.meta.url))")).toBe(
    "new Worker(new URL('file-worker.js', import.meta.url))",
  );
  expect(told("new URL('beside.json', import.meta.url)")).toContain('services/producer/file-reading.ts');
});
