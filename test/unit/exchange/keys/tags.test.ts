/** The tag of a record: it covers each of its parts, and whoever hasn't the key can't make it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framed, macOf, type Tagged, tagHeaders, tagHolds } from '#exchange/keys/tags.ts';
import { recordKey } from '#test/support/keys.ts';

const KEY = recordKey('province-43');

interface Parts {
  readonly topic: string;
  readonly key: Buffer;
  readonly id: string;
  readonly value: Buffer;
  readonly copiedFor: string;
  readonly schema: string;
}

const recordOf = ({ topic, key, id, value, copiedFor, schema }: Parts): Tagged => ({
  topic,
  key,
  value,
  headers: { ce_id: id, 'tag-for': copiedFor, 'schema-fingerprint': schema },
});
const taggedBy = (record: Tagged, key = KEY): Tagged => ({
  ...record,
  headers: { ...record.headers, ...tagHeaders(key, record) },
});

const bytes = (minLength: number) =>
  fc.uint8Array({ minLength, maxLength: 40 }).map((given): Buffer => Buffer.from(given));
const text = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
const parts = fc.record({ topic: text, key: bytes(1), id: text, value: bytes(1), copiedFor: text, schema: text });

describe('a tag', () => {
  it('holds for its record, whatever is in it', () => {
    fc.assert(
      fc.property(parts, (of) => {
        expect(tagHolds(KEY, taggedBy(recordOf(of)))).toBe(true);
      }),
    );
  });
  it('fails after any change of one byte of topic, person, event id, value, schema, or whom it is copied for', () => {
    const change = fc.record({
      field: fc.constantFrom('topic', 'key', 'id', 'value', 'copiedFor', 'schema'),
      at: fc.nat(),
      by: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(parts, change, (of, { field, at, by }) => {
        const before = Buffer.from(of[field] as string & Buffer);
        const after = Buffer.from(before);
        after[at % after.length] = (after[at % after.length] as number) ^ by;
        const changed = { ...of, [field]: field === 'key' || field === 'value' ? after : after.toString('latin1') };
        const { headers } = taggedBy(recordOf(of));
        const record = recordOf(changed as Parts);
        expect(tagHolds(KEY, { ...record, headers: { ...headers, ...record.headers } })).toBe(false);
      }),
    );
  });
  it('fails after any change of one byte of itself, and where it is cut, missing, a text, or there twice', () => {
    const record = taggedBy(
      recordOf({ topic: 't', key: Buffer.alloc(16), id: 'i', value: Buffer.alloc(9), copiedFor: '', schema: '' }),
    );
    const tag = record.headers['tag'] as Buffer;
    const given = (one: Tagged['headers'][string]) => ({ ...record, headers: { ...record.headers, tag: one } });
    for (let at = 0; at < tag.length; at += 1) {
      const changed = Buffer.from(tag);
      changed[at] = (changed[at] as number) ^ 1;
      expect(tagHolds(KEY, given(changed))).toBe(false);
    }
    for (const one of [tag.subarray(1), undefined, tag.toString('latin1'), [tag, tag]])
      expect(tagHolds(KEY, given(one))).toBe(false);
  });
  it('stays as it was where a record names no schema: such lie in the log', () => {
    const record: Tagged = { topic: 't', key: Buffer.alloc(16), value: Buffer.of(1), headers: { ce_id: 'i' } };
    const message = framed('record', 't', record.key, 'i', record.value, '', '', '');
    expect(taggedBy(record).headers['tag']).toEqual(macOf(KEY, message));
  });
  it('fails under every other key', () => {
    const record = recordOf({
      topic: 't',
      key: Buffer.alloc(16),
      id: 'i',
      value: Buffer.alloc(9),
      copiedFor: '',
      schema: '',
    });
    for (const other of [recordKey('province-44'), recordKey('province-43', 2), recordKey('operator')])
      expect(tagHolds(KEY, taggedBy(record, other))).toBe(false);
  });
  it('tells a value that is empty from none, and a key that is missing from an empty one', () => {
    const none: Tagged = { topic: 't', key: null, value: null, headers: {} };
    const { headers } = taggedBy(none);
    expect(tagHolds(KEY, { ...none, headers })).toBe(true);
    expect(tagHolds(KEY, { ...none, value: Buffer.alloc(0), headers })).toBe(false);
    expect(tagHolds(KEY, { ...none, key: Buffer.alloc(0), headers })).toBe(false);
  });
});

describe('what is covered', () => {
  it('comes to the same bytes only for the same list of parts', () => {
    const part = fc.oneof(fc.string({ maxLength: 6 }), bytes(0), fc.constant(null));
    const list = fc.array(part, { maxLength: 5 });
    const asBytes = (one: string | Buffer | null) => (one === null ? null : Buffer.from(one).toString('hex'));
    fc.assert(
      fc.property(list, list, (a, b) => {
        const same = JSON.stringify(a.map(asBytes)) === JSON.stringify(b.map(asBytes));
        expect(framed(...a).equals(framed(...b))).toBe(same);
      }),
    );
  });
});
