/**
 * A Kafka broker and controller in one process (KRaft), from its own jars. It keeps its data in the stack's folder and
 * listens on the loopback interface only.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import type { PartPlan } from '../part.ts';
import { ROOT } from '../settings.ts';
import { StackError } from '../stack-error.ts';
import { java } from './programs.ts';

export interface KafkaOptions {
  readonly dataDir: string;
  readonly log: string;
  readonly jarsDir: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Settings of server.properties that replace those below. */
  readonly properties?: Readonly<Record<string, string>>;
}

const HEAP = ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'];
const FORMAT_MS_MAX = 60_000;

/** Writes the configuration and formats the storage if that hasn't happened yet. */
export async function planKafka(options: KafkaOptions): Promise<PartPlan> {
  const { dataDir, port } = options;
  mkdirSync(dataDir, { recursive: true });
  const config = join(dataDir, 'server.properties');
  writeFileSync(config, propertiesOf(options));
  const jvm = [`-Dlog4j2.configurationFile=${join(ROOT, 'infra/kafka-log4j2.properties')}`, '-cp', join(options.jarsDir, '*')];
  if (!existsSync(join(dataDir, 'log', 'meta.properties'))) await format(jvm, config);
  return {
    name: 'kafka',
    address: `127.0.0.1:${port}`,
    command: java(),
    args: [...HEAP, ...jvm, 'kafka.Kafka', config],
    env: {},
    log: options.log,
    ready: () => brokerIsThere(port),
    readyWithinMs: 120_000,
    stopWithinMs: 20_000,
  };
}

async function format(jvm: readonly string[], config: string): Promise<void> {
  const args = ['-XX:TieredStopAtLevel=1', ...jvm, 'kafka.tools.StorageTool', 'format', '-t', newClusterId(), '-c', config];
  try {
    await promisify(execFile)(java(), args, { timeout: FORMAT_MS_MAX });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new StackError(`kafka: its storage can't be formatted\n${stdout}${stderr}`, { cause });
  }
}

/** A leading dash would be taken for an option. */
function newClusterId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

function propertiesOf({ dataDir, port, controllerPort, properties }: KafkaOptions): string {
  const all: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'listeners': `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(dataDir, 'log'),
    'auto.create.topics.enable': 'false', // a typing mistake would make a topic with the wrong shape
    'num.partitions': 1,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4, // 50 would only make the start slower
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'min.insync.replicas': 1,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    'message.max.bytes': 16_777_216,
    ...properties,
  };
  return `${Object.entries(all).map(([name, value]) => `${name}=${value}`).join('\n')}\n`;
}

async function brokerIsThere(port: number): Promise<boolean> {
  const admin = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    clientId: 'launcher',
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length === 1;
  } finally {
    await admin.disconnect();
  }
}
