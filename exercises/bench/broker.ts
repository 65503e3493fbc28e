/**
 * A Kafka of the bench's own, with one listener as the exchange has them (TLS, a certificate, rights) and one that asks
 * nothing. No stack has the latter, and nothing but the bench connects to it.
 */

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { kafkaAccess } from '#exchange/identity/operator.ts';
import { aclsOf, SUPER_PRINCIPALS } from '#exchange/topics/access.ts';
import { planKafka } from '#infra/parts/kafka.ts';
import { javaParts } from '#infra/parts/programs.ts';
import { spawnPart, stopPart, waitUntilReady } from '#infra/process/part.ts';
import { claimFreePort } from '#infra/process/ports.ts';
import { readSettings } from '#infra/process/settings.ts';
import { ownIdentities } from '#infra/stack/identities.ts';
import { applyAcls } from '#platform/kafka/acls.ts';
import { createKafka, type Kafka } from '#platform/kafka/client.ts';
import { createLogger } from '#platform/log.ts';
import { filesOf, Identity } from '#platform/tls.ts';

export interface Broker {
  readonly pid: number;
  /** As a province has it. */
  readonly secure: Kafka;
  readonly open: Kafka;
  readonly operator: Kafka;
  stop(): Promise<void>;
}

export async function startBroker(runDir: string, signal: AbortSignal): Promise<Broker> {
  rmSync(join(runDir, 'kafka'), { recursive: true, force: true });
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const tls = await ownIdentities(runDir);
  const [port, openPort, serversPort, controllerPort] = (await Promise.all(
    Array.from({ length: 4 }, () => claimFreePort()),
  )) as [number, number, number, number];
  const at = (name: string, on: number): string => `${name}://127.0.0.1:${on}`;
  const clients = [at('CLIENTS', port), at('OPEN', openPort), at('SERVERS', serversPort)];
  const [plan] = await planKafka({
    brokers: [
      {
        name: 'kafka',
        dataDir: join(runDir, 'kafka'),
        log: join(runDir, 'kafka.log'),
        port,
        serversPort,
        controllerPort,
        reachedAt: { serversPort, controllerPort },
      },
    ],
    partsDir: javaParts(readSettings({ ...process.env, RUN_DIR: runDir }).cacheDir),
    pace: 'lasting',
    tls,
    properties: {
      listeners: [...clients, at('CONTROLLER', controllerPort)].join(','),
      'advertised.listeners': clients.join(','),
      'listener.security.protocol.map': 'CLIENTS:SSL,OPEN:PLAINTEXT,SERVERS:SSL,CONTROLLER:SSL',
      'super.users': [...SUPER_PRINCIPALS, 'ANONYMOUS'].map((name) => `User:${name}`).join(';'),
    },
  });
  if (plan === undefined) throw new Error('no broker is planned');
  const part = spawnPart(plan, 'bench');
  const stop = (): Promise<void> => stopPart(part.record);
  try {
    await waitUntilReady(plan, part, signal);
    const silent = createLogger('bench', 'silent');
    const access = kafkaAccess(`127.0.0.1:${port}`, tls);
    const operator = createKafka(access, 'bench', silent);
    await letIn(operator);
    const identity = new Identity(filesOf(tls, 'province-43'));
    return {
      pid: part.record.pid,
      operator,
      secure: createKafka({ ...access, identity }, 'bench', silent),
      open: Object.assign(new kafkajs.Kafka({ brokers: [`127.0.0.1:${openPort}`], clientId: 'bench' }), {
        principal: 'nobody',
      }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A topic, and the rights of a province and of who reads it. */
async function letIn(kafka: Kafka): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: [{ topic: 'tests', numPartitions: 1 }] });
    await applyAcls(admin, [...aclsOf('province-43'), ...aclsOf('materialiser')]);
  } finally {
    await admin.disconnect();
  }
}
