/** A file of NDJSON, read line by line. What a line is and isn't is told in ndjson.ts. */

import { EVENT_BYTES_MAX } from './json/read.ts';
import { splitLines } from './lines.ts';
import { isNdjsonLineBreak, readNdjsonLine } from './ndjson.ts';
import type { FormatReader, Item } from './reader.ts';

export const ndjson = {
  title: 'NDJSON',
  begins: (line: string): boolean => /^[{[]/.test(line),
  needsMapping: false,
  read: readNdjson,
} as const satisfies FormatReader;

async function* readNdjson(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Item> {
  for await (const line of splitLines(chunks, isNdjsonLineBreak, EVENT_BYTES_MAX)) {
    const place = { at: `line ${line.number}`, within: '' };
    const read = readNdjsonLine(line);
    if (!read.ok) yield { kind: 'refused', ...place, faults: [read.fault] };
    else if (read.value !== null) yield { kind: 'event', ...place, json: read.value, origins: {} };
  }
}
