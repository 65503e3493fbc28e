/** A file is read again once it is another, and only then; what can't be read is never taken for something said. */

import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { followFile } from '#platform/followed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'hutong-followed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'numbers.json');
const DAY_S = 86_400;
const write = (text: string, atSeconds: number, to = path): void => {
  writeFileSync(to, text);
  utimesSync(to, atSeconds, atSeconds);
};
function followed() {
  let reads = 0;
  const says = followFile(path, (text) => {
    reads += 1;
    return JSON.parse(text) as number[];
  });
  return { says, reads: () => reads };
}

it('is read once while it is the same, and again when it was written, grew, or another took its place', () => {
  write('[1]', DAY_S);
  const { says, reads } = followed();
  expect([says(), says(), reads()]).toEqual([[1], [1], 1]);
  write('[2]', 2 * DAY_S);
  expect(says()).toEqual([2]);
  write('[2,3]', 2 * DAY_S);
  expect(says()).toEqual([2, 3]);
  write('[4,5]', 2 * DAY_S, `${path}.new`);
  renameSync(`${path}.new`, path);
  expect([says(), says(), reads()]).toEqual([[4, 5], [4, 5], 4]);
});

it('half written, or missing, is an error until it can be read', () => {
  write('[1', DAY_S);
  const { says } = followed();
  expect(says).toThrow(SyntaxError);
  expect(says).toThrow(SyntaxError);
  write('[1]', DAY_S);
  expect(says()).toEqual([1]);
  rmSync(path);
  expect(says).toThrow('ENOENT');
});
