/**
 * Makes a right JSON value wrong in meaning, and keeps it well-formed: another type, a text or time that there isn't, a
 * name too many or too few. It must never return the value that it was given unchanged.
 */

import type { Random } from '#exercises/town/random.ts';
import type { Json } from './valid.ts';

const LONE_SURROGATE = '\ud800';

/** @param numbers of documents: in any text they are refused */
const oddTexts = (numbers: readonly string[]): readonly string[] => [
  '',
  ' ',
  '\u3000',
  '-',
  '无',
  'null',
  'a\u0000b',
  '\u001b[31mred',
  '\u202egnp.exe',
  '\u2066x\u2069',
  LONE_SURROGATE,
  `a${LONE_SURROGATE}b`,
  '\ufeffx',
  'é',
  'ﬁ１２３',
  '𠮷'.repeat(80),
  'x'.repeat(5_000),
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  "' OR 1=1 --",
  '${jndi:ldap://x}',
  '%00%0d%0aX: y',
  '00',
  '99',
  'Guangdong',
  ...TIMES,
  ...numbers,
  ...numbers.map((number) => `card ${number}, ward 3`),
];

const TIMES = [
  '2022-13-45T00:00:00+08:00',
  '9999-12-31T23:59:59+08:00',
  '0000-00-00T00:00:00Z',
  '1900-01-01T00:00:00+08:00',
  '2022-07-05 08:30',
  '05/07/2022',
  '+275760-09-13T00:00:00.000Z',
  '2022-07-05T24:00:01+08:00',
  '2022-07-05T08:30:00+99:00',
  '2099-01-01T00:00:00+08:00',
];

const ODD_VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  -1e-308,
  2 ** 53,
  [],
  {},
  [[]],
  [null],
  { $ref: '#' },
  Array.from({ length: 200 }, () => 0),
];

export function spoilMeaning(value: Json, random: Random, numbers: readonly string[]): Json {
  const spoiled = structuredClone(value);
  const times = 1 + random.below(3);
  for (let time = 0; time < times; time += 1) spoilOnce(spoiled, random, numbers);
  return random.chance(0.01) ? deep(spoiled, 1 + random.below(2_000)) : spoiled;
}

function spoilOnce(value: Json, random: Random, numbers: readonly string[]): void {
  const places = placesIn(value);
  if (places.length === 0) return;
  const { holder, name } = random.pick(places);
  const put = (odd: Json, into = name): void =>
    void Object.defineProperty(holder, into, {
      value: structuredClone(odd),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  random.pick<() => void>([
    () => put(random.pick(oddTexts(numbers))),
    () => put(random.pick(oddTexts(numbers))),
    () => put(random.pick(ODD_VALUES)),
    () => void (Array.isArray(holder) ? holder.pop() : delete holder[name]),
    () => void (Array.isArray(holder) ? holder.push(null) : (holder[random.pick(['x', 'Type', 'persons'])] = 1)),
    () => put({ polluted: true }, '__proto__'),
    () => put((holder as Record<string, Json>)[random.pick(Object.keys(holder))] ?? null),
  ])();
}

interface Place {
  readonly holder: Json[] | { [name: string]: Json };
  readonly name: string;
}

/** All places in a value where another may stand. */
function placesIn(value: Json): Place[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => [{ holder: value, name }, ...placesIn(inner)]);
}

function deep(value: Json, levels: number): Json {
  let around = value;
  for (let level = 0; level < levels; level += 1) around = level % 2 === 0 ? [around] : { person: around };
  return around;
}
