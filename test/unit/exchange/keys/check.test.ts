/** Whose a record is: its publisher's by the tag, nobody's if that fails, and everybody's before there were tags. */

import { describe, expect, it } from 'vitest';
import { REVOCATION_REACH_MS, Revocations } from '#core/keys/revocations.ts';
import { RecordTags } from '#exchange/keys/check.ts';
import { KeyRing } from '#exchange/keys/ring.ts';
import { settlementTagHeaders } from '#exchange/keys/settlement-tags.ts';
import { tagHeaders } from '#exchange/keys/tags.ts';
import { firstAppendedHeaders, settlementHeaders } from '#exchange/topics/letters.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import { NONE_REVOKED, recordKey, RING, TAGS } from '#test/support/keys.ts';

const SOURCE = { ce_id: 'e', ce_source: '/provinces/43/producers/43-a' };
const bare = (given: Partial<IncomingRecord> = {}): IncomingRecord => ({
  topic: 'tests',
  partition: 3,
  offset: 41,
  appendedAtMs: 0,
  key: Buffer.alloc(16, 1),
  value: Buffer.from('value'),
  headers: SOURCE,
  ...given,
});
const tagged = (record: IncomingRecord, principal = 'province-43', number = 1): IncomingRecord => ({
  ...record,
  headers: { ...record.headers, ...tagHeaders(recordKey(principal, number), record) },
});
const settling = (record: IncomingRecord, as: 'replayed' | 'discarded', by = 'operator'): IncomingRecord => {
  const place = { topic: 'tests', partition: 3, offset: 7 };
  const headers = { ...record.headers, ...settlementHeaders({ place, through: null, as, by: 'li', why: '' }) };
  return { ...record, headers: { ...headers, ...settlementTagHeaders(recordKey(by), { ...record, headers }) } };
};

describe('a record', () => {
  it('under its province’s key is that province’s', () => {
    expect(TAGS.verdictOf(tagged(bare()))).toMatchObject({ holds: true, province: '43' });
  });
  it('that was appended once more, later or elsewhere in its topic, still is', () => {
    expect(TAGS.verdictOf({ ...tagged(bare()), offset: 99, appendedAtMs: 9 })).toMatchObject({ holds: true });
  });
  it.each([
    ['moved to another topic', (record: IncomingRecord) => ({ ...record, topic: 'codes' })],
    ['given to another person', (record: IncomingRecord) => ({ ...record, key: Buffer.alloc(16, 2) })],
    ['of another value', (record: IncomingRecord) => ({ ...record, value: Buffer.from('other') })],
    ['without its tag', (record: IncomingRecord) => ({ ...record, headers: SOURCE })],
    [
      'said to be of another key',
      (record: IncomingRecord) => ({
        ...record,
        headers: { ...record.headers, 'tag-key': 'province-43-2' },
      }),
    ],
    [
      'said to be a copy',
      (record: IncomingRecord) => ({
        ...record,
        headers: { ...record.headers, 'tag-for': 'province-43' },
      }),
    ],
  ])('%s is nobody’s', (_what, change) => {
    expect(TAGS.verdictOf(change(tagged(bare())))).toMatchObject({ holds: false });
  });
  it('under the national role’s key is that one’s, and under a key of whoever publishes nothing is nobody’s', () => {
    expect(TAGS.verdictOf(tagged(bare(), 'national'))).toMatchObject({ holds: true, province: null, isNational: true });
    const check = new RecordTags(new KeyRing([recordKey('materialiser')]), {}, NONE_REVOKED);
    expect(check.verdictOf(tagged(bare(), 'materialiser'))).toMatchObject({ holds: false });
  });
  it('that names no province is nobody’s either', () => {
    expect(TAGS.verdictOf(bare({ headers: {} }))).toMatchObject({ holds: false });
  });
  it('under a key that isn’t at hand is nobody’s until it is: a botched rotation', () => {
    const record = tagged(bare(), 'province-43', 2);
    expect(TAGS.verdictOf(record)).toMatchObject({ holds: false, detail: 'its key is not at hand' });
    const both = new KeyRing([recordKey('province-43'), recordKey('province-43', 2)]);
    expect(new RecordTags(both, {}, NONE_REVOKED).verdictOf(record)).toMatchObject({ holds: true, province: '43' });
    expect(both.newestOf('province-43').id).toBe('province-43-2');
  });
});

describe('a record without a tag', () => {
  it('counts before the stated offset of its partition, and not from there on', () => {
    const check = new RecordTags(RING, { 'tests 3': 41 }, NONE_REVOKED);
    expect(check.verdictOf(bare({ offset: 40 }))).toMatchObject({ holds: true, province: null });
    expect(check.verdictOf(bare({ offset: 41 }))).toMatchObject({ holds: false });
    expect(check.verdictOf(bare({ offset: 40, partition: 2 }))).toMatchObject({ holds: false });
  });
  it('counts where nobody has stated an offset; one with a tag that fails doesn’t', () => {
    const check = new RecordTags(RING, null, NONE_REVOKED);
    expect(check.verdictOf(bare())).toMatchObject({ holds: true, province: null });
    expect(check.verdictOf({ ...tagged(bare()), value: null })).toMatchObject({ holds: false });
  });
});

describe('a copy', () => {
  const copy = (copiedFor: string) => bare({ headers: { ...SOURCE, 'tag-for': copiedFor } });
  it('under the operator’s key is of whom it names, or of before there were tags', () => {
    expect(TAGS.verdictOf(tagged(copy('province-11'), 'operator'))).toMatchObject({ holds: true, province: '11' });
    expect(TAGS.verdictOf(tagged(copy('national'), 'operator'))).toMatchObject({ province: null, isNational: true });
    expect(TAGS.verdictOf(tagged(copy('unknown'), 'operator'))).toMatchObject({ holds: true, province: null });
  });
  it('that names nobody, or that a province made, isn’t one', () => {
    expect(TAGS.verdictOf(tagged(bare(), 'operator'))).toMatchObject({ holds: false });
    expect(TAGS.verdictOf(tagged(copy('province-11'), 'province-44'))).toMatchObject({ holds: true, province: '44' });
  });
  it('says when its record was first appended, and nobody can change that', () => {
    const headers = { ...SOURCE, 'tag-for': 'province-11', 'tag-at': '1660000000000' };
    const dated = tagged(bare({ headers }), 'operator');
    expect(TAGS.verdictOf(dated)).toMatchObject({ firstAppendedAtMs: 1_660_000_000_000 });
    const later = { ...dated, headers: { ...dated.headers, 'tag-at': '1670000000000' } };
    expect(TAGS.verdictOf(later)).toMatchObject({ holds: false });
    expect(TAGS.verdictOf(tagged(bare({ headers }), 'province-11'))).toMatchObject({ firstAppendedAtMs: null });
  });
  it('that is replayed counts from its replay on', () => {
    const headers = { ...SOURCE, 'tag-for': 'province-11', 'tag-at': '1660000000000' };
    const replayed = settling(tagged(bare({ headers }), 'operator'), 'replayed');
    expect(TAGS.verdictOf(replayed)).toMatchObject({ holds: true, province: '11', firstAppendedAtMs: null });
  });
});

describe('what settles a letter', () => {
  it('holds under the operator’s key alone', () => {
    expect(TAGS.verdictOf(settling(tagged(bare()), 'replayed'))).toMatchObject({ holds: true, province: '43' });
    expect(TAGS.verdictOf(settling(bare({ value: null }), 'discarded'))).toMatchObject({ holds: true, province: null });
    expect(TAGS.verdictOf(settling(tagged(bare()), 'replayed', 'province-43'))).toMatchObject({ holds: false });
  });
  it('can’t be made to settle another letter, or more of them', () => {
    const record = settling(bare({ value: null }), 'discarded');
    for (const [name, value] of [
      ['letter-settles', 'tests/3/8'],
      ['letter-settles-through', '999'],
      ['letter-settled-as', 'replayed'],
    ] as const)
      expect(TAGS.verdictOf({ ...record, headers: { ...record.headers, [name]: value } })).toMatchObject({
        holds: false,
        settles: false,
      });
  });
  it('is taken though the record that is replayed is as bad as before', () => {
    const bad = { ...tagged(bare()), value: Buffer.from('other') };
    expect(TAGS.verdictOf(settling(bad, 'replayed'))).toMatchObject({ holds: false, settles: true });
  });
});

describe('under a revoked key', () => {
  const revoked = (key: string, sinceMs: number | null = null): RecordTags => {
    const revocations = new Revocations();
    revocations.take({ key, why: 'leaked', atMs: 1_000, sinceMs });
    return new RecordTags(RING, {}, revocations);
  };
  const check = revoked('province-43-1');
  const [last, first] = [1_000 + REVOCATION_REACH_MS - 1, 1_000 + REVOCATION_REACH_MS];

  it('a record counts that was appended before the revocation reached, and no later one', () => {
    expect(check.verdictOf(tagged(bare({ appendedAtMs: last })))).toMatchObject({
      holds: true,
      under: { key: 'province-43-1', appendedAtMs: last },
    });
    expect(check.verdictOf(tagged(bare({ appendedAtMs: first })))).toMatchObject({
      holds: false,
      detail: 'its key did not count when it was appended',
    });
    expect(check.verdictOf(tagged(bare({ appendedAtMs: first }), 'province-44'))).toMatchObject({ holds: true });
  });
  it('a thief can’t say that a record was appended earlier than it was', () => {
    for (const name of ['letter-first-appended-at', 'tag-at'])
      expect(check.verdictOf(tagged(bare({ appendedAtMs: first, headers: { ...SOURCE, [name]: '1' } })))).toMatchObject(
        { holds: false },
      );
    const by = { ...SOURCE, 'tag-by': 'province-43-2/1' };
    expect(check.verdictOf(tagged(bare({ appendedAtMs: first, headers: by })))).toMatchObject({ holds: false });
    const headers = { ...SOURCE, 'letter-first-appended-at': '1' };
    const settled = settling(tagged(bare({ appendedAtMs: first, headers })), 'replayed', 'province-43');
    expect(check.verdictOf(settled)).toMatchObject({ holds: false });
  });
  it('a replay is judged by when its record was first appended, by the operator’s word', () => {
    const replayOf = (firstAtMs: number | null) =>
      settling(
        tagged(
          bare({
            appendedAtMs: first + 1_000,
            headers: { ...SOURCE, ...(firstAtMs === null ? {} : firstAppendedHeaders(firstAtMs)) },
          }),
        ),
        'replayed',
      );
    expect(check.verdictOf(replayOf(last))).toMatchObject({ holds: true, under: { appendedAtMs: last } });
    expect(check.verdictOf(replayOf(first))).toMatchObject({ holds: false });
    expect(check.verdictOf(replayOf(null))).toMatchObject({ holds: false });
    const changed = replayOf(first);
    const headers = { ...changed.headers, ...firstAppendedHeaders(last) };
    expect(check.verdictOf({ ...changed, headers })).toMatchObject({ holds: false });
  });
  it('a copy is judged by when its record was first appended, under its own key', () => {
    const copyOf = (under: string) => {
      const headers = { ...SOURCE, 'tag-for': 'province-43', 'tag-at': '1', 'tag-by': under };
      return tagged(bare({ appendedAtMs: first + 1_000, headers }), 'operator');
    };
    expect(check.verdictOf(copyOf(`province-43-1/${last}`))).toMatchObject({
      holds: true,
      under: { key: 'province-43-1', appendedAtMs: last },
    });
    expect(check.verdictOf(copyOf(`province-43-1/${first}`))).toMatchObject({ holds: false });
    expect(check.verdictOf(copyOf(`province-43-2/${first}`))).toMatchObject({ holds: true });
    const copy = copyOf(`province-43-1/${first}`);
    const headers = { ...copy.headers, 'tag-by': `province-43-1/${last}` };
    expect(check.verdictOf({ ...copy, headers })).toMatchObject({ holds: false });
  });
  it('that had leaked no record counts that was appended since, nor a copy or a replay of one', () => {
    const [before, since] = [199, 200];
    const leaked = revoked('province-43-1', since);
    const holds = (record: IncomingRecord): boolean => leaked.verdictOf(record).holds;
    const copyOf = (firstAtMs: number) => {
      const headers = { ...SOURCE, 'tag-for': 'province-43', 'tag-at': '1', 'tag-by': `province-43-1/${firstAtMs}` };
      return tagged(bare({ appendedAtMs: 150, headers }), 'operator');
    };
    const replayOf = (firstAtMs: number) =>
      settling(
        tagged(bare({ appendedAtMs: 150, headers: { ...SOURCE, ...firstAppendedHeaders(firstAtMs) } })),
        'replayed',
      );
    expect([before, since].map((ms) => holds(tagged(bare({ appendedAtMs: ms }))))).toEqual([true, false]);
    expect([before, since].map((ms) => holds(copyOf(ms)))).toEqual([true, false]);
    expect([before, since].map((ms) => holds(replayOf(ms)))).toEqual([true, false]);
  });
  it('of the operator nothing is copied and no letter is settled any more', () => {
    const operator = revoked('operator-1');
    const copy = tagged(bare({ appendedAtMs: first, headers: { ...SOURCE, 'tag-for': 'province-43' } }), 'operator');
    expect(operator.verdictOf(copy)).toMatchObject({ holds: false });
    const discard = settling(bare({ value: null, appendedAtMs: first }), 'discarded');
    expect(operator.verdictOf(discard)).toMatchObject({ holds: false, settles: false });
    expect(operator.verdictOf({ ...discard, appendedAtMs: last })).toMatchObject({ holds: true });
  });
});
