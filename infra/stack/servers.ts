/**
 * The servers of a stack by topology: as parts to start, and the address under which the services find them. `single`
 * is one of each; `cluster` is three brokers that replicate and six Redis nodes in one cluster.
 */

import { join } from 'node:path';
import { kafkaAccess } from '#exchange/identity/operator.ts';
import { revokedIn } from '#exchange/identity/pki.ts';
import { programs } from '#infra/build/programs.ts';
import { ensureClients, clientsIn } from '#infra/issuer/keys.ts';
import { planIssuer } from '#infra/parts/issuer.ts';
import type { JvmPace } from '#infra/parts/jvm.ts';
import { planKafka } from '#infra/parts/kafka.ts';
import { javaParts } from '#infra/parts/programs.ts';
import { planPrometheus } from '#infra/parts/prometheus.ts';
import { joinCluster } from '#infra/parts/redis-cluster.ts';
import { planRedis } from '#infra/parts/redis.ts';
import { planRegistry, planRegistryGuard } from '#infra/parts/registry.ts';
import type { PartPlan } from '#infra/process/part.ts';
import type { ServerName, Topology } from '#infra/process/settings.ts';
import { StackError } from '#infra/process/stack-error.ts';
import { readConfig } from '#platform/config.ts';
import type { TlsFiles } from '#platform/tls.ts';
import { issuerIn, writeRegistered } from '#platform/tokens/registered-clients.ts';
import { letIn } from './let-in.ts';
import type { StackPorts } from './stack-ports.ts';

export interface ServerPlan {
  /** Started at the same time. */
  readonly plans: readonly PartPlan[];
  /** What makes one server of them, once all are ready. */
  readonly settle?: () => Promise<void>;
  /** Where it is reached, if not at each of the plans. */
  readonly address?: string;
  /** Where other servers reach it, if not where the services do. */
  readonly forServers?: string;
}

/**
 * By which port the other servers reach what listens on a port: a test may put something in between.
 * @param what such as `controllers → kafka-1`
 */
export type Detour = (what: string, port: number) => Promise<number>;

export interface ServerContext {
  readonly topology: Topology;
  readonly runDir: string;
  readonly cacheDir: string;
  readonly ports: StackPorts;
  readonly pace: JvmPace;
  readonly tls: TlsFiles;
  readonly kafkaProperties: Readonly<Record<string, string>>;
  /** The address of Kafka for other servers, once it's there. */
  readonly kafka: string | undefined;
  readonly detour: Detour;
}

const BROKERS = 3;
/** A replica for each of three masters: fewer masters couldn't agree on who takes over. */
const REDIS_NODES = 6;

export const PLANS: Readonly<Record<ServerName, (context: ServerContext) => Promise<ServerPlan>>> = {
  kafka: async (context) => {
    const { ports, detour, cacheDir, pace, tls, kafkaProperties } = context;
    const brokers = await eachOf('kafka', BROKERS, context, async (place) => {
      const port = await ports.take('HUTONG_KAFKA_PORT');
      const serversPort = await ports.take('HUTONG_KAFKA_SERVERS_PORT');
      const controllerPort = await ports.take('HUTONG_KAFKA_CONTROLLER_PORT');
      const reachedAt = {
        serversPort: await detour(`servers → ${place.name}`, serversPort),
        controllerPort: await detour(`controllers → ${place.name}`, controllerPort),
      };
      return { ...place, port, serversPort, controllerPort, reachedAt };
    });
    const forServers = brokers.map(({ reachedAt }) => `127.0.0.1:${reachedAt.serversPort}`).join(',');
    return {
      plans: await planKafka({ brokers, partsDir: javaParts(cacheDir), pace, tls, properties: kafkaProperties }),
      forServers,
      settle: () => {
        const addresses = brokers.map(({ port }) => `127.0.0.1:${port}`).join(',');
        return letIn(kafkaAccess(addresses, tls), context.runDir);
      },
    };
  },
  redis: async (context) => {
    const { ports, detour, topology, tls } = context;
    if (topology === 'single')
      return {
        plans: [planRedis({ ...place('redis', context), port: await ports.take('HUTONG_REDIS_PORT'), bus: null, tls })],
      };
    const nodes = await eachOf('redis', REDIS_NODES, context, async (place) => {
      const port = await ports.take('HUTONG_REDIS_PORT');
      const busPort = await ports.take('HUTONG_REDIS_BUS_PORT');
      return { ...place, port, tls, bus: { port: busPort, reachedAt: await detour(`nodes → ${place.name}`, busPort) } };
    });
    return { plans: nodes.map(planRedis), settle: () => joinCluster(nodes, tls) };
  },
  registry: async (context) => {
    const { kafka, cacheDir, ports, tls } = context;
    if (kafka === undefined) throw new StackError('the registry keeps its schemas in Kafka, and this stack has none');
    const { dataDir, log } = place('registry', context);
    const registryPort = await ports.take('HUTONG_REGISTRY_BEHIND_PORT');
    const registry = planRegistry({ dataDir, log, partsDir: javaParts(cacheDir), port: registryPort, kafka, tls });
    const guard = planRegistryGuard({
      dataDir,
      log: place('registry-guard', context).log,
      port: await ports.take('HUTONG_REGISTRY_PORT'),
      registryPort,
      tls,
      build: await programs(),
    });
    return { plans: [registry, guard], address: guard.address };
  },
  issuer: async (context) => {
    const folder = issuerIn(context.runDir);
    const revoked = revokedIn(join(context.runDir, 'pki'));
    const clients = ensureClients(clientsIn(context.runDir), context.tls).filter(({ id }) => !revoked.has(id));
    writeRegistered(folder, clients);
    const { audience } = readConfig().tokens;
    const port = await context.ports.take('HUTONG_ISSUER_PORT');
    const build = await programs();
    return {
      plans: [planIssuer({ folder, log: place('issuer', context).log, port, audience, tls: context.tls, build })],
    };
  },
  prometheus: async (context) => ({
    plans: [
      planPrometheus({
        ...place('prometheus', context),
        port: await context.ports.take('HUTONG_PROMETHEUS_PORT'),
        tls: context.tls,
      }),
    ],
  }),
};

/** How many copies of each record a topic of ours gets. */
export function replicationOf(topology: Topology): number {
  return topology === 'cluster' ? BROKERS : 1;
}

interface Place {
  readonly name: string;
  readonly dataDir: string;
  readonly log: string;
}

function place(name: string, { runDir }: ServerContext): Place {
  return { name, dataDir: join(runDir, 'data', name), log: join(runDir, 'logs', `${name}.log`) };
}

/** `kafka` alone, or `kafka-1` to `kafka-3`. One after another, so that a port that was asked for goes to the first. */
async function eachOf<T>(
  server: ServerName,
  count: number,
  context: ServerContext,
  make: (place: Place) => Promise<T>,
): Promise<T[]> {
  if (context.topology === 'single') return [await make(place(server, context))];
  const made: T[] = [];
  for (let number = 1; number <= count; number += 1) made.push(await make(place(`${server}-${number}`, context)));
  return made;
}
