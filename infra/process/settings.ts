/**
 * What the environment says about a local stack: where its state and the cache are, which ports and which existing
 * servers to use. The services' own settings are in platform/config.ts; they pass through untouched.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ROOT } from '#platform/folders.ts';
import { StackError } from './stack-error.ts';

export type ServerName = 'kafka' | 'registry' | 'redis' | 'prometheus' | 'issuer';
/** One of each server, or several brokers and Redis nodes. */
export type Topology = 'single' | 'cluster';

export interface Settings {
  readonly runDir: string;
  readonly cacheDir: string;
  /** Data of an earlier stack in the same place stays. */
  readonly keepData: boolean;
  readonly topology: Topology;
  readonly partitions: number;
  /** Existing servers: nothing of that kind is started. Kafka and Redis as host:port, the others as URLs. */
  readonly servers: Readonly<Partial<Record<ServerName, string>>>;
  /** Wanted ports by their variable; one that isn't given is a free one. */
  readonly ports: Readonly<Record<string, number>>;
  /** HUTONG_* of the environment that the services get as they are. */
  readonly passedOn: Readonly<Record<string, string>>;
}

/** Not passed on: the launcher decides them for each service. */
const OWN = /^HUTONG_(KAFKA|REGISTRY|REDIS|PROMETHEUS|ISSUER|STACK|.*_PORT)$/;

/** @throws StackError naming a setting that can't be used. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const given = (name: string): string | undefined => environment[name] || undefined;
  const servers: Partial<Record<ServerName, string>> = {};
  for (const name of ['kafka', 'registry', 'redis', 'prometheus', 'issuer'] as const) {
    const address = given(`HUTONG_${name.toUpperCase()}`);
    if (address !== undefined) servers[name] = address.replace(/\/$/, '');
  }
  const ports: Record<string, number> = {};
  const passedOn: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('HUTONG_') || value === undefined || value === '') continue;
    if (name.endsWith('_PORT')) ports[name] = wholeNumber(name, value, 0, 65_535);
    else if (!OWN.test(name)) passedOn[name] = value;
  }
  return {
    runDir: resolve(ROOT, given('RUN_DIR') ?? '.run'),
    cacheDir: resolve(ROOT, given('CACHE_DIR') ?? '.cache'),
    keepData: given('KEEP_DATA') === '1',
    topology: given('CLUSTER') === '1' ? 'cluster' : 'single',
    partitions: wholeNumber('HUTONG_PARTITIONS', given('HUTONG_PARTITIONS') ?? '8', 1, 1024),
    servers,
    ports,
    passedOn,
  };
}

function wholeNumber(name: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new StackError(`${name}=${value} can't be used: it takes a whole number from ${min} to ${max}`);
}

/** Where install.sh puts the Java parts: named after the pom, so that clones with other versions can share a cache. */
export function javaPartsDir(cacheDir: string): string {
  const pom = readFileSync(resolve(ROOT, 'infra/pom.xml'));
  return resolve(cacheDir, `parts-${createHash('sha256').update(pom).digest('hex').slice(0, 12)}`);
}
