/** The reader of HL7 segments and fields, the time stamps, and the promise that no bytes make them throw. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Segment } from '#exchange/formats/hl7/message.ts';
import { parseMessage } from '#exchange/formats/hl7/segments.ts';
import { decodeMessage } from '#exchange/formats/hl7/text-encoding.ts';
import { parseTimestamp } from '#exchange/formats/hl7/timestamp.ts';
import { AS_PASSPORT, COMPLETE, map, message } from '#test/unit/exchange/formats/support.ts';

function obx(text: string): Segment {
  return parseMessage(text)?.find(({ id }) => id === 'OBX') as Segment;
}

const HEADER = 'MSH|^~\\&|A|B';

describe('segments and fields', () => {
  it.each(['\r', '\n', '\r\n'])('are found with %j between segments', (end) => {
    expect(parseMessage([HEADER, 'PID|1', '', 'OBX|1||x'].join(end))?.map(({ id }) => id)).toEqual([
      'MSH',
      'PID',
      'OBX',
    ]);
  });

  it('count the header from its separator', () => {
    const msh = parseMessage(HEADER)?.[0];
    expect([msh?.text(1), msh?.text(3), msh?.text(4)]).toEqual(['|', 'A', 'B']);
  });

  it('have the delimiters that the header names, five of them or four', () => {
    expect(obx('MSH$*%!@$A\rOBX$1$$a*b@c%d').part(3, 2, 2)).toBe('c');
    expect(obx('MSH|^~\\&#|A\rOBX|1||a^b&c~d').part(3, 2, 2)).toBe('c');
  });

  it.each(['MSH', 'MSH|', 'MSHx^~\\&|', 'MSH|^^\\&|', 'MSH|ABCD|'])('can’t be read after %j', (header) => {
    expect(parseMessage(`${header}\rOBX|1`)).toBeNull();
  });

  it('lose their escapes', () => {
    expect(obx(`${HEADER}\rOBX|1||a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f`).text(3)).toBe('a|b^c&d~e\\f');
    expect(obx(`${HEADER}\rOBX|1||\\XE998B3E680A7\\`).text(3)).toBe('阳性');
    expect(obx(`${HEADER}\rOBX|1||\\H\\bold\\N\\ \\Zx\\ and C:\\open`).text(3)).toBe('bold \\Zx\\ and C:\\open');
  });

  it('keep an ampersand that nobody escaped, when read whole', () => {
    expect(obx(`${HEADER}\rOBX|1||Smith & Sons`).text(3)).toBe('Smith & Sons');
  });

  it('are empty when absent or null', () => {
    expect(obx(`${HEADER}\rOBX|1||""`).text(3)).toBe('');
    expect(obx(`${HEADER}\rOBX|1`).part(17, 2, 3)).toBe('');
  });

  it('go on over a line break in somebody’s text', () => {
    expect(obx(`${HEADER}\rOBX|1||two\nlines^x`).text(3, 2)).toBe('x');
  });

  it('never make it throw, whatever the bytes', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .string({ unit: fc.constantFrom(...'MSHPIDOBRX1|^~\\&\r\n"20阳-+'), maxLength: 300 })
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(noise, fc.boolean(), (bytes, headed) => {
        const mapped = map(
          headed ? Buffer.concat([Buffer.from('MSH|^~\\&|||||||ORU^R01|\r'), bytes]) : bytes,
          AS_PASSPORT,
        );
        expect(mapped.events.length + mapped.refused.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('never make it throw when a good message is damaged', () => {
    const good = Buffer.from(message());
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(good.length), fc.uint8Array({ maxLength: 8 }), (at, cut, noise) => {
        const mapped = map(
          Buffer.concat([good.subarray(0, at), noise, good.subarray(Math.min(good.length, at + cut))]),
        );
        expect(mapped.events.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('time stamps', () => {
  it.each([
    ['20220801', { kind: 'date', iso: '2022-08-01' }],
    ['20220801+0800', { kind: 'date', iso: '2022-08-01' }],
    ['20220801-0500', { kind: 'date_elsewhere' }],
    ['2022080108', { kind: 'hour' }],
    ['202208010812', { kind: 'time', iso: '2022-08-01T08:12+08:00' }],
    ['20220801081233+0000', { kind: 'time', iso: '2022-08-01T08:12:33+00:00' }],
    ['20220801081233.1234-0930', { kind: 'time', iso: '2022-08-01T08:12:33.1234-09:30' }],
    ['20220801081233.123456789123', { kind: 'time', iso: '2022-08-01T08:12:33.123456789+08:00' }],
    ['2022-08-01', { kind: 'date', iso: '2022-08-01' }],
    ['2022-08-01T11:30:05.25+08:00', { kind: 'time', iso: '2022-08-01T11:30:05.25+08:00' }],
    ['2022-08-01 11:30', { kind: 'time', iso: '2022-08-01T11:30+08:00' }],
    ['2022/8/1 8:05:00', { kind: 'time', iso: '2022-08-01T08:05:00+08:00' }],
    ['2022年8月1日 8时5分', { kind: 'time', iso: '2022-08-01T08:05+08:00' }],
    ['２０２２-０８-０１ １１:３０', { kind: 'time', iso: '2022-08-01T11:30+08:00' }],
    ['202208010330Z', { kind: 'time', iso: '2022-08-01T03:30+00:00' }],
    ['202208011130+08:00', { kind: 'time', iso: '2022-08-01T11:30+08:00' }],
    ['2022-08-01 11', { kind: 'hour' }],
    ['2022-8-1Z', { kind: 'date_elsewhere' }],
    ['2022', { kind: 'coarse' }],
    ['202208', { kind: 'coarse' }],
    ...[
      'DATE!',
      '',
      '20220230',
      '202208012460',
      '2022080125',
      '20220801081233+99',
      '20220801081233+9900',
      '1/31/2020',
      '01-08-2022 11:30',
      '22-08-01 11:30',
      '2022-08-01 24:30',
      '2022-02-30 11:30',
    ].map((text) => [text, { kind: 'malformed' }] as const),
  ] as const)('%s', (text, expected) => {
    expect(parseTimestamp(text, '+08:00')).toEqual(expected);
  });
});

describe('encodings', () => {
  const inGb18030 = Buffer.from([0xd1, 0xf4, 0xd0, 0xd4]); // 阳性
  const withHeader = (encoding: string, bytes: Uint8Array) =>
    Buffer.concat([Buffer.from(`MSH|^~\\&|||||||ORU^R01|1|P|2.5.1||||||${encoding}\rOBX|1||`), bytes]);

  it.each([
    ['UTF-8 whatever the header says', '8859/1', Buffer.from('阳性'), '阳性'],
    ['what the header says', 'GB 18030-2000', inGb18030, '阳性'],
    ['Latin-1', '8859/1', Buffer.from([0x4d, 0xf1]), 'Mñ'],
    ['marked as lost when the header is wrong', 'UNICODE UTF-8', Buffer.from([0x4d, 0xf1]), 'M\uFFFD'],
  ] as const)('%s', (_, encoding, bytes, text) => {
    expect(decodeMessage(withHeader(encoding, bytes)).split('|').at(-1)).toBe(text);
  });

  it('cost nobody a result for a name that can’t be read', () => {
    const bytes = Buffer.from(message({ pid: { ...COMPLETE.pid, 5: 'Mu\xf1oz' } }), 'latin1');
    expect(map(bytes).events).toHaveLength(1);
  });

  it('refuse a laboratory that can’t be read, for it would be another laboratory', () => {
    const bytes = Buffer.from(message({ obx: [{ ...COMPLETE.obx[0], 23: 'Universit\xe4t' }] }), 'latin1');
    expect(map(bytes).refused[0]?.faults[0]?.field).toBe('OBX-23');
  });
});
