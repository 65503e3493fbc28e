/** A file that reads otherwise the second time is found out, and a delivery isn't taken for a sample. */

import { expect, it } from 'vitest';
import type { Item } from '#exchange/formats/reader.ts';
import { readTwice, SAMPLE_EVENTS_MAX } from '#services/cli/contract/readings.ts';
import type { Input } from '#services/cli/shared/input.ts';

const HOW = { format: null, mapping: { province: '43', timeZone: '+08:00' } } as const;

/** A file that holds the one at the first reading, and the other at the next. */
function reading(...texts: readonly [string, string]): Input {
  const left: string[] = [...texts];
  return {
    path: 'a.ndjson',
    sizeBytes: 1,
    format: 'ndjson',
    chunks: async function* () {
      yield Buffer.from(left.shift() ?? '');
    },
  };
}

async function read(first: string, second: string) {
  const items: Item[] = [];
  const said = await readTwice(reading(first, second), HOW, async (item) => void items.push(item));
  return { ...said, count: items.length };
}

it('tells a file that stays the same from one that somebody writes to', async () => {
  expect(await read('{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":2}\n')).toEqual({ isSame: true, isMore: false, count: 2 });
  expect((await read('{"a":1}\n', '{"a":2}\n')).isSame).toBe(false);
  expect((await read('{"a":1}\n', '{"a":1}\n{"a":1}\n')).isSame).toBe(false);
});
it('looks at so many events, and says that there are more', async () => {
  const all = '{}\n'.repeat(SAMPLE_EVENTS_MAX);
  expect(await read(all, all)).toEqual({ isSame: true, isMore: false, count: SAMPLE_EVENTS_MAX });
  expect(await read(`${all}{}\n`, `${all}{}\n`)).toEqual({ isSame: true, isMore: true, count: SAMPLE_EVENTS_MAX });
});
