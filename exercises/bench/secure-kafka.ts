/**
 * What TLS, a certificate and rights cost on Kafka: the same batches, and single records, over a listener that has them
 * and over one that hasn't, of the same broker in the same run.
 */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { KafkaSender } from '#platform/kafka/sender.ts';
import type { Broker } from './broker.ts';
import { compared, inTurn, medianOf } from './rounds.ts';
import { type Row, rowOf } from './rows.ts';

/** As in the log: an event with its headers, in CAPACITY.md. */
const RECORD_BYTES = 419;
const BATCH_RECORDS = 500;
const SINGLES = 150;
const TICK_US = 10_000;

const record = (): OutgoingRecord => ({
  topic: 'tests',
  partition: 0,
  key: randomBytes(16),
  value: randomBytes(RECORD_BYTES - 100),
  headers: { ce_id: '0190a5b6-1111-7222-8333-444455556666' },
});

interface Sent {
  readonly perSecond: number;
  readonly clientUs: number;
  readonly brokerUs: number;
  readonly p50Ms: number;
}

export async function secureKafka(broker: Broker, rounds: number, seconds: number): Promise<Row[]> {
  const [secure, open] = await Promise.all([KafkaSender.connect(broker.secure), KafkaSender.connect(broker.open)]);
  const batch = Array.from({ length: BATCH_RECORDS }, record);
  try {
    const { withTls, without } = await inTurn(rounds, {
      withTls: () => send(secure, batch, broker.pid, seconds),
      without: () => send(open, batch, broker.pid, seconds),
    });
    const row = (name: string, of: keyof Sent): Row =>
      rowOf(
        name,
        compared(
          withTls.map((sent) => sent[of]),
          without.map((sent) => sent[of]),
        ),
      );
    return [
      row('Kafka: events a second, one batch of 500 at a time', 'perSecond'),
      row('Kafka: an event, the client’s CPU µs', 'clientUs'),
      row('Kafka: an event, the broker’s CPU µs', 'brokerUs'),
      row('Kafka: a single record acknowledged, p50 ms', 'p50Ms'),
    ];
  } finally {
    await Promise.allSettled([secure.close(), open.close()]);
  }
}

async function send(
  sender: KafkaSender,
  batch: readonly OutgoingRecord[],
  brokerPid: number,
  seconds: number,
): Promise<Sent> {
  const [before, brokerBefore, beganMs] = [process.cpuUsage(), cpuUsOf(brokerPid), performance.now()];
  let sent = 0;
  while (performance.now() - beganMs < seconds * 1_000) {
    await sender.send(batch);
    sent += batch.length;
  }
  const tookMs = performance.now() - beganMs;
  const { user, system } = process.cpuUsage(before);
  const brokerUs = cpuUsOf(brokerPid) - brokerBefore;
  const waits: number[] = [];
  for (let count = 0; count < SINGLES; count += 1) {
    const sentMs = performance.now();
    await sender.send(batch.slice(0, 1));
    waits.push(performance.now() - sentMs);
  }
  return {
    perSecond: (sent * 1_000) / tookMs,
    clientUs: (user + system) / sent,
    brokerUs: brokerUs / sent,
    p50Ms: medianOf(waits),
  };
}

/** Of a process on Linux, from /proc, in hundredths of a second. */
function cpuUsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}
