/** What may be asked of a stack, and what it is where nothing is asked. */

import type { JvmPace } from '#infra/parts/jvm.ts';
import type { PartPlan } from '#infra/process/part.ts';
import type { ServerName, Topology } from '#infra/process/settings.ts';
import type { TlsFiles } from '#platform/tls.ts';
import type { Detour } from './servers.ts';
import type { ServiceSpec } from './services.ts';

export interface StackOptions {
  readonly runDir: string;
  /** Which parts; all by default. A server that `servers` or the environment names is used instead of a part. */
  readonly parts?: readonly ServerName[];
  readonly servers?: Readonly<Partial<Record<ServerName, string>>>;
  /** One of each server, or several that stand in for each other; by default as CLUSTER says. */
  readonly topology?: Topology;
  /** Of any principal: see `filesOf`. By default those that the launcher issues in RUN_DIR. */
  readonly tls?: TlsFiles;
  readonly partitions?: number;
  /** Goes on with the data of the last stack in that RUN_DIR; by default as KEEP_DATA says. */
  readonly keepData?: boolean;
  /** Topics and schemas; by default when Kafka and the registry are there. */
  readonly topics?: boolean;
  /**
   * Default: one producer "a" for all provinces, one materialiser and one look-up, in a cluster two. An empty list
   * starts none.
   */
  readonly services?: readonly ServiceSpec[];
  /** For every service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of a Kafka that stands alone; by default it is quick, as befits a test. */
  readonly pace?: JvmPace;
  /** Of Kafka's server.properties. */
  readonly kafkaProperties?: Readonly<Record<string, string>>;
  /** Between the servers themselves; by default nothing stands there. */
  readonly detour?: Detour;
  /** Makes the plan of each server another one; by default it stays. */
  readonly changed?: (plan: PartPlan) => PartPlan;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export const ALL_PARTS: readonly ServerName[] = ['kafka', 'registry', 'redis', 'prometheus', 'issuer'];
export const DEFAULT_SERVICES: readonly ServiceSpec[] = [
  { kind: 'producer', name: 'a' },
  { kind: 'materialiser' },
  { kind: 'lookup' },
];
export const CLUSTER_SERVICES: readonly ServiceSpec[] = [
  ...DEFAULT_SERVICES,
  { kind: 'materialiser' },
  { kind: 'lookup' },
];
