/**
 * All that an exchange has left anywhere, to look for what must not be there: topics, Redis, log files, metrics, the
 * list of processes, and the files of its run directory. It leaves out nothing that it could read, and looks for
 * nothing itself.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from './exchange.ts';
import { readTopics } from './raw-log.ts';

export type Place = 'topics' | 'redis' | 'logs' | 'metrics' | 'processes' | 'files';
/** @param where what of the place it is: a topic, a file */
export type Look = (bytes: Buffer, place: Place, where: string) => void;

/** But for the files, among which those with the secrets are. */
export async function lookEverywhere(exchange: Exchange, look: Look): Promise<void> {
  await lookInTopics(exchange, look);
  await lookInRedis(exchange, look);
  lookInLogs(exchange, look);
  await lookInMetrics(exchange, look);
  lookAtProcesses(exchange, look);
}

export async function lookInTopics({ kafka }: Exchange, look: Look): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
  await admin.disconnect();
  for (const { topic, message } of await readTopics(kafka, topics)) {
    const { key, value, headers = {} } = message;
    for (const part of [key, value, ...Object.keys(headers), ...Object.values(headers).flat()])
      if (part !== null && part !== undefined) look(Buffer.from(part as Buffer), 'topics', topic);
  }
}

/** Keys, and values as they are: texts and hashes. */
export async function lookInRedis({ redisMasters }: Exchange, look: Look): Promise<void> {
  for (const redis of redisMasters)
    for await (const keys of redis.scanBufferStream())
      for (const key of keys as Buffer[]) {
        look(key, 'redis', 'a key');
        const isHash = (await redis.type(key)) === 'hash';
        const value = isHash ? Buffer.from(JSON.stringify(await redis.hgetall(key))) : await redis.getBuffer(key);
        look(value ?? Buffer.alloc(0), 'redis', 'a value');
      }
}

function lookInLogs({ stack: { runDir } }: Exchange, look: Look): void {
  const folder = join(runDir, 'logs');
  for (const name of readdirSync(folder)) look(readFileSync(join(folder, name)), 'logs', name);
}

async function lookInMetrics(exchange: Exchange, look: Look): Promise<void> {
  const { addresses } = exchange.stack;
  for (const url of [addresses.intake ?? '', ...addresses.lookups, ...addresses.materialisers])
    look(Buffer.from(await exchange.metrics(url)), 'metrics', url);
}

/** What everybody on the machine sees of each: its command and arguments. */
function lookAtProcesses({ stack: { processes } }: Exchange, look: Look): void {
  for (const { name, pid } of processes) look(readFileSync(`/proc/${pid}/cmdline`), 'processes', name);
}

/** Also those in which Redis keeps what it holds. What links point to is another's. */
export function lookInFiles({ stack: { runDir } }: Exchange, look: Look): void {
  for (const entry of readdirSync(runDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) look(readFileSync(path), 'files', path);
  }
}
