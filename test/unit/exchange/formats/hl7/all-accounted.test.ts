/**
 * Accepted, refused and ignored by design are together what is in a file, as a reader counts who joins no lines and
 * reads no field.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hl7 } from '#exchange/formats/hl7/reader.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { ROOT } from '#platform/folders.ts';
import { AS_PASSPORT, chunksOf, collect } from '#test/unit/exchange/formats/support.ts';

const FOLDER = join(ROOT, 'exercises/town/lab-results/hl7');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.hl7'));

/** Observations of other tests, and answers to questions. */
const IGNORED: Readonly<Record<string, number>> = {
  'CE-20200415-0001.hl7': 2,
  'ORU_deidentified.hl7': 3,
  'batch_message.hl7': 8,
  'sample_AK_20240220-0001.hl7': 7,
  'sample_AL_20240624-0001.hl7': 5,
  'sample_AOE_1_20230220-0001.hl7': 26,
  'sample_AR_20240805-0001.hl7': 2,
  'sample_AZ_20240424-0001.hl7': 1,
  'sample_CA_20240729-0001.hl7': 2,
  'sample_CO_20240403.hl7': 8,
  'sample_FL_20240702-0001.hl7': 7,
  'sample_HI_20240304-0001.hl7': 8,
  'sample_ID_20240624-0001.hl7': 5,
  'sample_IN_20240618-0001.hl7': 5,
  'sample_KS_20240429-0001.hl7': 7,
  'sample_MA_20240805-0001.hl7': 2,
  'sample_SR_1_20230302-0001-missing-data.hl7': 2,
  'single_message.hl7': 5,
};

function observationsIn(bytes: Buffer): number {
  return bytes
    .toString('latin1')
    .split(/[\r\n]+/)
    .filter((line) => line.startsWith('OBX|')).length;
}

async function counted(bytes: Buffer, settings: MappingSettings) {
  const items = await collect(hl7.read(chunksOf(bytes), settings));
  const countOf = (kind: string) => items.filter((item) => item.kind === kind).length;
  return { accepted: countOf('event'), refused: countOf('refused'), ignored: countOf('ignored') };
}

it.each(FILES)('%s', async (name) => {
  const bytes = readFileSync(join(FOLDER, name));
  const { accepted, refused, ignored } = await counted(bytes, { ...AS_PASSPORT, isTraining: true });
  expect(ignored).toBe(IGNORED[name] ?? 0);
  expect(accepted + refused + ignored).toBe(observationsIn(bytes));
});

it.each(FILES)('%s, of which nothing can be taken', async (name) => {
  const bytes = readFileSync(join(FOLDER, name));
  const { accepted, refused, ignored } = await counted(bytes, { province: '43', timeZone: '+08:00' });
  expect([accepted, refused + ignored]).toEqual([0, observationsIn(bytes)]);
});
