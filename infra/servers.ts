/**
 * The servers of a stack by topology: as parts to start, and the address under which the services find them. `single` is
 * one of each; `cluster` is three brokers that replicate and six Redis nodes in one cluster.
 */
import { join } from 'node:path';
import type { PartPlan } from './part.ts';
import { planKafka } from './parts/kafka.ts';
import { javaParts } from './parts/programs.ts';
import { planPrometheus } from './parts/prometheus.ts';
import { planRedis } from './parts/redis.ts';
import { joinCluster } from './parts/redis-cluster.ts';
import { planRegistry } from './parts/registry.ts';
import type { ServerName, Topology } from './settings.ts';
import { StackError } from './stack-error.ts';
import type { StackPorts } from './stack-ports.ts';

export interface ServerPlan {
  /** Started at the same time. */
  readonly plans: readonly PartPlan[];
  /** What makes one server of them, once all are ready. */
  readonly settle?: () => Promise<void>;
}

export interface ServerContext {
  readonly topology: Topology;
  readonly runDir: string;
  readonly cacheDir: string;
  readonly ports: StackPorts;
  readonly kafkaProperties: Readonly<Record<string, string>>;
  /** The address of Kafka, once it's there. */
  readonly kafka: string | undefined;
}

const BROKERS = 3;
/** A replica for each of three masters: fewer masters couldn't agree on who takes over. */
const REDIS_NODES = 6;

export const PLANS: Readonly<Record<ServerName, (context: ServerContext) => Promise<ServerPlan>>> = {
  kafka: async (context) => {
    const brokers = await eachOf('kafka', BROKERS, context, async (place) => ({
      ...place,
      port: await context.ports.take('HUTONG_KAFKA_PORT'),
      controllerPort: await context.ports.take('HUTONG_KAFKA_CONTROLLER_PORT'),
    }));
    return { plans: await planKafka({ brokers, jarsDir: javaParts(context.cacheDir).kafka, properties: context.kafkaProperties }) };
  },
  redis: async (context) => {
    const nodes = await eachOf('redis', REDIS_NODES, context, async (place) => ({
      ...place,
      port: await context.ports.take('HUTONG_REDIS_PORT'),
      busPort: context.topology === 'cluster' ? await context.ports.take('HUTONG_REDIS_BUS_PORT') : null,
    }));
    const plans = nodes.map(planRedis);
    return { plans, ...(context.topology === 'cluster' ? { settle: () => joinCluster(plans.map(({ address }) => address)) } : {}) };
  },
  registry: async (context) => {
    const { kafka, cacheDir, ports } = context;
    if (kafka === undefined) throw new StackError('the registry keeps its schemas in Kafka, and this stack has none');
    return { plans: [planRegistry({ log: place('registry', context).log, registryDir: javaParts(cacheDir).registry, port: await ports.take('HUTONG_REGISTRY_PORT'), kafka })] };
  },
  prometheus: async (context) => ({ plans: [planPrometheus({ ...place('prometheus', context), port: await context.ports.take('HUTONG_PROMETHEUS_PORT') })] }),
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
async function eachOf<T>(server: ServerName, count: number, context: ServerContext, make: (place: Place) => Promise<T>): Promise<T[]> {
  if (context.topology === 'single') return [await make(place(server, context))];
  const made: T[] = [];
  for (let number = 1; number <= count; number += 1) made.push(await make(place(`${server}-${number}`, context)));
  return made;
}
