/** What a record comes to whose tag is checked: before anything else is looked at. */

import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#core/field/time.ts';
import { decodeRecord, tagged } from '#exchange/topics/records.ts';
import { KNOWN_SCHEMAS, type KnownSchema } from '#exchange/topics/schemas.ts';
import { personErased, testReported } from '#exercises/town/events.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import { LOG } from '#test/support/first-edition.ts';
import { recordKey, TAGS, TAGS_IF_ANY } from '#test/support/keys.ts';
import { fetched, outgoing, SCHEMA_IDS, schemaSource } from '#test/unit/platform/kafka/support.ts';

const KEY = Buffer.from('0123456789abcdef');
const APPENDED_MS = testReported().acceptedAtMs + HOUR_MS;
const good = fetched(outgoing(KEY, testReported()), 7, APPENDED_MS);
const value = good.value as Buffer;

describe('a record whose tag is checked', () => {
  const check = (record: IncomingRecord) =>
    decodeRecord(record, { schemas: schemaSource(), log: LOG, partitions: 1, tags: TAGS });
  it('is an event under its own province’s tag', () => {
    expect(check(good)).toMatchObject({ ok: true, event: { province: '43' } });
  });
  it('takes no effect with another value, whatever else is wrong with it, and marks nobody by itself', () => {
    for (const changed of [
      Buffer.concat([Buffer.of(0, 0, 0, 0, SCHEMA_IDS.CodeAssigned), value.subarray(5)]),
      Buffer.from('rubbish'),
      null,
    ])
      expect(check({ ...good, value: changed })).toMatchObject({
        ok: false,
        reason: 'bad_tag',
        key: null,
        marked: 'nobody',
      });
  });
  it('marks nobody when it names no province', () => {
    expect(check({ ...good, headers: {} })).toMatchObject({ reason: 'bad_tag', key: null, marked: 'nobody' });
  });
  it('takes no effect when one province has tagged what another would have said', () => {
    const foreign = fetched(tagged(recordKey('province-44'), outgoing(KEY, testReported())), 7, APPENDED_MS);
    expect(check(foreign)).toMatchObject({
      reason: 'bad_tag',
      detail: '44 has tagged an event of 43',
      key: null,
      marked: 'nobody',
    });
  });
  it('a province erased, past its door, what all had published: only the national role’s tag does', () => {
    const erasure = personErased({ takes: 'all' });
    const untagged = outgoing(KEY, erasure);
    const by = (principal: string, event = untagged) =>
      check(fetched(tagged(recordKey(principal), event), 7, APPENDED_MS));
    expect(by('province-43')).toMatchObject({ reason: 'bad_tag', key: null, marked: 'nobody' });
    expect(by('national')).toMatchObject({ ok: true, event: { takes: 'all' } });
    const own = outgoing(KEY, personErased({ takes: 'own' }));
    expect(by('province-43', own)).toMatchObject({ ok: true, event: { takes: 'own' } });
    expect(by('national', own)).toMatchObject({ reason: 'bad_tag', marked: 'nobody' });
    expect(by('national', outgoing(KEY, testReported()))).toMatchObject({ reason: 'bad_tag' });
  });
  it('a province erased all by the form that erasures had before they said whose they take', () => {
    const former = KNOWN_SCHEMAS.find(({ name, version }) => name === 'PersonErased' && version === 1) as KnownSchema;
    const value = Buffer.concat([Buffer.of(0, 0, 0, 0, 99), former.type.toBuffer(personErased())]);
    const { topic } = outgoing(KEY, personErased());
    const bare = { topic, partition: 0, key: KEY, value, headers: { ce_source: '/provinces/43/producers/43-a' } };
    const reading = { schemas: schemaSource({ 99: former }), log: LOG, partitions: 1 };
    const forged = fetched(tagged(recordKey('province-43'), bare), 7, APPENDED_MS);
    expect(decodeRecord(forged, { ...reading, tags: TAGS })).toMatchObject({ reason: 'bad_tag', marked: 'nobody' });
    // What lies before the first tag keeps its reach for ever.
    const early = decodeRecord(fetched(bare, 7, APPENDED_MS), { ...reading, tags: TAGS_IF_ANY });
    expect(early).toMatchObject({ ok: true, event: { takes: 'all' } });
  });
  it('and that is unreadable marks whom it marked before', () => {
    const garbled = tagged(recordKey('province-43'), {
      ...outgoing(KEY, testReported()),
      value: value.subarray(0, 40),
    });
    expect(check(fetched(garbled, 7, APPENDED_MS))).toMatchObject({ reason: 'truncated_or_garbled', key: KEY });
    const nobodys = tagged(recordKey('province-43'), { ...outgoing(KEY, testReported()), key: Buffer.from('short') });
    expect(check(fetched(nobodys, 7, APPENDED_MS))).toMatchObject({ reason: 'no_person_key', marked: '43' });
  });
});
