/**
 * Damaged samples: whatever is done to a message, the reader doesn't fail, and each OBX that a naive reader counts is
 * an event, refused, or ignored by design: once, and nothing else. MUTATIONS=200000 is the long form by hand. Last run
 * so on 30 November: nothing, once two oversights of the naive reader were mended.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mapMessage } from '#exchange/formats/hl7/map-message.ts';
import { splitMessages } from '#exchange/formats/hl7/split.ts';
import { ROOT } from '#platform/folders.ts';
import { AS_PASSPORT, chunksOf, collect } from '#test/unit/exchange/formats/support.ts';
import { BASE, POS } from './tried.ts';

const FOLDER = join(ROOT, 'exercises/town/lab-results/hl7');
const SETTINGS = { ...AS_PASSPORT, isTraining: true };
const RUNS = Number(process.env['MUTATIONS'] ?? 1_000);

const samples = [
  ...readdirSync(FOLDER)
    .filter((name) => name.endsWith('.hl7') && !name.includes('AOE'))
    .map((name) => readFileSync(join(FOLDER, name), 'latin1')),
  BASE,
  `${BASE}\r${POS}`,
];

const ends = ['\r', '\n', '\r\n', '\r\r', '\n\r'];
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('ends' as const), to: fc.constantFrom(...ends) }),
  fc.record({
    kind: fc.constant('put' as const),
    to: fc.constantFrom(' ', '\ufeff', '|', '^', '~', '\\', '"', '\r', '\n', 'é'),
  }),
  fc.record({ kind: fc.constant('repeat' as const), to: fc.constant('') }),
  fc.record({ kind: fc.constant('swap' as const), to: fc.constant('') }),
  fc.record({ kind: fc.constant('drop' as const), to: fc.constant('') }),
  fc.record({ kind: fc.constant('cut' as const), to: fc.constant('') }),
  fc.record({ kind: fc.constant('lower' as const), to: fc.constant('') }),
);
const steps = fc.array(fc.tuple(mutation, fc.nat(1 << 20)), { minLength: 1, maxLength: 3 });

function mutated(text: string, kind: string, to: string, at: number): string {
  const lines = text.split(/\r\n|\r|\n/);
  const line = at % lines.length;
  const spot = at % Math.max(1, text.length);
  const own = lines[line] ?? '';
  if (kind === 'ends') return lines.join(to);
  if (kind === 'put') return text.slice(0, spot) + to + text.slice(spot);
  if (kind === 'repeat') return lines.toSpliced(line, 0, own).join('\r');
  if (kind === 'swap') return lines.toSpliced(line, 1).concat(own).join('\r');
  if (kind === 'drop') return lines.toSpliced(line, 1).join('\r');
  if (kind === 'cut') return text.slice(0, spot);
  return lines.with(line, own.slice(0, 3).toLowerCase() + own.slice(3)).join('\r');
}

/**
 * The lines that are an OBX to whoever looks at them, who sees no blank or mark before it, and joins no lines. Its name
 * alone at the very end is none yet.
 */
function naiveCount(text: string): number {
  const lines = text.split(/[\r\n]+/);
  return lines.filter((line, index) => /^[ \ufeff]*OBX(?:[|]|$)/.test(index < lines.length - 1 ? line : `${line}.`))
    .length;
}

it('no damage makes it fail, or drop an OBX unlisted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...samples), steps, async (sample, path) => {
      const text = path.reduce((now, [{ kind, to }, at]) => mutated(now, kind, to, at), sample);
      let listed = 0;
      let isWholeRefused = false;
      for (const item of await collect(splitMessages(chunksOf(Buffer.from(text, 'utf8'))))) {
        if (item.kind !== 'message') {
          isWholeRefused = true;
          continue;
        }
        const { events, refused, ignored } = mapMessage(item.bytes, SETTINGS, item);
        const places = [...events, ...refused, ...ignored].map(({ within }) => within);
        expect(new Set(places).size).toBe(places.length);
        isWholeRefused ||= places.some((place) => place === '' || place.startsWith('line '));
        listed += places.filter((place) => place.includes('OBX')).length;
      }
      if (!isWholeRefused) expect(listed).toBe(naiveCount(text));
    }),
    { numRuns: RUNS },
  );
});
