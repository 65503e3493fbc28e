/**
 * Every sample cut at every byte: what is taken of it is what the whole message says, or nothing. With CUTS_STEP=1
 * every byte of every sample is tried, which takes a minute or two; else those around the ends of lines, and a share of
 * the others. Last run by hand on 30 November: 95,903 cuts of the 22 samples, none otherwise.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestReportedJson } from '#exchange/formats/event-json.ts';
import { ROOT } from '#platform/folders.ts';
import { AS_PASSPORT } from '#test/unit/exchange/formats/support.ts';
import { BASE, MSH, OBR, OBX, PID, POS, said, SPM } from './tried.ts';

const FOLDER = join(ROOT, 'exercises/town/lab-results/hl7');
const SETTINGS = { ...AS_PASSPORT, isTraining: true };
const STEP = Number(process.env['CUTS_STEP'] ?? 97);

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.hl7'));
const WHOLE: readonly (readonly [name: string, bytes: Buffer])[] = [
  ...files.map((name) => [name, readFileSync(join(FOLDER, name))] as const),
  ['the base', Buffer.from(BASE)],
  ['without SPM', Buffer.from([MSH, PID, OBR, OBX.replace('|F|', '|W|')].join('\r'))],
  ['a contradiction', Buffer.from([MSH, PID, OBR, OBX, POS, SPM].join('\r'))],
  ['two messages', Buffer.from([BASE, BASE.replace('S-7', 'S-8').replace('C-1', 'C-2')].join('\r'))],
  [
    'marks in its times',
    Buffer.from(BASE.replace('202208011130', '2022-08-01 11:30').replace('202208010812', '2022-8-12')),
  ],
  ['two orders', Buffer.from([BASE, OBR.replace('F-1', 'F-2'), OBX, SPM.replace('S-7', 'S-8')].join('\r'))],
];

/** What decides: the register, the status and the times of a report. */
function decisive(event: TestReportedJson): string {
  const { person, province, laboratory, sampleId, status, result, sampledAt, reportIssuedAt } = event;
  return JSON.stringify([person, province, laboratory, sampleId, status, result, sampledAt, reportIssuedAt]);
}

/** Small samples wholly; of the others each step and what is near the end of a line or behind a separator. */
function cutsOf(bytes: Buffer): readonly number[] {
  const isSmall = bytes.length < 1_000;
  return Array.from({ length: bytes.length }, (_, at) => at).filter(
    (at) =>
      isSmall ||
      at % STEP === 0 ||
      [bytes[at - 1], bytes[at], bytes[at + 1]].some((byte) => byte === 13 || byte === 10),
  );
}

describe('a file that was cut says what the whole says, or nothing', () => {
  it.each(WHOLE)('%s', async (_, bytes) => {
    const whole = new Set((await said(bytes, SETTINGS)).sent.map(decisive));
    const wrong: unknown[] = [];
    for (const at of cutsOf(bytes)) {
      const { sent, refused, ignored, file } = await said(bytes.subarray(0, at), SETTINGS);
      const others = sent.map(decisive).filter((event) => !whole.has(event));
      if (others.length > 0) wrong.push([at, bytes.subarray(0, at).toString('latin1').slice(-80), others]);
      if (sent.length + refused.length + ignored.length + file.length === 0) wrong.push([at, 'nothing is said']);
    }
    expect(wrong).toEqual([]);
  });

  it('and of many messages all that came whole', async () => {
    const messages = Array.from({ length: 5 }, (_, index) => BASE.replace('S-7', `S-${index}`));
    const file = Buffer.from(messages.join('\r'));
    for (let at = 1; at < file.length; at += 7) {
      const wholes = Math.floor(at / (BASE.length + 1));
      expect((await said(file.subarray(0, at))).sent.length).toBeGreaterThanOrEqual(wholes);
    }
  });
});
