/**
 * The exchange's own small records, each signed by each in the name of each: withdrawals and what undoes them,
 * registrations, retirements, watermarks. What its readers make of them afterwards was let. It leaves no instance that
 * anybody would wait for.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { Freshness } from '#core/view/snapshot.ts';
import { type Principal, provincePrincipal } from '#exchange/identity/principals.ts';
import { signatureHeaders } from '#exchange/keys/signatures.ts';
import { requireAnchors } from '#exchange/keys/signing-keys.ts';
import { type PublicKeys, readPublicKeys } from '#exchange/topics/public-keys.ts';
import { encodeValue } from '#exchange/topics/records.ts';
import { readRegistrations, registrationRecord, retirementRecord } from '#exchange/topics/registrations.ts';
import { RegistrySchemas, type SchemaIds } from '#exchange/topics/registry.ts';
import { NAMES_SCHEMA } from '#exchange/topics/schemas.ts';
import { WATERMARKS_TOPIC } from '#exchange/topics/topics.ts';
import { readWithdrawals, withdrawalRecord } from '#exchange/topics/withdrawals.ts';
import { ViewKeys } from '#exchange/view/keys.ts';
import { type Exchange, until } from '#exercises/oracle/exchange.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { readKeysDir } from '#platform/config.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import type { Attempt } from './attempt.ts';
import { pairsOf, type Writers } from './writers.ts';

interface Scene {
  readonly exchange: Exchange;
  readonly provinces: readonly ProvinceCode[];
  readonly writers: Writers;
  readonly schemas: RegistrySchemas;
  readonly schemaIds: SchemaIds;
  readonly keys: PublicKeys;
}

export async function signedRecords(
  exchange: Exchange,
  provinces: readonly ProvinceCode[],
  writers: Writers,
): Promise<Attempt[]> {
  const schemas = new RegistrySchemas(operatorRegistry(exchange.stack));
  const anchors = requireAnchors(readKeysDir(exchange.stack.serviceEnv));
  const keys = await readPublicKeys(exchange.kafka, anchors);
  const schemaIds = await schemas.currentIds();
  const scene = { exchange, provinces, writers, schemas, schemaIds, keys };
  return [...(await withdrawals(scene)), ...(await instances(scene))];
}

/** In the name of the other too: only the signature tells who says it. */
async function withdrawals({ exchange, provinces, writers, keys }: Scene): Promise<Attempt[]> {
  const idOf = (who: string, of: string, name: string): string => `${who}>${of}:${name}`;
  const withdrawn = (by: ProvinceCode | 'national', of: ProvinceCode, id: string) =>
    ({ id, by, province: of, laboratory: 'of nobody', run: 'R', method: null, span: null, why: '' }) as const;
  const say = (as: Principal, said: Parameters<typeof withdrawalRecord>[0]): Promise<void> =>
    writers.send(as, [withdrawalRecord(said, writers.signsWith(as))]);
  const undo = (as: Principal, by: ProvinceCode, of: ProvinceCode): Promise<void> =>
    say(as, { undone: { undoes: idOf(of, of, 'own'), of, by, why: '' } });
  for (const [who, of, as] of triples(provinces)) {
    await say(as, { withdrawn: withdrawn(who, of, idOf(who, of, 'own')) });
    await say(as, { withdrawn: withdrawn(of, of, idOf(who, of, 'its')) });
  }
  for (const of of provinces)
    await say('national', { withdrawn: withdrawn('national', of, idOf('national', of, 'own')) });
  // The others try first: what is undone then, one of them has undone.
  for (const [who, of, as] of triples(provinces)) if (who !== of) for (const by of [who, of]) await undo(as, by, of);
  const before = await readWithdrawals(exchange.kafka, keys);
  const inForce = new Set(before.inForce.map(({ id }) => id));
  for (const of of provinces) await undo(provincePrincipal(of), of, of);
  const after = new Set((await readWithdrawals(exchange.kafka, keys)).inForce.map(({ id }) => id));
  return [
    ...pairsOf(provinces, (who, of, as): Attempt => {
      const did = ['own', 'its'].some((name) => inForce.has(idOf(who, of, name)));
      return { who: as, what: 'withdraw results', of, may: who === of, did };
    }),
    ...provinces.map((of): Attempt => {
      const did = inForce.has(idOf('national', of, 'own'));
      return { who: 'national', what: 'withdraw results', of, may: true, did };
    }),
    ...pairsOf(provinces, (who, of, as): Attempt => {
      const did = !(who === of ? after : inForce).has(idOf(of, of, 'own'));
      return { who: as, what: 'undo a withdrawal', of, may: who === of, did };
    }),
  ];
}

const triples = (provinces: readonly ProvinceCode[]): (readonly [ProvinceCode, ProvinceCode, Principal])[] =>
  pairsOf(provinces, (who, of, as) => [who, of, as] as const);

const EPOCH = 1;
/** An instance of its own for each who tries, so that it can be told who was let. */
const instanceOf = (of: ProvinceCode, who: ProvinceCode): string => `${of}-matrix${who}`;

async function instances(scene: Scene): Promise<Attempt[]> {
  const { exchange, provinces, writers, schemas, schemaIds, keys } = scene;
  const known = async () => (await readRegistrations(exchange.kafka, schemas, keys)).registrations;
  for (const [who, of, as] of triples(provinces)) {
    const registration = { province: of, instance: instanceOf(of, who), epoch: EPOCH, process: who };
    await writers.send(as, [registrationRecord(schemaIds, registration, writers.signsWith(as))]);
  }
  const registered = await known();
  const claimed = await watermarks(scene);
  const retire = (as: Principal, of: ProvinceCode): Promise<void> => {
    const retirement = { instance: instanceOf(of, of), epoch: EPOCH, by: as, why: '' };
    return writers.send(as, [retirementRecord(schemaIds, retirement, writers.signsWith(as))]);
  };
  for (const [, of, as] of triples(provinces)) await retire(as, of);
  const before = await known();
  for (const of of provinces) await retire('operator', of);
  const after = await known();
  const isRetired = (all: typeof before, of: ProvinceCode): boolean =>
    (all.of(instanceOf(of, of))?.retired ?? null) !== null;
  return [
    ...pairsOf(provinces, (who, of, as): Attempt => {
      const did = registered.of(instanceOf(of, who)) !== null;
      return { who: as, what: 'register an instance', of, may: who === of, did };
    }),
    ...claimed,
    ...pairsOf(provinces, (_who, of, as): Attempt => {
      return { who: as, what: 'retire an instance', of, may: false, did: isRetired(before, of) };
    }),
    ...provinces.map((of): Attempt => {
      return { who: 'operator', what: 'retire an instance', of, may: true, did: isRetired(after, of) };
    }),
  ];
}

/** Each claims for its own what is true, then each for each other what is later, and its own again. */
async function watermarks(scene: Scene): Promise<Attempt[]> {
  const { provinces, writers } = scene;
  const baseMs = Date.now();
  const laterMs = (who: ProvinceCode): number => baseMs + 10_000 + provinces.indexOf(who);
  const write = (as: Principal, of: ProvinceCode, throughMs: number, sequence: number): Promise<void> =>
    writers.send(as, [watermark(scene, of, as, throughMs, sequence)]);
  for (const of of provinces) await write(provincePrincipal(of), of, baseMs, 1);
  for (const [who, of, as] of triples(provinces)) if (who !== of) await write(as, of, laterMs(who), 2);
  for (const of of provinces) await write(provincePrincipal(of), of, baseMs + 1, 2);
  let through: ReadonlyMap<string, number> = new Map();
  await until('what the provinces claim last is in force', async () => {
    through = await throughByInstance(scene.exchange);
    return provinces.every((of) => (through.get(instanceOf(of, of)) ?? 0) > baseMs);
  });
  return pairsOf(provinces, (who, of, as) => {
    const atMs = through.get(instanceOf(of, of));
    const did = atMs === (who === of ? baseMs + 1 : laterMs(who));
    return { who: as, what: 'write a watermark', of, may: who === of, did };
  });
}

function watermark(
  { exchange, schemaIds, writers }: Scene,
  of: ProvinceCode,
  as: Principal,
  throughMs: number,
  sequence: number,
): OutgoingRecord {
  const instance = instanceOf(of, of);
  const offsets = [
    { topic: exchange.log.topics[0], nextOffsets: Array.from({ length: exchange.partitions }, () => 0) },
  ];
  const claim = { province: of, instance, throughMs, epoch: EPOCH, sequence, full: sequence, heads: [], offsets };
  const key = Buffer.from(instance);
  const value = encodeValue('Watermark', schemaIds.Watermark, claim);
  const headers = { ...NAMES_SCHEMA.Watermark, ...signatureHeaders(writers.signsWith(as), { key, value }) };
  return { topic: WATERMARKS_TOPIC, partition: 0, key, value, headers };
}

/** As the first partition says. */
async function throughByInstance(exchange: Exchange): Promise<ReadonlyMap<string, number>> {
  const key = new ViewKeys(exchange.log).freshness(await exchange.generation(0), 0);
  const { watermarks: all } = JSON.parse((await exchange.redis.get(key)) ?? '{"watermarks":[]}') as Freshness;
  return new Map(all.map(({ instance, throughMs }) => [instance, throughMs]));
}
