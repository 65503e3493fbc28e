/**
 * What records whose tags fail mark, by what their processes claim: nobody, unless a signed watermark claims the record
 * and it isn't there under a tag that holds. It believes the claim of no record by itself.
 */

import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';
import type { Position } from '#core/view/snapshot.ts';
import type { Sighted, Sightings } from '#core/vouch/sightings.ts';
import type { Verdict } from '#exchange/keys/check.ts';
import { claimOf } from '#exchange/topics/claim-header.ts';
import type { ClaimFound } from '#exchange/topics/letters.ts';
import type { Decoded } from '#exchange/topics/records.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { ExchangeState } from './exchange-tail.ts';
import type { ReadRecord } from './read-records.ts';

type Exchange = Pick<ExchangeState, 'claimed' | 'hasLetter' | 'caughtUp'>;

/**
 * Takes the records of a step into account, in their order.
 * @param position where the step starts
 * @returns the letters, each with whom it marks by now
 * @throws HutongError KAFKA_UNAVAILABLE
 */
export async function sight(
  read: readonly ReadRecord[],
  letters: readonly DeadLetter[],
  { sightings, exchange, position }: { sightings: Sightings; exchange: Exchange; position: Position },
): Promise<readonly DeadLetter[]> {
  const claimed = ({ record }: ReadRecord, { instance, epoch, topic }: Sighted) =>
    exchange.claimed({ instance, epoch, topic }, record.partition, position, record.appendedAtMs);
  // A process is registered, and has written a watermark, before its first record: whoever has read as far knows it.
  const isStrange = (one: ReadRecord): boolean => {
    const failing = isForged(one.decoded) ? sightedIn(one.record) : null;
    return failing !== null && claimed(one, failing).kind !== 'through';
  };
  if (read.some(isStrange)) await exchange.caughtUp();
  const marked = new Map<IncomingRecord, DeadLetter['marked']>();
  for (const one of read) {
    const { record, verdict, decoded } = one;
    const sighted = sightedIn(record);
    if (isForged(decoded)) {
      const isClaimed =
        sighted !== null && sightings.failed(sighted, claimed(one, sighted), exchange.hasLetter(record)) === 'claimed';
      marked.set(record, isClaimed ? provinceOf(sighted) : 'nobody');
    } else if (sighted !== null && isInPlace(decoded) && isOwn(verdict, sighted)) sightings.proven(sighted);
  }
  return letters.map((letter) => ({ ...letter, marked: marked.get(letter.record) ?? letter.marked }));
}

/** What is known at the end of a step of those of which it wasn't known before. */
export function claimsFound(
  sightings: Sightings,
  exchange: Pick<ExchangeState, 'claimed'>,
  partition: number,
  position: Position,
): readonly ClaimFound[] {
  return sightings
    .decide((process) => exchange.claimed(process, partition, position, null))
    .map((sighting) => ({ ...sighting, partition }));
}

const isForged = (decoded: Decoded): boolean => 'reason' in decoded && decoded.reason === 'bad_tag';

/** One that lies elsewhere than its key says was put there by somebody else. */
const isInPlace = (decoded: Decoded): boolean =>
  !('reason' in decoded) || (decoded.reason !== 'wrong_partition' && decoded.reason !== 'no_person_key');

/** Whether it is of whose instance it names, or the national role's by way of that; a copy names none. */
const isOwn = (verdict: Verdict, sighted: Sighted): boolean =>
  verdict.holds && (verdict.isNational || verdict.province === provinceOf(sighted));

function sightedIn({ headers, topic }: IncomingRecord): Sighted | null {
  const claim = claimOf(headers);
  if (claim === null || !isProvinceCode(claim.instance.slice(0, 2))) return null;
  const { instance, epoch, number } = claim;
  return { instance, epoch, number, topic };
}

function provinceOf({ instance }: { readonly instance: string }): ProvinceCode {
  return instance.slice(0, 2) as ProvinceCode;
}
