/** Makes the bytes of a body wrong: cut, flipped, in another character set, doubled, or not what headers say. */

import { deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '#exercises/town/random.ts';

export interface Body {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export const JSON_TYPE = { 'content-type': 'application/json' } as const;
export const NDJSON_TYPE = { 'content-type': 'application/x-ndjson' } as const;
const GBK_TEXT = Buffer.from([0xb3, 0xa4, 0xc9, 0xb3]);
const BROKEN = [
  Buffer.from([0xff]),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf5, 0x80, 0x80, 0x80]),
  GBK_TEXT,
  Buffer.from([0]),
];
const ODD_TYPES = [
  'text/plain',
  'application/json; charset=gbk',
  'application/xml',
  'application/jsonx',
  '',
  '\t',
  'json',
];

export function spoilBytes({ bytes, headers }: Body, random: Random): Body {
  const at = random.below(bytes.length + 1);
  const text = (): string => bytes.toString('utf8');
  const changed = (to: Buffer | string): Body => ({ bytes: Buffer.from(to as string), headers });
  return random.pick<() => Body>([
    () => changed(bytes.subarray(0, at)),
    () => changed(Buffer.concat([bytes.subarray(0, at), random.pick(BROKEN), bytes.subarray(at)])),
    () => changed(flipped(bytes, random)),
    () => changed(text().replace(/"(\w+)":/, '"$1":"X","$1":')),
    () => changed(`\ufeff${text()}`),
    () => changed(Buffer.from(text(), 'utf16le')),
    () => changed(text().replace(/[,}]/, ',,')),
    () => changed(text().replace(/:/, ': NaN,')),
    () => changed(`${text()}${text()}`),
    () => changed('['.repeat(1 + random.below(20_000))),
    () => changed('{"a":'.repeat(1 + random.below(5_000))),
    () => changed('1\n'.repeat(random.below(5_000))),
    () => changed(''),
    () => ({ bytes, headers: { 'content-type': random.pick(ODD_TYPES) } }),
    () => ({
      bytes,
      headers: { ...headers, 'content-encoding': random.pick(['gzip', 'br', 'zstd', 'x', 'gzip, gzip']) },
    }),
    () => ({ bytes: gzipSync(bytes).subarray(0, -1 - random.below(12)), headers: gzipped(headers) }),
    () => ({ bytes: deflateSync(bytes), headers: gzipped(headers) }),
    () => ({ bytes: gzipSync(flipped(bytes, random)), headers: gzipped(headers) }),
  ])();
}

const gzipped = (headers: Body['headers']): Body['headers'] => ({ ...headers, 'content-encoding': 'gzip' });

function flipped(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let flips = 1 + random.below(4); flips > 0 && copy.length > 0; flips -= 1) {
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  }
  return copy;
}
