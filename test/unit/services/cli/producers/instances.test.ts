/** When an instance may be retired: never while it writes. */

import { expect, it } from 'vitest';
import { whyNotRetired } from '#services/cli/producers/instances.ts';

const KNOWN = {
  province: '43',
  instance: '43-a',
  epoch: 2,
  process: 'p',
  registeredAtMs: 0,
  retired: null,
} as const;

it('refuses what nobody has registered, and what wrote a watermark a moment ago', () => {
  expect(whyNotRetired(undefined, 0)?.why).toBe('nobody has registered it');
  expect(whyNotRetired({ ...KNOWN, lastHeardAtMs: 90_000 }, 100_000)?.why).toBe('it wrote a watermark 10 s ago');
});

it('takes what has been silent, and what has never written', () => {
  expect(whyNotRetired({ ...KNOWN, lastHeardAtMs: 80_000 }, 100_000)).toBeNull();
  expect(whyNotRetired({ ...KNOWN, lastHeardAtMs: null }, 100_000)).toBeNull();
});
