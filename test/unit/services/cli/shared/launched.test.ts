/** As whom a command connects: by the files of who its operator says, and by nobody else's. */

import { afterEach, expect, it, vi } from 'vitest';
import { filesOf } from '#platform/tls.ts';
import { addressesOf, launchedTls } from '#services/cli/shared/launched.ts';

afterEach(() => void vi.unstubAllEnvs());

const ask = async () => (await addressesOf({ runDir: '/run/x', kafka: 'k:1' }, ['kafka'])).tls;

it('is the operator, unless another principal is named', async () => {
  expect(filesOf(await ask(), 'operator').cert).toBe('/run/x/pki/operator.pem');
  vi.stubEnv('HUTONG_AS', 'national');
  const files = filesOf(await ask(), 'operator');
  expect(files).toMatchObject({ cert: '/run/x/pki/national.pem', password: '/run/x/pki/national.password' });
  expect(files.ca).toBe(launchedTls('/run/x').ca);
});

it.each(['nobody', 'Operator', '../operator', ''])('is never “%s”', async (name) => {
  vi.stubEnv('HUTONG_AS', name);
  await expect(ask()).rejects.toThrow(/principal|HUTONG_AS/);
});
