/** A body is cut into events as a parser would cut it, whatever stands in it, and never costs more than its bytes. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Split, splitJson, splitNdjson } from '#exchange/formats/json/split.ts';

const LIMITS = { eventsMax: 1_000, pieceBytes: 7 };
const noPause = async (): Promise<void> => undefined;
const bytesOf = (text: string) => Buffer.from(text);
const textsOf = (split: Split) =>
  split.ok ? split.events.map(({ bytes }) => Buffer.from(bytes).toString()) : split.why;
const cut = async (text: string) => textsOf(await splitJson(bytesOf(text), LIMITS, noPause));
const cutLines = async (text: string) => splitNdjson(bytesOf(text), LIMITS, noPause);

describe('a JSON array', () => {
  it('is cut where a parser would cut it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), fc.constantFrom(0, 2), async (values, indent) => {
        const texts = await cut(JSON.stringify(values, null, indent));
        expect((texts as string[]).map((text) => JSON.parse(text) as unknown)).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
      }),
    );
  });
  it.each([
    ['[]', []],
    [' [ ] ', []],
    ['\uFEFF[1]', ['1']],
    ['[1,]', ['1', '']],
    ['[1,,2]', ['1', '', '2']],
    ['[{"a":"]},["}, "\\"]" ]', ['{"a":"]},["}', '"\\"]"']],
    ['{"a":[1,2]}', ['{"a":[1,2]}']],
    ['7', ['7']],
    ['', []],
  ])('such as %s has these events', async (text, events) => {
    expect(await cut(text)).toEqual(events);
  });
  it.each(['[1', '["1]', '[1}', '[1]2', '[1]]', '['.repeat(99), '[{]'])('that has no end is none: %s', async (text) => {
    expect(await cut(text)).toBe('not-json');
  });
  it('of more events than the limit is given up there', async () => {
    expect(await cut(`[${'7,'.repeat(LIMITS.eventsMax - 1)}7]`)).toHaveLength(LIMITS.eventsMax);
    expect(await cut(`[${'7,'.repeat(LIMITS.eventsMax + 1)}`)).toBe('too-many');
  });
});

describe('NDJSON', () => {
  it('has an event a line, under the number of its line, however it ends', async () => {
    const split = await cutLines('\uFEFF{"a":1}\r\n\n \n7');
    expect(split.ok && split.events.map(({ bytes, line }) => [Buffer.from(bytes).toString(), line])).toEqual([
      ['{"a":1}', 1],
      ['7', 4],
    ]);
  });
  it('of more lines than the limit is given up there, blank ones too', async () => {
    expect(textsOf(await cutLines('x\n'.repeat(LIMITS.eventsMax)))).toHaveLength(LIMITS.eventsMax);
    expect(textsOf(await cutLines('x\n'.repeat(LIMITS.eventsMax + 1)))).toBe('too-many');
    expect(textsOf(await cutLines('\n'.repeat(LIMITS.eventsMax * 2 + 1)))).toBe('too-many');
  });
});

it('anything at all is cut or refused, and gives way between its pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      for (const split of [splitJson, splitNdjson]) {
        let pauses = 0;
        await split(bytes, LIMITS, async () => {
          pauses += 1;
        });
        expect(pauses).toBeLessThanOrEqual(bytes.length / LIMITS.pieceBytes + 1);
      }
    }),
  );
});
