/**
 * What Kafka's rights and the readers of the log decide together: whoever may write tries every forgery that its keys
 * allow, and what a reader takes of any of it counts as allowed.
 */

import type { PersonEvent } from '#core/events/events.ts';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { type SaidOfWithdrawals, Withdrawals } from '#core/withdrawals/in-force.ts';
import { NATIONAL, takes, type Withdrawable, type Withdrawer } from '#core/withdrawals/withdrawal.ts';
import { OPERATOR, provincePrincipal } from '#exchange/identity/principals.ts';
import { settlementTagHeaders } from '#exchange/keys/settlement-tags.ts';
import { signatureHeaders, SIGNED_BY, type SigningKey } from '#exchange/keys/signatures.ts';
import { TAG_FOR, TAG_KEY } from '#exchange/keys/tags.ts';
import { mayOnKafka } from '#exchange/topics/access.ts';
import { settlementHeaders } from '#exchange/topics/letters.ts';
import { publicKeyRecord, PublicKeys, signed } from '#exchange/topics/public-keys.ts';
import { decodeRecord, encodeEvent, encodeValue, tagged } from '#exchange/topics/records.ts';
import {
  decodeRegistration,
  faultOfInstance,
  registrationRecord,
  retirementRecord,
} from '#exchange/topics/registrations.ts';
import { NAMES_SCHEMA } from '#exchange/topics/schemas.ts';
import { readWithdrawal, withdrawalRecord, withdrawerOf } from '#exchange/topics/withdrawals.ts';
import type { AclOperation } from '#platform/kafka/acls.ts';
import type { KafkaMessage } from '#platform/kafka/client.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { LOG } from '#test/support/first-edition.ts';
import { publicKey, publishedKeys, recordKey, signingKey, TAGS } from '#test/support/keys.ts';
import { undoing, withdrawal } from '#test/support/withdrawals.ts';
import { SCHEMA_IDS, schemaSource } from '#test/unit/platform/kafka/support.ts';
import type { Who } from './who.ts';

export const onTopic = ({ principal }: Who, operation: AclOperation, name: string): boolean =>
  principal !== null && mayOnKafka(principal, operation, { type: 'topic', name });

const writes = (who: Who, topic: string): boolean => onTopic(who, 'write', topic);
const fetchedNow = (record: OutgoingRecord) => ({ ...record, offset: 7, appendedAtMs: 1_670_000_000_000 });
const withHeader = (record: OutgoingRecord, name: string, value: string): OutgoingRecord => ({
  ...record,
  headers: { ...record.headers, [name]: value },
});

/** Making a key of its bytes takes as long as signing with it. */
const once = <K>(make: (principal: string) => K): ((principal: string) => K) => {
  const made = new Map<string, K>();
  return (principal) => {
    const key = made.get(principal) ?? make(principal);
    made.set(principal, key);
    return key;
  };
};
const tagsWith = once((principal) => recordKey(principal));
const signsWith = once((principal) => signingKey(principal));

const KEY = Buffer.from('0123456789abcdef');
const READING = { schemas: schemaSource(), log: LOG, partitions: 1, tags: TAGS };

/**
 * As it is, under each key at hand, and as a copy of whoever's it is; of one other in each disguise too: as a copy of
 * the nation's, and under the name of another's key.
 */
function tries(who: Who, bare: OutgoingRecord, province: ProvinceCode): readonly OutgoingRecord[] {
  const whose = provincePrincipal(province);
  const isDisguised = isDisguisedFor(who, province);
  return [
    bare,
    ...who.recordKeys.flatMap((name) => {
      const key = tagsWith(name);
      const own = tagged(key, bare);
      const tellers = isDisguised ? [whose, NATIONAL] : [whose];
      const copies = tellers.map((teller) => tagged(key, withHeader(bare, TAG_FOR, teller)));
      const names = isDisguised ? [whose, NATIONAL, OPERATOR] : [];
      return [own, ...copies, ...names.map((other) => withHeader(own, TAG_KEY, `${other}-1`))];
    }),
  ];
}

/** Whether a reader takes it as that province's event. */
export function appends(who: Who, event: PersonEvent): boolean {
  const options = { log: LOG, schemaIds: SCHEMA_IDS, partitions: 1, keyVersion: 1 };
  const bare = encodeEvent(KEY, event, options);
  if (!writes(who, bare.topic)) return false;
  return tries(who, bare, event.province).some((record) => {
    const decoded = decodeRecord(fetchedNow(record), READING);
    return 'event' in decoded && decoded.event.province === event.province;
  });
}

const PUBLISHED = publishedKeys();
PUBLISHED.take(publicKeyRecord(publicKey(NATIONAL), signingKey(OPERATOR)));

/**
 * Under its own key; of one other, in each disguise too: in the names of others, and unsigned. Each signature that is
 * checked takes a quarter of a millisecond, so not every pair tries on all of them.
 */
function signings(
  who: Who,
  province: ProvinceCode,
  make: (key: SigningKey) => OutgoingRecord,
): readonly OutgoingRecord[] {
  const own = make(signsWith(who.signingKey ?? 'nobody'));
  const plain = who.signingKey === null ? [] : [own];
  if (!isDisguisedFor(who, province)) return plain;
  const names = [provincePrincipal(province), NATIONAL, OPERATOR];
  return [...plain, ...names.map((name) => withHeader(own, SIGNED_BY, `${name}-1`)), { ...own, headers: {} }];
}

/** For the next province in the order of codes; whoever is no province, for one. */
function isDisguisedFor({ name }: Who, province: ProvinceCode): boolean {
  const own = PROVINCE_CODES.findIndex((code) => provincePrincipal(code) === name);
  return province === PROVINCE_CODES[(own + 1) % PROVINCE_CODES.length];
}

const registrationOf = (province: ProvinceCode) =>
  ({ province, instance: `${province}-a`, epoch: 9, process: 'p' }) as const;

async function says(records: readonly OutgoingRecord[], what: 'registered' | 'retired'): Promise<boolean> {
  const said = await Promise.all(
    records.map((record) => decodeRegistration(signed(record), READING.schemas, PUBLISHED)),
  );
  return said.some((one) => what in one);
}

export async function registers(who: Who, province: ProvinceCode): Promise<boolean> {
  if (!writes(who, 'producers')) return false;
  const make = (key: SigningKey) => registrationRecord(SCHEMA_IDS, registrationOf(province), key);
  return says(signings(who, province, make), 'registered');
}

export async function retires(who: Who, province: ProvinceCode): Promise<boolean> {
  if (!writes(who, 'producers')) return false;
  const retirement = { instance: `${province}-a`, epoch: 9, by: 'somebody', why: '' };
  const make = (key: SigningKey) => retirementRecord(SCHEMA_IDS, retirement, key);
  return says(signings(who, province, make), 'retired');
}

const watermarkOf =
  (province: ProvinceCode) =>
  (signer: SigningKey): OutgoingRecord => {
    const { instance, epoch } = registrationOf(province);
    const claim = { province, instance, epoch, throughMs: 1, sequence: 1, full: 1, heads: [], offsets: [] };
    const key = Buffer.from(instance);
    const value = encodeValue('Watermark', SCHEMA_IDS.Watermark, claim);
    const headers = { ...NAMES_SCHEMA.Watermark, ...signatureHeaders(signer, { key, value }) };
    return { topic: 'watermarks', partition: 0, key, value, headers };
  };

export function writesWatermark(who: Who, province: ProvinceCode): boolean {
  if (!writes(who, 'watermarks')) return false;
  return signings(who, province, watermarkOf(province)).some(
    (record) => faultOfInstance(registrationOf(province), signed(record), PUBLISHED) === null,
  );
}

const saidBy = (record: OutgoingRecord): SaidOfWithdrawals | null => {
  const said = readWithdrawal({ ...record, timestamp: '1' } as unknown as KafkaMessage, PUBLISHED);
  return 'withdrawn' in said || 'undone' in said ? said : null;
};
const resultOf = (province: ProvinceCode): Withdrawable => ({
  province,
  laboratory: 'L1',
  run: 'R1',
  method: 'nucleic_acid',
  sampledAtMs: null,
  testedAtMs: null,
  issuedAtMs: 1,
});

/** In its own name, in that of the other and, of one other, in the nation's. */
const claimants = (who: Who, province: ProvinceCode): readonly Withdrawer[] => {
  const own = who.principal === null ? null : withdrawerOf(who.principal);
  const nation: readonly Withdrawer[] = isDisguisedFor(who, province) ? [NATIONAL] : [];
  return [...new Set([...(own === null ? [] : [own]), province, ...nation])];
};

export function withdraws(who: Who, province: ProvinceCode): boolean {
  if (!writes(who, 'withdrawals')) return false;
  return claimants(who, province).some((by) => {
    const { atMs: _at, ...withdrawn } = withdrawal({ by, province });
    return signings(who, province, (key) => withdrawalRecord({ withdrawn }, key)).some((record) => {
      const [said, withdrawals] = [saidBy(record), new Withdrawals()];
      if (said !== null) withdrawals.take(said);
      return withdrawals.inForce.some((one) => takes(one, resultOf(province)));
    });
  });
}

/** @param by who has withdrawn it */
export function undoes(who: Who, by: Withdrawer): boolean {
  if (!writes(who, 'withdrawals')) return false;
  const province = by === NATIONAL ? '43' : by;
  return claimants(who, province).some((claimed) => {
    const { atMs: _at, ...undone } = undoing({ of: by, by: claimed });
    return signings(who, province, (key) => withdrawalRecord({ undone }, key)).some((record) => {
      const [said, withdrawals] = [saidBy(record), new Withdrawals()];
      withdrawals.take({ withdrawn: withdrawal({ by, province }) });
      if (said !== null) withdrawals.take(said);
      return withdrawals.inForce.length === 0;
    });
  });
}

/** A further key in that one's name. */
export function publishesKey(who: Who, province: ProvinceCode): boolean {
  if (!writes(who, 'keys')) return false;
  const next = publicKey(provincePrincipal(province), 2);
  const records = signings(who, province, (key) => publicKeyRecord(next, key));
  return records.some((record) => new PublicKeys([publicKey(OPERATOR)]).take(signed(record)));
}

/** By a record in the person's own partition. */
export function settles(who: Who): boolean {
  const place = { topic: 'tests', partition: 0, offset: 7 };
  const headers = settlementHeaders({ place, through: null, as: 'discarded', by: 'somebody', why: '' });
  const bare: OutgoingRecord = { topic: 'tests', partition: 0, key: KEY, value: null, headers };
  if (!writes(who, bare.topic)) return false;
  const records = [
    bare,
    ...who.recordKeys.map((name) => ({
      ...bare,
      headers: { ...headers, ...settlementTagHeaders(tagsWith(name), bare) },
    })),
  ];
  return [...records, ...records.map((record) => withHeader(record, 'letter-tag-key', 'operator-1'))].some(
    (record) => TAGS.verdictOf(fetchedNow(record)).holds,
  );
}
