/**
 * Every sample cut at every byte: a bundle that was cut is never taken as whole. With CUTS_STEP=1 every byte of every
 * sample is tried; else those around its last brackets, and a share of the others. Last run by hand on 30 November:
 * 573,902 cuts of the 13 samples, none otherwise.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';
import { AS_PASSPORT } from '#test/unit/exchange/formats/support.ts';
import { bundle, itemsOf, said } from './support.ts';

const FOLDER = join(ROOT, 'exercises/town/lab-results/fhir');
const STEP = Number(process.env['CUTS_STEP'] ?? 1_999);
const NEAR_END_BYTES = 20;

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.fhir'));

function cutsOf({ length }: Buffer): readonly number[] {
  return Array.from({ length }, (_, at) => at).filter((at) => at % STEP === 0 || at >= length - NEAR_END_BYTES);
}

describe('a document that was cut', () => {
  it.each(files)('%s says what the whole says, or nothing', async (name) => {
    const bytes = readFileSync(join(FOLDER, name));
    const { sent } = await said(bytes, AS_PASSPORT);
    const wrong: unknown[] = [];
    for (const at of cutsOf(bytes)) {
      const cut = bytes.subarray(0, at);
      const items = await itemsOf(cut, AS_PASSPORT);
      const isWhole = cut.toString().trim() === bytes.toString().trim();
      if (isWhole ? (await said(cut, AS_PASSPORT)).sent.length !== sent.length : items.some(isEvent)) wrong.push(at);
      if (items.length === 0) wrong.push([at, 'nothing is said']);
    }
    expect(wrong).toEqual([]);
  });
  it('leaves those before it whole, one a line, one after the other or in an array', async () => {
    const one = JSON.stringify(bundle());
    for (const file of [`${one}\n${one}\n`, `${one}${one}`, `[${one},\n${one}]`])
      for (let at = 1; at < file.length; at += 41) {
        const { sent, refused } = await said(file.slice(0, at));
        const wholes = at >= file.lastIndexOf('}') + 1 ? 2 : at > one.length ? 1 : 0;
        expect([at, sent.length]).toEqual([at, wholes]);
        if (at < one.length) expect(refused).toEqual([':  ends before the bracket that closes it: it was cut']);
      }
  });
  it('is refused with the line on which it begins', async () => {
    const one = JSON.stringify(bundle());
    const items = await itemsOf(`${one}\n\n${one.slice(0, -1)}`);
    expect(items.map((item) => [item.kind, item.at])).toEqual([
      ['event', 'line 1'],
      ['refused', 'line 3'],
    ]);
  });
});

function isEvent({ kind }: { readonly kind: string }): boolean {
  return kind === 'event';
}
