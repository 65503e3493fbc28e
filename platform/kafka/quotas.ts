/**
 * How much of each broker a principal may take. kafkajs has no call for quotas, so this sends AlterClientQuotas
 * (KIP-546) over a connection of its own; the layout is that of the Kafka protocol guide. It never takes a quota away.
 */

import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { HutongError } from '#platform/errors.ts';
import type { KafkaAccess } from './client.ts';

export interface Quota {
  /** To each broker. */
  readonly writesBytesPerSecond: number;
  /** Of the time of one of a broker's threads; several together have several hundred. */
  readonly threadPercent: number;
}

const ALTER_CLIENT_QUOTAS = { apiKey: 49, apiVersion: 0 } as const;
const CLIENT_ID = 'hutong-quotas';
const ANSWER_MS_MAX = 15_000;

/**
 * Each of them may take so much from then on, whatever was said before. The first broker that can be reached tells all
 * others.
 * @throws HutongError KAFKA_UNAVAILABLE where none takes it
 */
export async function applyQuotas(kafka: KafkaAccess, quotas: ReadonlyMap<string, Quota>): Promise<void> {
  if (quotas.size === 0) return;
  let failure: unknown;
  for (const broker of kafka.brokers) {
    try {
      const refused = refusedIn(await ask(broker, kafka, encodeRequest(quotas)));
      if (refused === null) return;
      failure = new Error(refused);
    } catch (cause) {
      failure = cause;
    }
  }
  throw new HutongError('KAFKA_UNAVAILABLE', 'kafka did not take the quotas', { retriable: true, cause: failure });
}

async function ask(broker: string, { identity }: KafkaAccess, request: Buffer): Promise<Buffer> {
  const [host = '', port = ''] = broker.split(':');
  const signal = AbortSignal.timeout(ANSWER_MS_MAX);
  const socket = connect({ host, port: Number(port), ...identity.options });
  try {
    await once(socket, 'secureConnect', { signal });
    socket.write(framed(request));
    return await answerOn(socket, signal);
  } finally {
    socket.destroy();
  }
}

/** What follows its length and the number of the request. */
async function answerOn(socket: TLSSocket, signal: AbortSignal): Promise<Buffer> {
  let received = Buffer.alloc(0);
  while (received.length < 4 || received.length < 4 + received.readInt32BE(0)) {
    const [chunk] = (await once(socket, 'data', { signal })) as [Buffer];
    received = Buffer.concat([received, chunk]);
  }
  return received.subarray(8);
}

/** Exported for its test. */
export function encodeRequest(quotas: ReadonlyMap<string, Quota>): Buffer {
  const header = [int16(ALTER_CLIENT_QUOTAS.apiKey), int16(ALTER_CLIENT_QUOTAS.apiVersion), int32(0), text(CLIENT_ID)];
  const entries = [...quotas].map(([principal, { writesBytesPerSecond, threadPercent }]) => [
    int32(1),
    text('user'),
    text(principal),
    int32(2),
    ...operation('producer_byte_rate', writesBytesPerSecond),
    ...operation('request_percentage', threadPercent),
  ]);
  const CHANGE_THEM = Buffer.of(0); // and not only look whether it could be done
  return Buffer.concat([...header, int32(entries.length), ...entries.flat(), CHANGE_THEM]);
}

function operation(key: string, value: number): Buffer[] {
  const number = Buffer.alloc(8);
  number.writeDoubleBE(value);
  const SET = Buffer.of(0);
  return [text(key), number, SET];
}

/** Exported for its test. @returns why the first of them was refused; null: none was */
export function refusedIn(answer: Buffer): string | null {
  let at = 4; // the time for which who asks is held back
  const take = (bytes: number): number => (at += bytes) - bytes;
  const takeText = (): string => {
    const length = answer.readInt16BE(take(2));
    return length < 0 ? '' : answer.toString('utf8', take(length), at);
  };
  for (let left = answer.readInt32BE(take(4)); left > 0; left -= 1) {
    const code = answer.readInt16BE(take(2));
    const why = takeText();
    if (code !== 0) return `error ${code}: ${why}`;
    for (let parts = answer.readInt32BE(take(4)); parts > 0; parts -= 1) {
      takeText();
      takeText();
    }
  }
  return null;
}

const framed = (request: Buffer): Buffer => Buffer.concat([int32(request.length), request]);

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}
