/** Programs are built of what there is now: a build of other sources has another name. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sourceOf, stateOf } from '#infra/build/programs.ts';

it('a change of a source, a new one, another package or a patch makes another build', () => {
  const root = mkdtempSync(join(tmpdir(), 'hutong-sources-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (file: string, text: string): void => {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  write('core/a.ts', 'a');
  write('package-lock.json', '{}');
  const states = [stateOf(root)];
  for (const [file, text] of [
    ['core/a.ts', 'b'],
    ['services/cli/b.ts', ''],
    ['package-lock.json', '{ }'],
    ['patches/kafkajs.patch', '+'],
  ] as const) {
    write(file, text);
    states.push(stateOf(root));
  }
  expect(new Set(states).size).toBe(states.length);
  write('test/a.test.ts', 'of no program');
  expect(stateOf(root)).toBe(states.at(-1));
});

it('a built program is known as that of its source, and nothing else is', () => {
  const build = '/cache/programs-0123456789abcdef';
  expect(sourceOf(`${build}/materialiser.js`)).toBe('services/materialiser/main.ts');
  for (const other of [`${build}/redis-Ab.js`, '/cache/materialiser.js', '--max-semi-space-size=64'])
    expect(sourceOf(other)).toBeNull();
});
