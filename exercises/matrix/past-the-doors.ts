/**
 * What provinces append to the log past their doors: each as each, and each against each. What is in the views
 * afterwards was let. Everybody concerned is nobody.
 */

import { randomBytes } from 'node:crypto';
import type { PersonEvent } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { HOUR_MS } from '#core/field/time.ts';
import type { PersonView } from '#core/view/view.ts';
import { NATIONAL, type Principal, provincePrincipal } from '#exchange/identity/principals.ts';
import { encodeEvent } from '#exchange/topics/records.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import { decodeView } from '#exchange/view/codec.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { personErased, testReported } from '#exercises/town/events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import type { Attempt } from './attempt.ts';
import { pairsOf, type Writers } from './writers.ts';

/** Somebody new, about whom one event of a province is appended by another. */
interface Tried {
  readonly who: ProvinceCode;
  readonly of: ProvinceCode;
  readonly key: Buffer;
}

type Bare = (key: Buffer, event: PersonEvent) => OutgoingRecord;

export async function pastTheDoors(
  exchange: Exchange,
  provinces: readonly ProvinceCode[],
  writers: Writers,
): Promise<Attempt[]> {
  const { log, partitions } = exchange;
  const schemaIds = await new RegistrySchemas(operatorRegistry(exchange.stack)).currentIds();
  const bare: Bare = (key, event) => encodeEvent(key, event, { log, schemaIds, partitions, keyVersion: 1 });
  const pairs = (): readonly Tried[] => pairsOf(provinces, (who, of) => ({ who, of, key: randomBytes(16) }));
  const [appended, retracted, erased, cleared] = [pairs(), pairs(), pairs(), pairs()];
  const cleaned = provinces.map((of) => ({ of, key: randomBytes(16) }));
  await standing(writers, bare, [...retracted, ...erased, ...cleared, ...cleaned]);
  await exchange.caughtUp();
  for (const who of provinces) {
    const own = (tries: readonly Tried[], event: (of: ProvinceCode) => PersonEvent): OutgoingRecord[] =>
      tries
        .filter((one) => one.who === who)
        .map(({ of, key }) => writers.tagged(provincePrincipal(who), bare(key, event(of))));
    await writers.send(provincePrincipal(who), [
      ...own(appended, (of) => resultOf(of)),
      ...own(retracted, () => resultOf(who, { status: 'retracted', reportIssuedAtMs: Date.now() })),
      ...own(erased, () => erasure(who, 'own')),
      ...own(cleared, () => erasure(who, 'all')),
    ]);
  }
  // Only who may write to a shared topic at all can carry what the national role has tagged.
  await writers.send(
    'operator',
    cleaned.map(({ of, key }) => writers.tagged(NATIONAL, bare(key, erasure(of, 'all')))),
  );
  await exchange.caughtUp();
  const attempts = (
    what: string,
    tries: readonly Tried[],
    did: (of: ProvinceCode, view: PersonView | null) => boolean,
  ) => attemptsOf(exchange, what, tries, did);
  return [
    ...(await attempts('append a result', appended, (of, view) => holdsFinal(of, view))),
    ...(await attempts('take a result back', retracted, (of, view) => !holdsFinal(of, view))),
    ...(await attempts('hide a result by erasing its own', erased, (of, view) => !holdsFinal(of, view))),
    ...(await attempts('erase what all published', cleared, (of, view) => !holdsFinal(of, view))).map(
      (one): Attempt => ({ ...one, may: false }),
    ),
    ...(await Promise.all(
      cleaned.map(async ({ of, key }): Promise<Attempt> => {
        const did = !holdsFinal(of, await viewOf(exchange, key));
        return { who: NATIONAL, what: 'erase what all published', of, may: true, did };
      }),
    )),
  ];
}

/** A result of each that is concerned stands before anybody tries anything. */
async function standing(
  writers: Writers,
  bare: Bare,
  concerned: readonly { readonly of: ProvinceCode; readonly key: Buffer }[],
): Promise<void> {
  for (const [of, some] of Map.groupBy(concerned, (one) => one.of)) {
    const as = provincePrincipal(of);
    await writers.send(
      as,
      some.map(({ key }) => writers.tagged(as, bare(key, resultOf(of)))),
    );
  }
}

async function attemptsOf(
  exchange: Exchange,
  what: string,
  tries: readonly Tried[],
  did: (of: ProvinceCode, view: PersonView | null) => boolean,
): Promise<Attempt[]> {
  return Promise.all(
    tries.map(async ({ who, of, key }) => ({
      who: provincePrincipal(who) satisfies Principal,
      what,
      of,
      may: who === of,
      did: did(of, await viewOf(exchange, key)),
    })),
  );
}

async function viewOf(exchange: Exchange, key: Buffer): Promise<PersonView | null> {
  const bytes = await exchange.viewBytes(key);
  return bytes === null ? null : decodeView(bytes);
}

function holdsFinal(of: ProvinceCode, view: PersonView | null): boolean {
  return view?.datedTests.some(({ province, status }) => province === of && status === 'final') ?? false;
}

const resultOf = (province: ProvinceCode, given: Partial<PersonEvent> = {}): PersonEvent => {
  const nowMs = Date.now();
  return testReported({
    province,
    producerInstance: `${province}-matrix`,
    sampleId: 'the same',
    acceptedAtMs: nowMs - 2_000,
    sampledAtMs: nowMs - 8 * HOUR_MS,
    testedAtMs: null,
    reportIssuedAtMs: nowMs - HOUR_MS,
    ...(given as object),
  });
};

const erasure = (province: ProvinceCode, takes: 'own' | 'all'): PersonEvent => {
  const nowMs = Date.now();
  const producerInstance = `${province}-matrix`;
  return personErased({
    province,
    producerInstance,
    takes,
    acceptedAtMs: nowMs,
    decidedAtMs: nowMs,
    erasesThroughMs: nowMs,
  });
};
