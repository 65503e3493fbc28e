/** Who writes to Kafka: a connection for each principal, which stays open. It holds each one’s keys, apart. */

import type { ProvinceCode } from '#core/field/regions.ts';
import { type Principal, provincePrincipal } from '#exchange/identity/principals.ts';
import type { SigningKey } from '#exchange/keys/signatures.ts';
import { requireSigningKey } from '#exchange/keys/signing-keys.ts';
import { tagged } from '#exchange/topics/records.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { readKeysDir } from '#platform/config.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { KafkaSender } from '#platform/kafka/sender.ts';

export class Writers {
  readonly #exchange: Exchange;
  readonly #senders = new Map<Principal, Promise<KafkaSender>>();
  readonly #signing = new Map<string, SigningKey>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  async send(as: Principal, records: readonly OutgoingRecord[]): Promise<void> {
    const known = this.#senders.get(as) ?? KafkaSender.connect(this.#exchange.kafkaOf(as));
    this.#senders.set(as, known);
    await (await known).send(records);
  }

  /** Under that one's own key, whoever's event the record says it is. */
  tagged(as: Principal, record: OutgoingRecord): OutgoingRecord {
    return tagged(this.#exchange.ring.newestOf(as), record);
  }

  signsWith(as: Principal): SigningKey {
    const known = this.#signing.get(as) ?? requireSigningKey(readKeysDir(this.#exchange.stack.serviceEnv), as);
    this.#signing.set(as, known);
    return known;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#senders.values()].map(async (sender) => (await sender).close()));
  }
}

/** All pairs: each with each, and with itself. */
export function pairsOf<R>(
  provinces: readonly ProvinceCode[],
  make: (who: ProvinceCode, of: ProvinceCode, as: Principal) => R,
): R[] {
  return provinces.flatMap((who) => provinces.map((of) => make(who, of, provincePrincipal(who))));
}
