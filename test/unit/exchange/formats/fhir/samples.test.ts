/**
 * What each of the 13 files of exercises/town/lab-results/fhir comes to, in one table; and that each gives what its HL7
 * twin gives: the same event, and so the same view, byte for byte.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestReportedJson } from '#exchange/formats/event-json.ts';
import { hl7 } from '#exchange/formats/hl7/reader.ts';
import { ROOT } from '#platform/folders.ts';
import { AS_PASSPORT, chunksOf, collect } from '#test/unit/exchange/formats/support.ts';
import { viewOf } from '#test/unit/exchange/formats/view-of.ts';
import { said } from './support.ts';

const FOLDER = join(ROOT, 'exercises/town/lab-results');

/** Each file: observations in it, of them accepted, ignored by design; and the event in short. None is refused. */
const TABLE: Readonly<Record<string, readonly [records: number, accepted: number, ignored: number, event: string]>> = {
  'sample_AK_20240220-0001': [8, 1, 7, 'final positive nucleic_acid 3ad338c6'],
  'sample_AL_20240624-0001': [6, 1, 5, 'final positive nucleic_acid 0bab3f94'],
  'sample_AR_20240805-0001': [9, 1, 8, 'final positive nucleic_acid 2ff0e890'],
  'sample_AZ_20240424-0001': [7, 1, 6, 'final positive antigen 117bc738'],
  sample_CO_20240403: [9, 1, 8, 'retracted positive nucleic_acid a375227a'],
  'sample_FL_20240702-0001': [8, 1, 7, 'final positive nucleic_acid 3ad338c6'],
  'sample_HI_20240304-0001': [9, 1, 8, 'final positive antigen 175a5085'],
  'sample_ID_20240624-0001': [6, 1, 5, 'final positive nucleic_acid 0bab3f94'],
  'sample_IL_20240802-0001': [6, 1, 5, 'final positive nucleic_acid 0bab3f94'],
  'sample_IN_20240618-0001': [6, 1, 5, 'final positive nucleic_acid 0bab3f94'],
  'sample_KS_20240429-0001': [8, 1, 7, 'final positive nucleic_acid 3ad338c6'],
  'sample_LA_20240806-0001': [6, 1, 5, 'final positive nucleic_acid 0bab3f94'],
  'sample_MA_20240805-0001': [2, 0, 2, ''], // influenza B alone
};
const FILES = Object.entries(TABLE).map(([name, row]) => ({ name, row }));
const read = (name: string) => readFileSync(join(FOLDER, 'fhir', `${name}.fhir`));

async function twinOf(name: string): Promise<readonly TestReportedJson[]> {
  const items = await collect(hl7.read(chunksOf(readFileSync(join(FOLDER, 'hl7', `${name}.hl7`))), AS_PASSPORT));
  return items.flatMap((item) => (item.kind === 'event' ? [JSON.parse(item.json) as TestReportedJson] : []));
}

/** Without the telling of how a time is written. */
const sameTimes = (event: TestReportedJson) => ({ ...event, testedAt: Date.parse(event.testedAt ?? '') });

describe('the 13 files that others wrote', () => {
  it('are all here', () => {
    const names = readdirSync(join(FOLDER, 'fhir')).filter((name) => name.endsWith('.fhir'));
    expect(names.toSorted()).toEqual(FILES.map(({ name }) => `${name}.fhir`));
  });
  it.each(FILES)('$name', async ({ name, row: [records, accepted, ignored, event] }) => {
    const told = await said(read(name), AS_PASSPORT);
    expect(told.refused).toEqual([]);
    expect([told.sent.length, told.ignored.length]).toEqual([accepted, ignored]);
    expect([
      ...read(name)
        .toString()
        .matchAll(/"resourceType" ?: ?"Observation"/g),
    ]).toHaveLength(records);
    const shown = told.sent.map(
      ({ status, result, method, sampleId }) => `${status} ${result} ${method} ${sampleId.slice(0, 8)}`,
    );
    expect(shown.join()).toBe(event);
  });
  it.each(FILES)('$name gives what its twin in HL7 gives', async ({ name }) => {
    const [own, twin] = [(await said(read(name), AS_PASSPORT)).sent, await twinOf(name)];
    expect(own.map(sameTimes)).toEqual(twin.map(sameTimes));
    expect(viewOf(own)).toBe(viewOf(twin));
  });
  it.each(FILES.filter(({ row }) => row[1] > 0))('$name, without being told what its numbers are', async ({ name }) => {
    const { sent, refused } = await said(read(name), { province: '43', timeZone: '+08:00' });
    expect(sent).toEqual([]);
    expect(refused.join()).toContain('by which nobody could look this person up');
  });
});
