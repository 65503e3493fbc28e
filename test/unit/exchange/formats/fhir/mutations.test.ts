/**
 * Damaged bundles: whatever is done to one, the reader doesn't fail, and each observation and dose that a naive reader
 * counts is an event, refused or ignored, once. MUTATIONS=200000 is the long form by hand. Last run so on 30 November:
 * nothing else.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ROOT } from '#platform/folders.ts';
import { AS_PASSPORT } from '#test/unit/exchange/formats/support.ts';
import { alone, bundle, bundleOf, itemsOf, type Json } from './support.ts';

const FOLDER = join(ROOT, 'exercises/town/lab-results/fhir');
const RUNS = Number(process.env['MUTATIONS'] ?? 200);

/** Two of the samples, as small as they go, and three made up. */
const samples: readonly string[] = [
  ...['sample_IN_20240618-0001', 'sample_HI_20240304-0001'].map((name) =>
    JSON.stringify(JSON.parse(readFileSync(join(FOLDER, `${name}.fhir`), 'utf8'))),
  ),
  JSON.stringify(bundle()),
  JSON.stringify(
    bundle(({ observation }) => {
      observation['component'] = [{ code: observation['code'], valueString: '阴性' }, { valueString: 'x' }];
    }),
  ),
  JSON.stringify(alone()),
];

const VALUES = [
  null,
  '',
  0,
  -1,
  true,
  [],
  {},
  [[]],
  'x',
  '#x',
  'Patient/p',
  'cancelled',
  '2022-08-01',
  '2022-08-01 08',
];

type Change = readonly [kind: 'put' | 'cut' | 'drop' | 'set' | 'repeat' | 'move', at: number, with_: number];
const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('put', 'cut', 'drop', 'drop', 'set', 'set', 'repeat', 'move'),
  fc.nat(1 << 20),
  fc.nat(1 << 10),
);

/** Every object and list within a value, from the outside in. */
function nodesOf(value: unknown): (Json | unknown[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Json, ...Object.values(value).flatMap(nodesOf)];
}

function changed(text: string, [kind, at, with_]: Change): string {
  const spot = at % Math.max(1, text.length);
  if (kind === 'cut') return text.slice(0, spot);
  if (kind === 'put') return text.slice(0, spot) + ('{}[]",:\\ é\ud800'[with_ % 12] ?? '') + text.slice(spot);
  const root = parsed(text);
  const nodes = nodesOf(root);
  const node = nodes[at % Math.max(1, nodes.length)];
  if (node === undefined) return text;
  const names = Object.keys(node);
  const name = names[with_ % Math.max(1, names.length)] ?? 'x';
  if (Array.isArray(node)) {
    if (kind === 'repeat') node.push(...structuredClone(node.slice(0, 1)));
    else if (kind === 'move') node.reverse();
    else node.splice(with_ % Math.max(1, node.length), 1);
  } else if (kind === 'set') node[name] = VALUES[with_ % VALUES.length];
  else Reflect.deleteProperty(node, name);
  return JSON.stringify(root);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The places of observations and doses, as somebody finds them who knows entries and contained resources alone. */
function naivePlaces(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const { resourceType, entry, contained } = value as Json;
  const own = resourceType === 'Observation' || resourceType === 'Immunization' ? [path || resourceType] : [];
  const at = path || String(resourceType);
  const entries = resourceType === 'Bundle' && Array.isArray(entry) ? entry : [];
  return [
    ...own,
    ...entries.flatMap((one: unknown, index) =>
      naivePlaces((one as Json | null)?.['resource'], `${at}.entry[${index}].resource`),
    ),
    ...(resourceType !== 'Bundle' && Array.isArray(contained) ? contained : []).flatMap((one: unknown, index) =>
      naivePlaces({ ...(one as Json), contained: [] }, `${at}.contained[${index}]`),
    ),
  ];
}

it('no damage makes it fail, or drop an observation unlisted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (sample, changes) => {
        const text = changes.reduce(changed, sample);
        const items = (await itemsOf(text, AS_PASSPORT)).filter(({ kind }) => kind !== 'note');
        expect(items.length).toBeGreaterThan(0);
        const places = items.map((item) => ('within' in item ? item.within : ''));
        if (places.includes('')) return; // refused as a whole
        expect(new Set(places).size).toBe(places.length);
        const expected = naivePlaces(parsed(text), '');
        const isOf = (place: string, within: string) => within === place || within.startsWith(`${place}.component[`);
        expect(expected.filter((place) => !places.some((within) => isOf(place, within)))).toEqual([]);
        const events = items
          .filter(({ kind }) => kind === 'event')
          .map((item) => ('within' in item ? item.within : ''));
        expect(events.filter((within) => !expected.some((place) => isOf(place, within)))).toEqual([]);
      },
    ),
    { numRuns: RUNS },
  );
});

it('what isn’t damaged is taken', async () => {
  const counts = await Promise.all(samples.map((sample) => itemsOf(sample, AS_PASSPORT)));
  expect(counts.map((items) => items.filter(({ kind }) => kind === 'event').length)).toEqual([1, 1, 1, 1, 1]);
  expect((await itemsOf(JSON.stringify(bundleOf([]))))[0]).toMatchObject({ kind: 'refused' });
});
