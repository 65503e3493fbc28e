/**
 * What the exchange itself shows of each of the 32: read from Kafka, Redis, the doors and the authority at hand, and
 * judged by nobody here. It writes nothing and asks no province.
 */

import { join } from 'node:path';
import { PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { provinceWatermarkMs } from '#core/view/snapshot.ts';
import type { Statement } from '#core/vouch/claims.ts';
import { readIssued } from '#exchange/identity/pki.ts';
import { newestOf, provincePrincipal, standingOf } from '#exchange/identity/principals.ts';
import { type PublicKeys, signed } from '#exchange/topics/public-keys.ts';
import { decodeOwnValue } from '#exchange/topics/records.ts';
import { faultOfInstance, readRegistrations } from '#exchange/topics/registrations.ts';
import { DEAD_LETTERS_TOPIC, VOUCHERS_TOPIC } from '#exchange/topics/topics.ts';
import { RedisViewStore } from '#exchange/view/store.ts';
import { HutongError } from '#platform/errors.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import type { Connected } from '#services/cli/shared/connected.ts';
import { LetterBook, letterRecordOf } from '#services/cli/shared/letter-book.ts';
import { type DoorsAsked, NO_COUNTS } from './door-counts.ts';
import type { ProvinceFacts } from './readiness.ts';
import { Sent } from './sent.ts';

/** @throws HutongError KAFKA_UNAVAILABLE, REGISTRY_UNAVAILABLE, REDIS_UNAVAILABLE */
export async function readFacts(
  connected: Connected,
  { runDir, doors, nowMs }: { readonly runDir: string; readonly doors: DoorsAsked; readonly nowMs: number },
): Promise<readonly ProvinceFacts[]> {
  const keys = await connected.signatures();
  const { registrations } = await readRegistrations(connected.kafka, connected.schemas, keys);
  const watermarks = await readWatermarks(connected);
  const sent = await readSent(connected, keys);
  const letters = await readLetters(connected);
  const certificateOf = certificatesIn(join(runDir, 'pki'), nowMs);
  return PROVINCE_CODES.map((province) => {
    const own = registrations.instances.filter((known) => known.province === province);
    const namesOf = (isRetired: boolean): readonly string[] =>
      own.filter(({ retired }) => (retired !== null) === isRetired).map(({ instance }) => instance);
    return {
      province,
      certificate: certificateOf(province),
      keyPublished: keys.knows(provincePrincipal(province)),
      instances: namesOf(false),
      instancesRetired: namesOf(true),
      watermarkMs: watermarks.get(province) ?? null,
      sent: sent.of(province),
      letters: letters.get(province) ?? {},
      door: doors.asked - doors.away.length > 0 ? (doors.counts.get(province) ?? NO_COUNTS) : null,
    };
  });
}

function certificatesIn(pki: string, nowMs: number): (province: ProvinceCode) => ProvinceFacts['certificate'] {
  const issued = readIssued(pki);
  if (issued.length === 0) return () => null;
  const standing = new Map<string, ProvinceFacts['certificate']>(
    newestOf(issued).map((one) => [one.name, standingOf(one, nowMs)]),
  );
  return (province) => standing.get(provincePrincipal(province)) ?? 'none';
}

/** In force in every partition: a look-up about somebody waits for that of one. */
async function readWatermarks({ redis, log, partitions }: Connected): Promise<ReadonlyMap<ProvinceCode, number>> {
  const store = new RedisViewStore(redis, log);
  const loaded = await Promise.all(
    Array.from({ length: partitions }, (_, partition) => store.loadPartition(partition)),
  );
  return new Map(
    PROVINCE_CODES.flatMap((province) => {
      const inForce = loaded.map(({ freshness }) => provinceWatermarkMs(freshness, province) ?? 0);
      const oldestMs = Math.min(...inForce);
      return oldestMs > 0 ? [[province, oldestMs] as const] : [];
    }),
  );
}

interface Claiming extends Statement {
  readonly province: ProvinceCode;
  readonly instance: string;
  readonly epoch: number;
}

async function readSent({ kafka, schemas }: Connected, keys: PublicKeys): Promise<Sent> {
  const sent = new Sent();
  await TopicFeed.readAll(kafka, VOUCHERS_TOPIC, async (message) => {
    const claiming = await decodeOwnValue(message.value, schemas).catch((error: unknown) => {
      if (error instanceof HutongError) throw error; // the registry is away
      return null;
    });
    if (claiming === null) return;
    const statement = claiming as Claiming;
    if (statement.sequence === 0) return; // of a version that claimed nothing
    const record = signed(message);
    const { province, instance, epoch } = statement;
    sent.take({
      province,
      instance,
      epoch,
      statement,
      atMs: Number(message.timestamp),
      holds: () => faultOfInstance({ province, instance }, record, keys) === null,
    });
  });
  return sent;
}

async function readLetters({ kafka }: Connected): Promise<ReadonlyMap<ProvinceCode, Record<string, number>>> {
  const book = new LetterBook();
  await TopicFeed.readAll(kafka, DEAD_LETTERS_TOPIC, (message) => book.take(letterRecordOf(message)));
  return openLettersOf(book);
}

/** By province and reason. Exported for its test. */
export function openLettersOf(book: LetterBook): ReadonlyMap<ProvinceCode, Record<string, number>> {
  const open = new Map<ProvinceCode, Record<string, number>>();
  for (const letter of book.letters) {
    // What marks nobody was put there by somebody else: it is nothing that the province lacks.
    if (letter.province === null || letter.marks === 'nobody' || book.settledOf(letter) !== null) continue;
    const reasons = open.get(letter.province) ?? {};
    reasons[letter.reason] = (reasons[letter.reason] ?? 0) + 1;
    open.set(letter.province, reasons);
  }
  return open;
}
