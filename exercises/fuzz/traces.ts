/**
 * Looks for canaries wherever the exchange leaves something: topics, Redis, log files, metrics. It must find them as
 * they are, and as hexadecimal.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { readTopics } from '#exercises/oracle/raw-log.ts';

const KEYS_AT_ONCE = 1_000;

/** @returns where each was found */
export async function tracesOf(canaries: readonly string[], exchange: Exchange): Promise<string[]> {
  const forms = canaries.flatMap((canary) => [Buffer.from(canary), Buffer.from(Buffer.from(canary).toString('hex'))]);
  const found = new Set<string>();
  const look = (bytes: Buffer, where: string): void => {
    if (forms.some((form) => bytes.includes(form))) found.add(where);
  };
  await lookInTopics(exchange, look);
  await lookInRedis(exchange, look);
  lookInLogs(exchange.stack.runDir, look);
  await lookInMetrics(exchange, look);
  return [...found];
}

type Look = (bytes: Buffer, where: string) => void;

async function lookInTopics({ kafka }: Exchange, look: Look): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
  await admin.disconnect();
  for (const { topic, message } of await readTopics(kafka, topics)) {
    const { key, value, headers = {} } = message;
    for (const part of [key, value, ...Object.values(headers).flat()])
      if (part !== null && part !== undefined) look(Buffer.from(part as Buffer), `topic ${topic}`);
  }
}

async function lookInRedis({ redisMasters }: Exchange, look: Look): Promise<void> {
  for (const redis of redisMasters) {
    let cursor = '0';
    do {
      const [next, keys] = await redis.scanBuffer(cursor, 'COUNT', KEYS_AT_ONCE);
      cursor = next.toString();
      for (const key of keys) {
        look(key, 'a key of Redis');
        look((await redis.dumpBuffer(key)) ?? Buffer.alloc(0), 'a value of Redis');
      }
    } while (cursor !== '0');
  }
}

function lookInLogs(runDir: string, look: Look): void {
  for (const name of readdirSync(runDir, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.log')) look(readFileSync(join(runDir, name)), `the log file ${name}`);
}

async function lookInMetrics({ stack: { addresses } }: Exchange, look: Look): Promise<void> {
  for (const url of [addresses.intake ?? '', ...addresses.lookups, ...addresses.materialisers])
    look(Buffer.from(await (await fetch(`${url}/metrics`)).text()), `the metrics of ${url}`);
}
