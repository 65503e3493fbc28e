/** Builds of former sources go, but none that somebody may still run. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { endUnused, markUsed } from '#infra/build/builds.ts';

it('one goes that nobody has begun with for a day, and that no process names', () => {
  const cache = mkdtempSync(join(tmpdir(), 'hutong-builds-'));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  const [now, before] = [new Date('2022-07-29T12:00:00Z'), new Date('2022-07-28T11:59:59Z')];
  const [fresh, old, running] = ['a', 'b', 'c'].map((digit) => join(cache, `programs-${digit.repeat(16)}`));
  const half = join(cache, 'partial.Ab3dE9');
  for (const folder of [fresh, old, running, half]) mkdirSync(folder as string);
  mkdirSync(join(cache, 'parts-0123456789ab'));
  markUsed(fresh as string, now);
  for (const folder of [old, running, half]) markUsed(folder as string, before);
  endUnused(cache, now.getTime(), `node\0${running}/lookup.js`);
  expect(readdirSync(cache)).toEqual([
    'parts-0123456789ab',
    `programs-${'a'.repeat(16)}`,
    `programs-${'c'.repeat(16)}`,
  ]);
});
