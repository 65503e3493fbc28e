/**
 * The matrix on the real parts: who may do what on whose behalf, tried by each province against each. It has no table
 * of rights: what should be let is said beside each attempt, and what was let is what the parts did.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { atDoors } from './at-doors.ts';
import type { Attempt } from './attempt.ts';
import { onKafka } from './on-kafka.ts';
import { onRegistry } from './on-registry.ts';
import { pastTheDoors } from './past-the-doors.ts';
import { signedRecords } from './signed-records.ts';
import type { TokenIssuer } from './tokens.ts';
import { Writers } from './writers.ts';

export interface MatrixOptions {
  /** With a door, a materialiser and a look-up. */
  readonly exchange: Exchange;
  /** Two or more; the door publishes for each. */
  readonly provinces: readonly ProvinceCode[];
  readonly issuer: TokenIssuer;
  readonly onProgress?: (line: string) => void;
}

export async function tryMatrix({ exchange, provinces, issuer, onProgress }: MatrixOptions): Promise<Attempt[]> {
  const writers = new Writers(exchange);
  const attempts: Attempt[] = [];
  const note = (where: string, more: readonly Attempt[]): void => {
    attempts.push(...more);
    onProgress?.(`${where}: ${more.length} attempts`);
  };
  try {
    note('at the doors', await atDoors(exchange, provinces, issuer));
    note('past the doors', await pastTheDoors(exchange, provinces, writers));
    note('signed records', await signedRecords(exchange, provinces, writers));
    note('on Kafka', await onKafka(exchange, provinces, writers));
    note('on the registry', await onRegistry(exchange, provinces));
    return attempts;
  } finally {
    await writers.close();
  }
}
