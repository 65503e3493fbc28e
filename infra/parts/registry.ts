/**
 * The schema registry (Apicurio), which keeps its schemas in Kafka: in memory a restart would give other schema ids,
 * and every stored record would become unreadable. Before it stands its guard, and nobody else is let in.
 */

import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Build } from '#infra/build/programs.ts';
import type { PartPlan } from '#infra/process/part.ts';
import { fetchAs } from '#platform/fetch-as.ts';
import { filesOf, Identity, type TlsFiles } from '#platform/tls.ts';
import { archiveOf, jvmArgs } from './jvm.ts';
import { java } from './programs.ts';

export interface RegistryOptions {
  /** For what only it and its guard may read. */
  readonly dataDir: string;
  readonly log: string;
  /** Of the Java parts. */
  readonly partsDir: string;
  /** Its own, on the loopback interface. */
  readonly port: number;
  readonly kafka: string;
  /** Of any principal: see `filesOf`. */
  readonly tls: TlsFiles;
}

const JAR = 'apicurio-registry-app-3.0.9-runner.jar';
/** A quick start matters more than throughput: it's asked for a handful of schemas. */
const JVM = { heapMinMb: 128, heapMaxMb: 384, pace: 'quick' } as const;
const PATH = '/apis/ccompat/v7';
/** Its one user. */
const USER = 'guard';

export function planRegistry({ dataDir, log, partsDir, port, kafka, tls }: RegistryOptions): PartPlan {
  const root = `http://127.0.0.1:${port}${PATH}`;
  const settings = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    'quarkus.http.access-log.enabled': false,
    'apicurio.storage.kind': 'kafkasql',
    'apicurio.kafkasql.bootstrap.servers': kafka,
    'apicurio.kafkasql.topic': '_schemas',
    'apicurio.kafkasql.consumer.poll.timeout': 100, // its default of 5 s is waited for at every start
    ...kafkaIdentity(filesOf(tls, 'registry')),
    'quarkus.config.locations': join(dataDir, 'user.properties'),
  };
  const password = randomBytes(32).toString('base64url');
  writeUser(dataDir, password);
  const headers = { authorization: `Basic ${Buffer.from(`${USER}:${password}`).toString('base64')}` };
  return {
    name: 'registry',
    address: root,
    command: java(),
    args: [
      ...jvmArgs({ ...JVM, classArchive: archiveOf(partsDir, 'registry') }),
      ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
      '-jar',
      join(partsDir, 'registry', JAR),
    ],
    env: {},
    log,
    ready: async () => (await fetch(`${root}/subjects`, { headers, signal: AbortSignal.timeout(2_000) })).ok,
    readyWithinMs: 180_000,
    stopWithinMs: 15_000,
  };
}

export interface RegistryGuardOptions {
  /** Of the registry behind it, which is planned first. */
  readonly dataDir: string;
  readonly log: string;
  readonly port: number;
  /** Of the registry behind it. */
  readonly registryPort: number;
  /** Of any principal: see `filesOf`. */
  readonly tls: TlsFiles;
  readonly build: Build;
}

export function planRegistryGuard({ dataDir, log, port, registryPort, tls, build }: RegistryGuardOptions): PartPlan {
  const url = `https://127.0.0.1:${port}${PATH}`;
  const { ca, cert, key, crl = '' } = filesOf(tls, 'registry');
  const given = { port, registryPort, user: USER, password: passwordIn(dataDir), ca, cert, key, crl };
  const ask = fetchAs(new Identity(filesOf(tls, 'operator')));
  return {
    name: 'registry-guard',
    address: url,
    command: process.execPath,
    args: [build.fileOf('registry-guard'), ...Object.entries(given).map(([name, value]) => `--${name}=${value}`)],
    env: { NODE_COMPILE_CACHE: build.compiled },
    log,
    // The registry itself may still start.
    ready: async () => (await ask(`${url}/subjects`, { signal: AbortSignal.timeout(2_000) })).status > 0,
    readyWithinMs: 60_000,
    stopWithinMs: 10_000,
  };
}

const passwordIn = (dataDir: string): string => join(dataDir, 'guard.password');

/** In files that only the owner may read, for what stands in a command everybody sees. */
function writeUser(dataDir: string, password: string): void {
  const settings = {
    'quarkus.http.auth.basic': true,
    'quarkus.security.users.embedded.enabled': true,
    'quarkus.security.users.embedded.plain-text': true,
    [`quarkus.security.users.embedded.users.${USER}`]: password,
    [`quarkus.security.users.embedded.roles.${USER}`]: 'sr-admin',
    'apicurio.auth.role-based-authorization': true,
  };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(dataDir, 'user.properties'), lines.join(''), { mode: 0o600 });
  writeFileSync(passwordIn(dataDir), `${password}\n`, { mode: 0o600 });
}

/** The names that its own documents give don't reach its clients; Kafka's own do, behind the name of each client. */
function kafkaIdentity({ ca, cert }: TlsFiles): Readonly<Record<string, string>> {
  const settings = {
    'security.protocol': 'SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': cert,
  };
  return Object.fromEntries(
    ['admin', 'consumer', 'producer'].flatMap((client) =>
      Object.entries(settings).map(([name, value]) => [`apicurio.kafkasql.${client}.${name}`, value]),
    ),
  );
}
