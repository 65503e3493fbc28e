/**
 * The schema registry (Apicurio), which keeps its schemas in Kafka: in memory a restart would give other schema ids,
 * and every stored record would become unreadable.
 */

import { join } from 'node:path';
import type { PartPlan } from '#infra/process/part.ts';
import { filesOf, type TlsFiles } from '#platform/tls.ts';
import { archiveOf, jvmArgs } from './jvm.ts';
import { java } from './programs.ts';

export interface RegistryOptions {
  readonly log: string;
  /** Of the Java parts. */
  readonly partsDir: string;
  readonly port: number;
  readonly kafka: string;
  /** Of any principal: see `filesOf`. */
  readonly tls: TlsFiles;
}

const JAR = 'apicurio-registry-app-3.0.9-runner.jar';
/** A quick start matters more than throughput: it's asked for a handful of schemas. */
const JVM = { heapMinMb: 128, heapMaxMb: 384, pace: 'quick' } as const;

export function planRegistry({ log, partsDir, port, kafka, tls }: RegistryOptions): PartPlan {
  const root = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const settings = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    'quarkus.http.access-log.enabled': false,
    'apicurio.storage.kind': 'kafkasql',
    'apicurio.kafkasql.bootstrap.servers': kafka,
    'apicurio.kafkasql.topic': '_schemas',
    'apicurio.kafkasql.consumer.poll.timeout': 100, // its default of 5 s is waited for at every start
    ...kafkaIdentity(filesOf(tls, 'registry')),
  };
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
    ready: async () => (await fetch(`${root}/subjects`, { signal: AbortSignal.timeout(2_000) })).ok,
    readyWithinMs: 180_000,
    stopWithinMs: 15_000,
  };
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
