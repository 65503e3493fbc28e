/** Frames of MLLP, however their bytes are cut; none that has no end. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framed, Framer } from '#services/mllp/framing.ts';

const VT = '\u000b';
const END = '\u001c\r';

function read(chunks: readonly string[], bytesMax = 100) {
  const framer = new Framer(bytesMax);
  const said = chunks.flatMap((chunk) =>
    [...framer.push(Buffer.from(chunk, 'latin1'))].map((one) =>
      one.kind === 'frame' ? one.bytes.toString('latin1') : `${one.kind}: ${one.start.toString('latin1')}`,
    ),
  );
  return { said, isWithinFrame: framer.isWithinFrame };
}

describe('a frame', () => {
  it('is what stands between its marks', () => {
    expect(read([`${VT}MSH|a\rPID${END}${VT}MSH|b${END}`]).said).toEqual(['MSH|a\rPID', 'MSH|b']);
    expect(read([framed(Buffer.from('MSH')).toString('latin1')]).said).toEqual(['MSH']);
  });
  it('is the same however its bytes come', () => {
    const bytes = `${VT}MSH|a\rPID\r${END}\r\n${VT}MSH|b${END}`;
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), (cuts) => {
        const at = [0, ...cuts.toSorted((left, right) => left - right), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.slice(at[index], end));
        expect(read(chunks).said).toEqual(['MSH|a\rPID\r', 'MSH|b']);
      }),
    );
  });
  it('without its end is never given', () => {
    const bytes = `${VT}MSH|a${END}`;
    for (let cut = 1; cut < bytes.length; cut++)
      expect(read([bytes.slice(0, cut)])).toEqual({ said: [], isWithinFrame: true });
  });
  it('is cut where another begins within it', () => {
    expect(read([`${VT}MSH|a${VT}MSH|b${END}`]).said).toEqual(['cut: MSH|a', 'MSH|b']);
  });
  it('whose end mark has no return is none', () => {
    expect(read([`${VT}MSH|a\u001cMSH`]).said).toEqual(['outside: MSH|a']);
  });
  it('that is too long is told by its beginning, and ends the reading', () => {
    expect(read([`${VT}${'x'.repeat(60)}`, 'y'.repeat(60), `z${END}`]).said[0]).toMatch(/^too-long: x+y+$/);
  });
  it('must begin with its mark', () => {
    expect(read(['\r\nMSH|a']).said).toEqual(['outside: MSH|a']);
  });
});
