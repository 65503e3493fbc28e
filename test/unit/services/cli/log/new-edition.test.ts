/** A record on its way into the next edition of the log: which key, which partition, and what stays behind. */

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PersonErased } from '#core/events/events.ts';
import { advancePersonKey } from '#core/field/identity.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { Revocations } from '#core/keys/revocations.ts';
import { RecordTags } from '#exchange/keys/check.ts';
import { settlementHeaders } from '#exchange/topics/letters.ts';
import { logOf } from '#exchange/topics/log.ts';
import { decodeRecord, tagged } from '#exchange/topics/records.ts';
import { personErased, testReported } from '#exercises/town/events.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { IncomingRecord, OutgoingRecord } from '#platform/kafka/record.ts';
import { Erased } from '#services/cli/log/erased.ts';
import { type Copying, intoEdition, type Taken } from '#services/cli/log/new-edition.ts';
import { LOG } from '#test/support/first-edition.ts';
import { READ_ALREADY, recordKey, RING, TAGS, TAGS_IF_ANY, UNCHECKED } from '#test/support/keys.ts';
import { fetched, outgoing, schemaSource } from '#test/unit/platform/kafka/support.ts';

const SECRETS = [randomBytes(32), randomBytes(32), randomBytes(32)];
const KEY = Buffer.from('0123456789abcdef');
const PLAN: Copying = {
  edition: 2,
  partitions: 12,
  from: LOG,
  partitionsBefore: 1,
  tags: UNCHECKED,
  keys: READ_ALREADY,
  recordKey: recordKey('operator'),
  keyVersion: 3,
  secrets: SECRETS,
  settled: new Set(),
  erased: new Erased(),
};
const EVENT = testReported();
const RECORD = fetched(outgoing(KEY, EVENT), 5, EVENT.acceptedAtMs);
const of = (given: Partial<IncomingRecord>, plan: Partial<Copying> = {}) =>
  intoEdition({ ...RECORD, ...given }, { ...PLAN, ...plan }, schemaSource());
const withVersion = (version: string | undefined): Partial<IncomingRecord> => ({
  headers: { ...RECORD.headers, ce_personkeyversion: version },
});

describe('a record', () => {
  it.each([
    [1, 2],
    [2, 1],
    [3, 0],
  ])('under key version %i is advanced by %i secrets', async (version, steps) => {
    const key = SECRETS.slice(3 - steps).reduce(advancePersonKey, KEY);
    const taken = await of(withVersion(String(version)));
    expect(taken).toMatchObject({
      record: {
        topic: 'tests-2',
        key,
        partition: partitionOf(key, 12),
        value: RECORD.value,
        headers: { ce_personkeyversion: '3', ce_type: RECORD.headers['ce_type'] },
      },
    });
  });
  it('keeps its key and all of its headers where no key version is asked for', async () => {
    expect(await of(withVersion(undefined), { keyVersion: null, secrets: [] })).toMatchObject({
      record: { key: KEY, partition: partitionOf(KEY, 12), value: RECORD.value },
    });
    const { tag: _tag, 'tag-key': _key, ...headers } = RECORD.headers;
    expect(await of({}, { keyVersion: null, secrets: [] })).toMatchObject({ record: { headers } });
  });
  it('bears the operator’s tag, for the province that had tagged it', async () => {
    const taken = (await of({}, { tags: TAGS })) as { readonly record: OutgoingRecord };
    const copy = fetched(taken.record, 0, EVENT.acceptedAtMs);
    expect(copy.headers).toMatchObject({ 'tag-key': 'operator-1', 'tag-for': 'province-43' });
    const under = { key: 'province-43-1', appendedAtMs: EVENT.acceptedAtMs };
    expect(TAGS.verdictOf(copy)).toMatchObject({ province: '43', firstAppendedAtMs: EVENT.acceptedAtMs, under });
  });
  it('that the national role said is that one’s word in the next edition too', async () => {
    const erasure = personErased();
    const record = fetched(outgoing(KEY, erasure), 5, erasure.acceptedAtMs);
    const taken = await intoEdition(record, { ...PLAN, tags: TAGS }, schemaSource());
    const copy = fetched((taken as { readonly record: OutgoingRecord }).record, 0, erasure.acceptedAtMs);
    const next = { log: logOf(2), partitions: 12, schemas: schemaSource(), tags: TAGS };
    expect(decodeRecord(copy, next)).toMatchObject({ ok: true, event: { takes: 'all' } });
  });
  it('that nobody vouches for stays', async () => {
    expect(await of({ value: Buffer.from('forged') }, { tags: TAGS })).toEqual({ stays: 'bad_tag' });
  });
  it('of before there were tags is said to be one', async () => {
    const { tag: _tag, 'tag-key': _key, ...headers } = RECORD.headers;
    expect(await of({ headers }, { tags: TAGS_IF_ANY })).toMatchObject({
      record: { headers: { 'tag-for': 'unknown' } },
    });
  });
  it.each([[undefined], ['4'], ['0'], ['new']])(
    'with key version %s stays: nobody can tell what its key would be',
    async (version) => {
      expect(await of(withVersion(version))).toEqual({ stays: 'no_key_version' });
    },
  );
  it('without a usable key, or in a partition that isn’t its person’s, stays with its dead letter', async () => {
    expect(await of({ key: Buffer.from('short') })).toEqual({ stays: 'no_person_key' });
    expect(await of({ key: null })).toEqual({ stays: 'no_person_key' });
    expect(await of({ partition: 1 - partitionOf(KEY, 2) }, { partitionsBefore: 2 })).toEqual({
      stays: 'wrong_partition',
    });
  });
  it('that is unreadable stays unreadable, with its bytes', async () => {
    const value = Buffer.from('no event at all');
    expect(await of({ value, ...withVersion('1') })).toMatchObject({ record: { value } });
  });
  it('whose times lay ahead when it was written is not mended by time', async () => {
    const appendedAtMs = EVENT.reportIssuedAtMs - 86_400_000;
    const taken = (await of({ appendedAtMs }, { tags: TAGS })) as { readonly record: OutgoingRecord };
    const copy = fetched(taken.record, 0, EVENT.acceptedAtMs);
    const next = { log: logOf(2), partitions: 12, schemas: schemaSource(), tags: TAGS };
    expect(decodeRecord(copy, next)).toMatchObject({ ok: false, reason: 'breaks_a_rule' });
    const onTime = (await of({}, { tags: TAGS })) as { readonly record: OutgoingRecord };
    expect(decodeRecord(fetched(onTime.record, 0, 0), next)).toMatchObject({ ok: true, event: EVENT });
  });
});

describe('a settled letter', () => {
  const settlement = {
    place: { topic: 'tests', partition: RECORD.partition, offset: 5 },
    through: null,
    by: 'Li',
    why: 'schema was missing',
  } as const;
  it('leaves its record behind, and the discard', async () => {
    await expect(
      of({ value: Buffer.from('poison') }, { settled: new Set([`tests/${RECORD.partition}/5`]) }),
    ).resolves.toEqual({ stays: 'settled' });
    await expect(
      of({ offset: 8, value: null, headers: settlementHeaders({ ...settlement, as: 'discarded' }) }),
    ).resolves.toEqual({ stays: 'settled' });
  });
  it('that was replayed goes as the event that it is: the letter’s place means nothing in another log', async () => {
    const replayed = await of({
      offset: 8,
      headers: { ...RECORD.headers, ...settlementHeaders({ ...settlement, as: 'replayed' }) },
    });
    expect(replayed).toMatchObject({ record: { value: RECORD.value } });
    expect(
      Object.keys('record' in replayed ? replayed.record.headers : {}).filter((name) => name.startsWith('letter-')),
    ).toEqual([]);
  });
});

describe('what an erasure hides', () => {
  const through = (erasesThroughMs: number, given: Partial<PersonErased> = {}, key = KEY): Partial<Copying> => {
    const erased = new Erased();
    erased.add(key, personErased({ erasesThroughMs, ...given }));
    return { erased };
  };
  it('is left out up to the end of its reach, and what was accepted later isn’t', async () => {
    expect(await of({}, through(EVENT.acceptedAtMs))).toEqual({ stays: 'erased' });
    expect(await of({}, through(EVENT.acceptedAtMs - 1))).toHaveProperty('record');
    expect(await of({}, through(EVENT.acceptedAtMs, {}, Buffer.alloc(16)))).toHaveProperty('record');
  });
  it('is what the publisher itself published, where it takes its own', async () => {
    const own = (province: ProvinceCode) => through(EVENT.acceptedAtMs, { takes: 'own', province });
    expect(await of({}, own(EVENT.province))).toEqual({ stays: 'erased' });
    expect(await of({}, own('44'))).toHaveProperty('record');
  });
  it('is neither the erasure itself, which hides what comes to it later, nor what nobody can read', async () => {
    const erasure = personErased();
    const record = fetched(outgoing(KEY, erasure), 5, erasure.acceptedAtMs);
    const plan = { ...PLAN, ...through(erasure.erasesThroughMs) };
    expect(await intoEdition(record, plan, schemaSource())).toHaveProperty('record');
    expect(await of({ value: Buffer.from('poison') }, through(EVENT.acceptedAtMs))).toHaveProperty('record');
  });
});

it('the same record goes elsewhere under another plan: so a second run must not have another', async () => {
  const [first, second] = [await of({}, { keyVersion: 2 }), await of({}, { keyVersion: null })];
  const keyOf = (taken: typeof first): string => ('record' in taken ? (taken.record.key?.toString('hex') ?? '') : '');
  expect(keyOf(first)).not.toBe(keyOf(second));
});

it('a copy says under which key its record was, and since when, so that a revocation reaches it too', async () => {
  const by = (taken: Taken) => ('record' in taken ? taken.record.headers['tag-by'] : null);
  const bare = outgoing(KEY, EVENT);
  const whole = fetched(tagged(recordKey('province-43'), bare), 5, EVENT.acceptedAtMs);
  expect(by(await intoEdition(whole, { ...PLAN, tags: TAGS }, schemaSource()))).toBe(
    `province-43-1/${EVENT.acceptedAtMs}`,
  );
  const said = { headers: { ...RECORD.headers, 'tag-by': 'province-43-9/1' } };
  expect(by(await of(said))).toBeUndefined(); // nobody has vouched for that
});

it('what was withdrawn with a key stays; a copy that was made before counts in the next edition no more', async () => {
  const sinceMs = EVENT.acceptedAtMs;
  const revocations = new Revocations();
  const tags = new RecordTags(RING, {}, revocations);
  const whole = fetched(outgoing(KEY, EVENT), 5, sinceMs);
  const before = (await intoEdition(whole, { ...PLAN, tags }, schemaSource())) as { readonly record: OutgoingRecord };
  const copy = fetched(before.record, 0, sinceMs + 1_000_000);
  expect(tags.verdictOf(copy)).toMatchObject({ holds: true });
  revocations.take({ key: 'province-43-1', why: 'stolen', atMs: sinceMs + 2_000_000, sinceMs });
  expect(await intoEdition(whole, { ...PLAN, tags }, schemaSource())).toEqual({ stays: 'bad_tag' });
  expect(tags.verdictOf(copy)).toMatchObject({ holds: false });
  const earlier = fetched(outgoing(KEY, EVENT), 4, sinceMs - 1);
  expect(await intoEdition(earlier, { ...PLAN, tags }, schemaSource())).toHaveProperty('record');
});
