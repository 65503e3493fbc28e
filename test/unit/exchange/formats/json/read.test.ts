/** One event's bytes are read strictly: what could be meant otherwise than it is read is refused, with its place. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_BYTES_MAX, readEventJson, readJson } from '#exchange/formats/json/read.ts';

const read = (text: string) => readEventJson(Buffer.from(text));
const GBK_DISEASE = [0xd1, 0xf4]; // 阳 in GBK

describe('an event', () => {
  it('that a parser takes is read as it stands', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });
  it('may have names that mean something to JavaScript', () => {
    expect(read('{"constructor":{"prototype":{}},"__proto__":{"a":1}}')).toMatchObject({ ok: true });
  });
  it.each([
    ['{"a":1', 'not-json', ''],
    ['{"a":1}}', 'not-json', ''],
    ['NaN', 'not-json', ''],
    [`"${'x'.repeat(EVENT_BYTES_MAX)}"`, 'event-too-long', ''],
    ['{"result":"negative","result":"positive"}', 'duplicate-name', '/result'],
    ['{"person":{"documentNumber":"1","documentNumber":"2"}}', 'duplicate-name', '/person/documentNumber'],
    ['{"a":"x:y\\":\\"","a":1}', 'duplicate-name', '/a'],
    ['{"110105194912310021":1,"110105194912310021":2}', 'duplicate-name', ''],
    ['{"laboratory":"\\ud800"}', 'broken-character', '/laboratory'],
    ['{"x":[1,"\\udc00a"]}', 'broken-character', '/x/1'],
    ['{"110105194912310021":"\\ud800"}', 'broken-character', ''],
  ])('such as %s is refused', (text, why, pointer) => {
    expect(read(text)).toEqual({ ok: false, why, pointer });
  });
  it('may have a name twice where whoever reads it says so, but not a thousand times', () => {
    const twice = (times: number) => readJson(Buffer.from(`{"b":{${'"a":1,'.repeat(times)}"a":2}}`), isOfB);
    const isOfB = ([first]: readonly unknown[]) => first === 'b';
    expect(twice(1_000)).toMatchObject({ ok: true, value: { b: { a: 2 } } });
    expect(twice(1_001)).toEqual({ ok: false, why: 'duplicate-name', pointer: '/b/a' });
    expect(readJson(Buffer.from('{"c":1,"c":2}'), isOfB)).toMatchObject({ ok: false, pointer: '/c' });
  });
  it('whose brackets stand so deep within one another that going down into them fills the stack is refused', () => {
    const deep = (depth: number) => read(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(deep(200)).toMatchObject({ ok: true });
    for (const depth of [201, 5_000, 30_000]) expect(deep(depth)).toEqual({ ok: false, why: 'not-json', pointer: '' });
  });
  it('may write a whole character by its two halves', () => {
    expect(read('{"laboratory":"\\ud83d\\ude00"}')).toEqual({ ok: true, value: { laboratory: '😀' } });
  });
});

describe('a text in GBK', () => {
  it('is refused, with the byte from which on it isn’t UTF-8', () => {
    const start = '{"result":"';
    const bytes = Buffer.concat([Buffer.from(start), Buffer.from(GBK_DISEASE), Buffer.from('"}')]);
    expect(readEventJson(bytes)).toEqual({ ok: false, why: 'not-utf8', pointer: '', byte: start.length + 1 });
  });
  it('is told by its first broken byte, whatever stands before it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (before) => {
        const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from('é')]);
        expect(readEventJson(bytes)).toMatchObject({ why: 'not-utf8', byte: Buffer.byteLength(before) + 1 });
      }),
    );
  });
});
