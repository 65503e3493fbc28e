/**
 * Kafka brokers, each a controller too (KRaft, combined mode), from Kafka's own jars: one, or several that replicate.
 * They keep their data in the stack's folder and listen on the loopback interface only.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { operatorIdentity } from '#exchange/identity/operator.ts';
import { SUPER_PRINCIPALS } from '#exchange/topics/access.ts';
import type { PartPlan } from '#infra/process/part.ts';
import { ROOT } from '#platform/folders.ts';
import { filesOf, type Identity, type TlsFiles } from '#platform/tls.ts';
import { archiveOf, jvmArgs, type JvmPace, readingArchive } from './jvm.ts';
import { formatStorage, newKafkaId, propertiesText } from './kafka-storage.ts';
import { java } from './programs.ts';

export interface Broker {
  readonly name: string;
  readonly dataDir: string;
  readonly log: string;
  /** For clients. */
  readonly port: number;
  /** For the other servers: brokers that replicate, and the registry. */
  readonly serversPort: number;
  readonly controllerPort: number;
  /** The ports by which the other servers reach those two. */
  readonly reachedAt: { readonly serversPort: number; readonly controllerPort: number };
}

export interface KafkaOptions {
  /** All of them, in the order of their node ids, which count from 1. */
  readonly brokers: readonly Broker[];
  /** Of the Java parts. */
  readonly partsDir: string;
  readonly pace: JvmPace;
  /** Of any principal: see `filesOf`. */
  readonly tls: TlsFiles;
  /** Settings of server.properties that replace those below. */
  readonly properties?: Readonly<Record<string, string>>;
}

const HEAP_ALONE = { heapMinMb: 256, heapMaxMb: 512 } as const;
/** There isn't the room, nor the time, for a second compilation in each of them. */
const SEVERAL = { heapMinMb: 128, heapMaxMb: 384, pace: 'quick' } as const;
const FORMATTING = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'] as const;

/** Writes the configurations and formats the storage where that hasn't happened yet. */
export async function planKafka(options: KafkaOptions): Promise<PartPlan[]> {
  const { brokers, partsDir, pace, tls, properties = {} } = options;
  const clusterId = newKafkaId();
  const classArchive = archiveOf(partsDir, 'kafka');
  const logging = `-Dlog4j2.configurationFile=${join(ROOT, 'infra/kafka-log4j2.properties')}`;
  const program = [logging, '-cp', join(partsDir, 'kafka', '*')];
  const jvm = jvmArgs({ ...HEAP_ALONE, pace, classArchive, ...(brokers.length > 1 ? SEVERAL : {}) });
  const formatting = [...FORMATTING, ...readingArchive(classArchive), ...program];
  const operator = operatorIdentity(tls);
  return Promise.all(
    brokers.map(async (broker, index) => {
      const { name, dataDir, log, port } = broker;
      mkdirSync(dataDir, { recursive: true });
      const config = join(dataDir, 'server.properties');
      const all = {
        ...propertiesOf(broker, index + 1, brokers),
        ...identityProperties(dataDir, tls),
        ...(brokers.length > 1 ? REPLICATED : ALONE),
        ...properties,
      };
      writeFileSync(config, propertiesText(all));
      const folder = join(dataDir, 'log');
      await formatStorage({ folder, config, clusterId, nodeId: index + 1, partsDir, jvm: formatting });
      return {
        name,
        address: `127.0.0.1:${port}`,
        command: java(),
        args: [...jvm, ...program, 'kafka.Kafka', config],
        env: {},
        log,
        ready: () => brokerIsThere(port, operator),
        readyWithinMs: 120_000,
        stopWithinMs: 20_000,
      };
    }),
  );
}

function propertiesOf(
  { dataDir, port, serversPort, controllerPort, reachedAt }: Broker,
  nodeId: number,
  brokers: readonly Broker[],
): Readonly<Record<string, string | number>> {
  return {
    'process.roles': 'broker,controller',
    'node.id': nodeId,
    'controller.quorum.voters': brokers
      .map((each, index) => `${index + 1}@127.0.0.1:${each.reachedAt.controllerPort}`)
      .join(','),
    listeners: [
      `CLIENTS://127.0.0.1:${port}`,
      `SERVERS://127.0.0.1:${serversPort}`,
      `CONTROLLER://127.0.0.1:${controllerPort}`,
    ].join(','),
    'advertised.listeners': `CLIENTS://127.0.0.1:${port},SERVERS://127.0.0.1:${reachedAt.serversPort}`,
    'listener.security.protocol.map': 'CLIENTS:SSL,SERVERS:SSL,CONTROLLER:SSL',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'SERVERS',
    'log.dirs': join(dataDir, 'log'),
    'auto.create.topics.enable': 'false', // a typing mistake would make a topic with the wrong shape
    'num.partitions': 1,
    'offsets.topic.num.partitions': 4, // 50 would only make the start slower
    'transaction.state.log.num.partitions': 4,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    'message.max.bytes': 16_777_216,
    'log.retention.ms': -1, // the registry's journal sets none: after a week it would begin to forget schemas
    'unclean.leader.election.enable': 'false', // a replica that lacks acknowledged records must never lead
  };
}

/** Everybody, the brokers among themselves too, shows a certificate; its common name is who they are. */
function identityProperties(dataDir: string, tls: TlsFiles): Readonly<Record<string, string>> {
  const { ca, cert, key } = filesOf(tls, 'broker');
  const own = join(dataDir, 'broker.pem');
  if (cert !== key) writeFileSync(own, `${readFileSync(key, 'utf8')}\n${readFileSync(cert, 'utf8')}`, { mode: 0o600 });
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': cert === key ? cert : own,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca,
    'ssl.client.auth': 'required',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': SUPER_PRINCIPALS.map((name) => `User:${name}`).join(';'),
    'allow.everyone.if.no.acl.found': 'false',
    'ssl.principal.mapping.rules': 'RULE:^CN=([a-z0-9-]+)$/$1/,DEFAULT',
  };
}

const ALONE = {
  'default.replication.factor': 1,
  'offsets.topic.replication.factor': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'min.insync.replicas': 1,
} as const;

/** Every record on three brokers, and acknowledged only when two have it: one may be lost with its disk. */
const REPLICATED = {
  'default.replication.factor': 3,
  'offsets.topic.replication.factor': 3,
  'transaction.state.log.replication.factor': 3,
  'transaction.state.log.min.isr': 2,
  'share.coordinator.state.topic.replication.factor': 3,
  'share.coordinator.state.topic.min.isr': 2,
  'min.insync.replicas': 2,
  // How long partitions have no leader after theirs died; the default of 9 s suits a network, not one machine.
  'broker.session.timeout.ms': 3_000,
  'broker.heartbeat.interval.ms': 500,
} as const;

/** Each look is a handshake, which costs a Java machine that has just begun more than all that it is asked. */
const LOOK_AGAIN_MS = 300;

async function brokerIsThere(port: number, { options: ssl }: Identity): Promise<boolean> {
  const admin = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    ssl,
    clientId: 'launcher',
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.some((broker) => broker.port === port);
  } catch {
    await sleep(LOOK_AGAIN_MS);
    return false;
  } finally {
    await admin.disconnect();
  }
}
