/** `hutong vouch verify`: reads claims and records to their ends, and says what doesn't agree. It never writes. */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { Statement } from '#core/vouch/claims.ts';
import type { NumberRange } from '#core/vouch/verdict.ts';
import type { Log } from '#exchange/topics/log.ts';
import { signed } from '#exchange/topics/public-keys.ts';
import { decodeOwnValue } from '#exchange/topics/records.ts';
import { faultOfInstance } from '#exchange/topics/registrations.ts';
import { VOUCHERS_TOPIC } from '#exchange/topics/topics.ts';
import { HutongError } from '#platform/errors.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { incoming } from '#platform/kafka/record.ts';
import { connectLog, type ConnectedLog, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';
import { type Judgement, Vouched } from './vouched.ts';

/** Of one partition of one process so many places are printed. */
const PRINTED_MAX = 20;

export interface VerifyOptions {
  /** Null: of all. */
  readonly province: ProvinceCode | null;
  readonly asJson: boolean;
}

/** @throws HutongError KAFKA_UNAVAILABLE, REGISTRY_UNAVAILABLE; CONFIG_INVALID without the operator's public key */
export async function verifyVouched(
  log: Log,
  addresses: LogAddresses,
  options: VerifyOptions,
  print: Print,
): Promise<number> {
  const connected = await connectLog(log, addresses);
  try {
    const vouched = new Vouched(connected.ring().isEmpty ? null : await connected.tags());
    // The claims first: what is claimed was acknowledged before, so it is below the ends that are asked for later.
    const forged = await readClaims(connected, vouched, options);
    for (const topic of log.topics)
      await TopicFeed.readAll(connected.kafka, topic, (message, partition) => {
        if (isWanted(message.headers?.['claim']?.toString() ?? '', options))
          vouched.record(incoming(topic, partition, message));
      });
    return report(vouched, forged, options, print);
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}

const isWanted = (instance: string, { province }: VerifyOptions): boolean =>
  province === null || instance.startsWith(`${province}-`);

interface Claiming extends Statement {
  readonly province: ProvinceCode;
  readonly instance: string;
  readonly epoch: number;
}

/** @returns how many are not signed by whom they say that they are of, or can't be read */
async function readClaims(connected: ConnectedLog, vouched: Vouched, options: VerifyOptions): Promise<number> {
  const signatures = await connected.signatures();
  let forged = 0;
  await TopicFeed.readAll(connected.kafka, VOUCHERS_TOPIC, async (message) => {
    const claiming = await decodeOwnValue(message.value, connected.schemas).catch((error: unknown) => {
      if (error instanceof HutongError) throw error; // the registry is away
      return null;
    });
    if (claiming === null) {
      forged += 1;
      return;
    }
    const statement = claiming as Claiming;
    const { province, instance, epoch, sequence } = statement;
    if (!isWanted(instance, options)) return;
    const fault = faultOfInstance({ province, instance }, signed(message), signatures);
    if (fault !== null || sequence === 0) forged += 1;
    else vouched.claim(instance, epoch, statement);
  });
  return forged;
}

function report(vouched: Vouched, forged: number, { asJson }: VerifyOptions, print: Print): number {
  const judgements = vouched.judgements();
  if (asJson) for (const judgement of judgements) print(JSON.stringify(judgement));
  else for (const judgement of judgements) printFaults(judgement, print);
  const sum = (of: (judgement: Judgement) => number): number =>
    judgements.reduce((total, judgement) => total + of(judgement), 0);
  const missing = sum(({ claimedAndMissing }) => countOf(claimedAndMissing));
  const contradictions = sum(({ contradicts }) => Number(contradicts));
  if (!asJson) {
    const there = sum(({ claimedAndThere }) => claimedAndThere);
    const unclaimed = sum(({ thereAndUnclaimed }) => thereAndUnclaimed.length);
    print(`${there} claimed and there, ${missing} claimed and missing, ${unclaimed} there and unclaimed.`);
    if (forged > 0)
      print(`${forged} claims are not signed by whom they name, or can't be read, and count for nothing.`);
    if (vouched.unfounded > 0)
      print(`${vouched.unfounded} claims build on a full one that isn't there, and say nothing.`);
  }
  return missing + contradictions + vouched.unfounded === 0 ? EXIT.ok : EXIT.failed;
}

function printFaults(judgement: Judgement, print: Print): void {
  const { instance, epoch, topic, partition, claimedAndMissing, thereAndUnclaimed, contradicts } = judgement;
  const of = `${instance}, process ${epoch}, ${topic}/${partition}`;
  const some = (texts: readonly string[]): string =>
    texts.slice(0, PRINTED_MAX).join(', ') + (texts.length > PRINTED_MAX ? `, … of ${texts.length}` : '');
  if (contradicts) print(`${of}: has claimed two different histories`);
  if (claimedAndMissing.length > 0) {
    const ranges = claimedAndMissing.map(({ from, through }) =>
      from === through ? `${from}` : `${from} to ${through}`,
    );
    print(`${of}: claimed and missing: its records ${some(ranges)}`);
  }
  if (thereAndUnclaimed.length > 0) print(`${of}: there and unclaimed: offsets ${some(thereAndUnclaimed.map(String))}`);
}

function countOf(ranges: readonly NumberRange[]): number {
  return ranges.reduce((total, { from, through }) => total + through - from + 1, 0);
}
