/** Senders' profiles: whose there are, what may stand in one, and that a changed file is read again. */

import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readProfile } from '#exchange/readers/sender-profile.ts';
import { SenderProfiles } from '#exchange/readers/sender-profiles.ts';
import { MAPPING } from '#test/unit/exchange/formats/sheet/mapped-sheet.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'senders-'));
});
afterEach(() => rm(dir, { recursive: true }));

const PROFILE = { province: '43', timeZone: '+08:00' };

it('a profile says how a sender’s messages and spreadsheets are read', () => {
  const codes = { COVPCR: 'nucleic_acid' };
  const resultWords = { '0': 'negative' };
  const read = readProfile({
    ...PROFILE,
    runFrom: 'OBR-20',
    testCodes: codes,
    resultWords,
    training: true,
    sheet: MAPPING,
  });
  expect(read).toMatchObject({
    ok: true,
    value: {
      settings: {
        ...PROFILE,
        runFrom: { segment: 'OBR', field: 20, component: 1 },
        testCodes: codes,
        resultWords,
        isTraining: true,
      },
      sheet: MAPPING,
    },
  });
});

it.each([
  [{ timeZone: '+08:00' }, 'must have required property'],
  [{ ...PROFILE, timeZone: '+99:00' }, 'is no offset'],
  [{ ...PROFILE, runFrom: 'PID-3' }, 'must match pattern'],
  [{ ...PROFILE, resultWords: { 初筛阳性: 'positive' } }, 'makes a positive of a first screening'],
  [{ ...PROFILE, testCodes: { X: 'lamp' } }, 'must be equal to one of the allowed values'],
  [{ ...PROFILE, colour: 'red' }, 'must NOT have additional properties'],
  [{ ...PROFILE, sheet: {} }, 'must have required property'],
  [{ ...PROFILE, province: '44', sheet: MAPPING }, 'is another than the sender’s'],
])('is refused with what is wrong: %#', (value, reason) => {
  const read = readProfile(value);
  expect(read.ok ? '' : read.fault.reason).toContain(reason);
});

it('a sender is known from when its file is there, and forgotten when it is taken away', async () => {
  const profiles = new SenderProfiles(dir);
  const file = join(dir, 'laboratory-a.json');
  expect(await profiles.of('laboratory-a')).toBeNull();
  await writeFile(file, JSON.stringify(PROFILE));
  expect(await profiles.of('laboratory-a')).toMatchObject({ value: { settings: { province: '43' } } });
  await writeFile(file, JSON.stringify({ ...PROFILE, province: '44' }));
  await utimes(file, 1, 1);
  expect(await profiles.of('laboratory-a')).toMatchObject({ value: { settings: { province: '44' } } });
  await writeFile(file, '{');
  expect(await profiles.of('laboratory-a')).toMatchObject({ ok: false });
  await rm(file);
  expect(await profiles.of('laboratory-a')).toBeNull();
});

it('a name that is no identity’s is looked for nowhere', async () => {
  const profiles = new SenderProfiles(join(dir, 'in'));
  await writeFile(join(dir, 'out.json'), JSON.stringify(PROFILE));
  expect(await profiles.of('../out')).toBeNull();
  expect(await profiles.of('')).toBeNull();
});
