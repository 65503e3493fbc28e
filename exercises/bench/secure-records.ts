/**
 * What a tag costs: making an event's record with and without it, and reading one; beside them a watermark's signature.
 * In CPU time of this thread, of which others on the machine take none.
 */

import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { HOUR_MS } from '#core/field/time.ts';
import { Revocations } from '#core/keys/revocations.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { RecordTags, type TagCheck } from '#exchange/keys/check.ts';
import { KeyRing } from '#exchange/keys/ring.ts';
import { signatureHeaders, signatureHolds } from '#exchange/keys/signatures.ts';
import { digestOf, type RecordKey } from '#exchange/keys/tags.ts';
import { logOf } from '#exchange/topics/log.ts';
import { decodeRecord, encodeEvent, tagged } from '#exchange/topics/records.ts';
import type { SchemaIds } from '#exchange/topics/registry.ts';
import { RECORD_NAMES } from '#exchange/topics/schemas.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import { testReported } from '#exercises/town/events.ts';
import type { IncomingRecord, OutgoingRecord } from '#platform/kafka/record.ts';
import { compared, inTurn } from './rounds.ts';
import { type Row, rowOf } from './rows.ts';

const EVENTS = 10_000;
const SIGNATURES = 1_000;
const LOG = logOf(1);
const SCHEMA_IDS = Object.fromEntries(RECORD_NAMES.map((name, index) => [name, index + 1])) as unknown as SchemaIds;
const KEY: RecordKey = { id: 'province-43-1', principal: 'province-43', secret: createSecretKey(randomBytes(32)) };
const BELIEVES_ALL: TagCheck = {
  verdictOf: () => ({ holds: true, province: null, isNational: false, firstAppendedAtMs: null, under: null }),
};
const events = Array.from({ length: EVENTS }, (_, index) => ({
  key: randomBytes(16),
  event: testReported({ sampleId: `sample ${index}` }),
}));

const encoded = ({ key, event }: (typeof events)[number]): OutgoingRecord =>
  encodeEvent(key, event, { log: LOG, schemaIds: SCHEMA_IDS, partitions: 1, keyVersion: 1 });
const fetched = (record: OutgoingRecord): IncomingRecord => ({
  ...record,
  offset: 1,
  appendedAtMs: testReported().acceptedAtMs + HOUR_MS,
});

export async function secureRecords(rounds: number): Promise<Row[]> {
  const bare = events.map(encoded).map(fetched);
  const withTags = events.map((one) => fetched(tagged(KEY, encoded(one))));
  const reading = (tags: TagCheck) => ({ log: LOG, partitions: 1, schemas: { cached: () => undefined }, tags });
  const fold = (records: readonly IncomingRecord[], tags: TagCheck) => () =>
    microsecondsEach(records, (record) => {
      const decoded = decodeRecord(record, reading(tags));
      if (!('event' in decoded)) throw new Error('a record of the bench can’t be read');
      decodeView(encodeView(merge(EMPTY_VIEW, decoded.event)));
    });
  const made = await inTurn(rounds, {
    with: () => microsecondsEach(events, (one) => digestOf(tagged(KEY, encoded(one)))),
    without: () => microsecondsEach(events, encoded),
  });
  const folded = await inTurn(rounds, {
    with: fold(withTags, new RecordTags(new KeyRing([KEY]), {}, new Revocations())),
    without: fold(bare, BELIEVES_ALL),
  });
  return [
    rowOf('a record made, tag and claim: CPU µs', compared(made.with, made.without)),
    rowOf('a record folded into a view, tag checked: CPU µs', compared(folded.with, folded.without)),
    ...(await signatures(rounds)),
  ];
}

/** Of a watermark, once a second: beside the HMAC that an event's tag is. */
async function signatures(rounds: number): Promise<Row[]> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const own = { id: 'province-43-1', principal: 'province-43' };
  const record = { key: Buffer.from('43-a'), value: randomBytes(160) };
  const headers = signatureHeaders({ ...own, privateKey }, record);
  const times = Array.from({ length: SIGNATURES });
  const [first] = events as [(typeof events)[number]];
  const one = encoded(first);
  const { sign, check, tag } = await inTurn(rounds, {
    sign: () => microsecondsEach(times, () => signatureHeaders({ ...own, privateKey }, record)),
    check: () => microsecondsEach(times, () => signatureHolds({ ...own, publicKey }, { ...record, headers })),
    tag: () => microsecondsEach(times, () => tagged(KEY, one)),
  });
  return [
    rowOf('a watermark signed; without: a tag made instead: CPU µs', compared(sign, tag)),
    rowOf('a watermark’s signature checked; without: a tag made instead: CPU µs', compared(check, tag)),
  ];
}

function microsecondsEach<T>(all: readonly T[], work: (one: T) => unknown): number {
  const before = process.threadCpuUsage();
  for (const one of all) work(one);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / all.length;
}
