/** Which topics each province may write to, by its certificate alone: what it writes there means nothing to anybody. */

import type { ProvinceCode } from '#core/field/regions.ts';
import { type Principal, provincePrincipal } from '#exchange/identity/principals.ts';
import {
  DEAD_LETTERS_TOPIC,
  EDITIONS_TOPIC,
  KEYS_TOPIC,
  POLICIES_TOPIC,
  POSITIONS_TOPIC,
  PRODUCERS_TOPIC,
  topicsOf,
  VOUCHERS_TOPIC,
  WATERMARKS_TOPIC,
  WITHDRAWALS_TOPIC,
} from '#exchange/topics/topics.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import type { Attempt } from './attempt.ts';
import type { Writers } from './writers.ts';

const OF_PROVINCES: readonly string[] = [WATERMARKS_TOPIC, VOUCHERS_TOPIC, PRODUCERS_TOPIC, WITHDRAWALS_TOPIC];

/** Of whom a start asks what it means: what isn't what belongs there would be believed to be damage. */
const READ_BY_ALL: readonly string[] = [POLICIES_TOPIC, EDITIONS_TOPIC, KEYS_TOPIC];

export async function onKafka(
  { log }: Exchange,
  provinces: readonly ProvinceCode[],
  writers: Writers,
): Promise<Attempt[]> {
  const topics = [...new Set([...topicsOf(log).map(({ topic }) => topic), EDITIONS_TOPIC])];
  const others: readonly Principal[] = ['lookup', 'materialiser', 'national', 'operator'];
  const attempts: Attempt[] = [];
  for (const as of [...provinces.map(provincePrincipal), ...others])
    for (const of of topics) {
      if (as === 'operator' && READ_BY_ALL.includes(of)) continue;
      const record = {
        topic: of,
        partition: 0,
        key: Buffer.from('nobody'),
        value: Buffer.from('nothing'),
        headers: {},
      };
      const did = await writers.send(as, [record]).then(() => true, unlessRefused);
      attempts.push({ who: as, what: 'write to a topic', of, may: mayWrite(as, of, log.topics), did });
    }
  return attempts;
}

function mayWrite(as: Principal, topic: string, shared: readonly string[]): boolean {
  if (as === 'operator') return true;
  if (as === 'materialiser') return [DEAD_LETTERS_TOPIC, POSITIONS_TOPIC].includes(topic);
  if (as === 'national') return topic === WITHDRAWALS_TOPIC;
  return as !== 'lookup' && [...shared, ...OF_PROVINCES].includes(topic);
}

/** Who may write nowhere isn't even given a producer's number, and that is the cluster's to say. */
const REFUSALS: readonly (string | undefined)[] = ['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'];

function unlessRefused(error: unknown): false {
  const { type, cause } = error as { readonly type?: string; readonly cause?: { readonly type?: string } };
  if (REFUSALS.includes(type ?? cause?.type)) return false;
  throw error;
}
