/** What a module of a program is told of its place: that of its source, however it asks. */

import { expect, it } from 'vitest';
import { withOwnPlace } from '#infra/build/bundle.ts';

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
