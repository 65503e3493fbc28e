/** Where an import's files come from: standard input, packed files, and what was cut of them. */

import { setImmediate } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unzstd } from '#exchange/readers/unzstd.ts';
import { Mark } from '#services/cli/import/mark.ts';
import { openInput, openStream } from '#services/cli/shared/input.ts';
import { SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';
import { chunksOf, collect } from '#test/unit/exchange/formats/support.ts';
import { accept } from '#test/unit/services/cli/shared/fake-door.ts';
import { importsForEachTest, lines } from './imports.ts';

const { door, sent, run } = importsForEachTest();

describe('a packed file', () => {
  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('is read: %s, of two parts too', async (_name, pack) => {
    const packed = Buffer.concat([pack(`${lines(3).join('\n')}\n`), pack('{"n":"last"}\n')]);
    expect((await run([await door.file('a.gz', packed)])).status).toBe(0);
    expect(sent()).toEqual([...lines(3), '{"n":"last"}']);
  });
  it('is read whole, however its frames lie in the pieces that come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 60 }),
        async (texts, size) => {
          const packed = Buffer.concat(texts.map((text) => zstdCompressSync(text)));
          const pieces = Array.from({ length: Math.ceil(packed.length / size) }, (_, n) =>
            packed.subarray(n * size, (n + 1) * size),
          );
          const parts = await collect(unzstd(chunksOf(...pieces)));
          expect(Buffer.concat(parts).toString()).toBe(texts.join(''));
        },
      ),
    );
  });
  // A bound of all frames once cut such a log after the first five thousand.
  it('of a log that was flushed often is read to its end, but not one of empty frames without end', async () => {
    const flushed = zstdCompressSync(Buffer.alloc(512, 'x'));
    const log = Buffer.concat(Array.from({ length: 5_500 }, () => flushed));
    expect((await collect(unzstd(chunksOf(log)))).reduce((sum, { length }) => sum + length, 0)).toBe(5_500 * 512);
    const empty = Buffer.concat(Array.from({ length: 5_500 }, () => zstdCompressSync(Buffer.alloc(0))));
    await expect(collect(unzstd(chunksOf(empty)))).rejects.toThrow('more than 5000 frames');
  });
  it('that unpacks to more than its bound is a fault, after what came before', async () => {
    const path = await door.file('a.zst', zstdCompressSync('x'.repeat(1 << 20)));
    const read = collect((await openInput(path, 1 << 19)).chunks(() => undefined));
    await expect(read).rejects.toMatchObject({ code: 'EFBIG' });
  });
  it('that was cut is a fault, after what came before', async () => {
    const whole = zstdCompressSync(Buffer.from(lines(20_000).join('\n')));
    const sender = { ...SENDER_DEFAULTS, url: door.url, retriesMax: 0 };
    const { status, said } = await run([await door.file('a.zst', whole.subarray(0, whole.length - 20))], { sender });
    expect([status, sent().length > 0]).toEqual([1, true]);
    expect(said.at(-1)).toContain('can’t be read to its end');
  });
});

describe('standard input', () => {
  it('is read in whatever pieces it comes, and says up to where it came', async () => {
    const bytes = gzipSync(`${lines(5).join('\n')}\n`);
    const pieces = chunksOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)));
    const { status, said } = await run(['-'], { standardInput: pieces });
    expect([status, sent()]).toEqual([0, lines(5)]);
    expect(said).toEqual(['standard input: all through line 5 has its answer']);
  });
  it('says where the door left it', async () => {
    door.handler = (body, response, request) =>
      request > 2 ? void response.writeHead(503).end() : accept(body, response, request);
    const { status, said } = await run(['-'], { standardInput: chunksOf(lines(9).join('\n')) });
    expect(status).toBe(3);
    expect(said).toContain('standard input: all through line 4 has its answer');
  });
  it('is never held whole: what was taken is let go while more comes', async () => {
    const piece = Buffer.from(`${lines(100).join('\n')}\n`);
    let given = 0;
    async function* long() {
      for (; given < 3_000; given++) {
        yield piece;
        if (given % 10 === 0) await setImmediate();
      }
    }
    const opened = await openStream('s', long());
    let read = 0;
    for await (const chunk of opened.chunks(() => undefined)) {
      read += chunk.length;
      // Of what waits to be read there is no more than the beginning, at which the format was seen.
      expect(given * piece.length - read).toBeLessThan(10_000);
    }
    expect(given).toBe(3_000);
  });
});

describe('how far a stream has come', () => {
  it('is where all before has its answer, in whatever order they come', () => {
    const mark = new Mark();
    const [a, b, c] = ['a', 'b', 'c'].map((at) => mark.open(at));
    mark.close(b as never, true);
    expect(mark.through).toBeNull();
    mark.close(a as never, true);
    expect(mark.through).toBe('b');
    mark.close(c as never, false);
    mark.close(mark.open('d'), true);
    expect(mark.through).toBe('b');
  });
});
