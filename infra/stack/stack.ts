/**
 * A stack: the parts (Kafka, schema registry, Redis, Prometheus), the topics and schemas, and the services, started in
 * the background and stopped again. The launcher, the tests and the demo all start theirs here; two never disturb each
 * other as long as their RUN_DIR differs.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaAccess } from '#exchange/identity/operator.ts';
import { programs } from '#infra/build/programs.ts';
import { writeTargets } from '#infra/parts/prometheus.ts';
import {
  exitOf,
  gone,
  type PartPlan,
  type StartedPart,
  spawnPart,
  stopPart,
  waitUntilReady,
} from '#infra/process/part.ts';
import { isAlive, signal } from '#infra/process/process-identity.ts';
import { readSettings, type ServerName, type Settings, type Topology } from '#infra/process/settings.ts';
import { StackError } from '#infra/process/stack-error.ts';
import {
  type Addresses,
  lock,
  type PartRecord,
  readState,
  removeAddresses,
  removeState,
  writeAddresses,
  writeState,
} from '#infra/process/state.ts';
import { together } from '#infra/process/together.ts';
import type { TlsFiles } from '#platform/tls.ts';
import { identitiesFor, operatorRegistry } from './identities.ts';
import { PLANS } from './servers.ts';
import { serviceEnvOf } from './service-env.ts';
import { firstFreeNumber, planService, portVariables, type RunningService, type ServiceSpec } from './services.ts';
import { addressesOf, targetsOf } from './stack-addresses.ts';
import { ALL_PARTS, CLUSTER_SERVICES, DEFAULT_SERVICES, type StackOptions } from './stack-options.ts';
import { StackPorts } from './stack-ports.ts';
import { withSecrets } from './stack-secrets.ts';
import { removeData, stackMark, stopOrder, stopRecorded } from './stop-stack.ts';
import { writeToolFiles } from './tool-files.ts';
import { makeTopics, registerAll } from './topics-and-schemas.ts';

export type { StackOptions } from './stack-options.ts';

/**
 * Resolves when everything is ready. If a part fails, everything already started is stopped again.
 * @throws StackError with the end of the failed part's log, or if a stack already runs in that RUN_DIR
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const settings = readSettings({ ...process.env, RUN_DIR: options.runDir });
  const { runDir } = settings;
  process.umask(0o077); // for all that is written from here on, by what is started too
  const held = lock(runDir);
  if ('heldBy' in held) throw new StackError(`another launcher (pid ${held.heldBy.pid}) is at work in ${runDir}`);
  try {
    if (readState(runDir).parts.some(isAlive))
      throw new StackError(`a stack runs in ${runDir} already: make down stops it`);
    await stopRecorded(runDir);
    if (!(options.keepData ?? settings.keepData)) removeData(runDir);
    const tls = await identitiesFor(runDir, options.tls, settings.passedOn);
    const stack = new Stack(options, settings, tls);
    try {
      await stack.start();
    } catch (error) {
      await stack.stop().catch((stopError: unknown) => {
        throw new AggregateError([error, stopError], 'a stack failed to start, and then to stop');
      });
      throw error;
    }
    return stack;
  } finally {
    held.release();
  }
}

export class Stack {
  readonly runDir: string;
  readonly #options: StackOptions;
  readonly #settings: Settings;
  /** Made when they are first asked for. */
  #secrets: Readonly<Record<string, string>> | undefined;
  readonly topology: Topology;
  /** Of any principal: see `filesOf`. */
  readonly tls: TlsFiles;
  readonly #servers: Partial<Record<ServerName, string>>;
  #kafkaForServers: string | undefined;
  readonly #own = new Set<ServerName>();
  readonly #abort = new AbortController();
  readonly #plans = new Map<string, PartPlan>();
  readonly #started = new Map<string, StartedPart>();
  readonly #ports: StackPorts;
  #records: PartRecord[] = [];
  #ready = false;

  /** Use startStack. */
  constructor(options: StackOptions, settings: Settings, tls: TlsFiles) {
    this.runDir = settings.runDir;
    this.#options = options;
    this.#settings = settings;
    this.topology = options.topology ?? settings.topology;
    this.tls = tls;
    this.#servers = { ...settings.servers, ...options.servers };
    this.#ports = new StackPorts(settings.ports);
    mkdirSync(join(this.runDir, 'logs'), { recursive: true });
  }

  get addresses(): Addresses {
    return addressesOf(this.#records, this.#servers);
  }

  /** What a service of this stack gets: for one that a test runs in its own process. */
  get serviceEnv(): Readonly<Record<string, string>> {
    this.#secrets ??= withSecrets(this.runDir, this.#settings.passedOn);
    const { tls, partitions } = this;
    return serviceEnvOf({ secrets: this.#secrets, servers: this.#servers, tls, partitions, env: this.#options.env });
  }

  get partitions(): number {
    return this.#options.partitions ?? this.#settings.partitions;
  }

  /** For whoever works on this stack from outside: as the operator. */
  get kafkaAccess() {
    return kafkaAccess(this.#servers.kafka ?? '', this.tls);
  }

  /** Called once, by startStack. */
  async start(): Promise<void> {
    const {
      parts = ALL_PARTS,
      services = this.topology === 'cluster' ? CLUSTER_SERVICES : DEFAULT_SERVICES,
      signal: outer,
    } = this.#options;
    outer?.addEventListener('abort', () => this.#abort.abort(outer.reason), { once: true });
    if (outer?.aborted === true) this.#abort.abort(outer.reason);
    const wanted = (name: ServerName): boolean => parts.includes(name) && this.#servers[name] === undefined;
    await together(
      this.#abort,
      (['kafka', 'redis', 'prometheus', 'issuer'] as const).filter(wanted).map((name) => () => this.#startServer(name)),
    );
    const withTopics = this.#options.topics ?? (this.#servers.kafka !== undefined && parts.includes('registry'));
    await together(this.#abort, [
      ...(wanted('registry') ? [() => this.#startServer('registry')] : []),
      ...(withTopics ? [() => makeTopics(this.kafkaAccess, this.serviceEnv, this.partitions, this.topology)] : []),
    ]);
    if (withTopics) await registerAll(operatorRegistry(this));
    if (withTopics) this.#options.onProgress?.('topics are there, and schemas are registered');
    await together(
      this.#abort,
      services.map((spec) => async () => void (await this.startService(spec))),
    );
    this.#ready = true;
    this.#write();
  }

  /** Starts one more service and waits until it's ready. */
  async startService(spec: ServiceSpec): Promise<RunningService> {
    // Before the name: of two that start at once each gets its own.
    const [build, ports] = [await programs(), await this.#ports.takeEach(portVariables(spec.kind))];
    const { kind, name = firstFreeNumber(kind, this.#plans) } = spec;
    if (this.#plans.has(`${kind}-${name}`)) throw new StackError(`${kind}-${name} is part of this stack already`);
    await this.#run(planService({ ...spec, name }, ports, this, build));
    return this.#running(`${kind}-${name}`);
  }

  /** Sends a signal to a part. SIGKILL waits until it's gone. */
  async kill(name: string, sent: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const record = this.#record(name);
    signal(record, sent);
    if (sent === 'SIGKILL' && !(await gone(record, 10_000))) throw new StackError(`${name} doesn't end`);
  }

  /** Stops a part as `down` would; its data and port stay. */
  async stopPart(name: string): Promise<void> {
    await stopPart(this.#record(name));
  }

  /**
   * Starts a part again on its port and data, stopping it first if it runs, and waits until it's ready.
   * @param changed makes the part's plan from then on another one, such as a newer version's
   */
  async restart(name: string, changed = (plan: PartPlan): PartPlan => plan): Promise<RunningService> {
    const plan = this.#plans.get(name);
    if (plan === undefined) throw new StackError(`there is no part ${name} that this process started`);
    await stopPart(this.#record(name));
    await this.#run(changed(plan));
    return this.#running(name);
  }

  /** How a part that this process started ended, once it has. */
  async exitOf(name: string): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const started = this.#started.get(name);
    if (started === undefined) throw new StackError(`there is no part ${name} that this process started`);
    return exitOf(started);
  }

  /** What this process started and knows, running or not. */
  get processes(): readonly { readonly name: string; readonly pid: number }[] {
    return this.#records;
  }

  /** The name of the part at that address. */
  partAt(address: string): string {
    const record = this.#records.find((one) => one.address === address);
    if (record === undefined) throw new StackError(`there is no part at ${address} in this stack`);
    return record.name;
  }

  addressOf(name: string): string {
    return this.#record(name).address;
  }

  logOf(name: string): string {
    return join(this.runDir, 'logs', `${name}.log`);
  }

  pidOf(name: string): number {
    return this.#record(name).pid;
  }

  /** Stops all of it and leaves no process behind; the data stays until the next start. */
  async stop(): Promise<void> {
    this.#abort.abort(new StackError('the stack is being stopped'));
    removeAddresses(this.runDir);
    for (const group of stopOrder(this.#records)) await Promise.all(group.map((record) => stopPart(record)));
    this.#ports.release();
    removeState(this.runDir);
    this.#records = [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #startServer(name: ServerName): Promise<void> {
    const { kafkaProperties = {}, pace = 'quick' } = this.#options;
    const { detour = async (_what, port) => port, changed = (plan) => plan } = this.#options;
    const { plans, settle, address, forServers } = await PLANS[name]({
      topology: this.topology,
      runDir: this.runDir,
      cacheDir: this.#settings.cacheDir,
      tls: this.tls,
      ports: this.#ports,
      pace,
      kafkaProperties,
      kafka: this.#kafkaForServers ?? this.#servers.kafka,
      detour,
    });
    if (name === 'kafka') this.#kafkaForServers = forServers;
    this.#own.add(name);
    await together(
      this.#abort,
      plans.map((plan) => () => this.#run(changed(plan))),
    );
    await settle?.();
    this.#servers[name] = address ?? plans.map((plan) => plan.address).join(',');
    this.#write();
  }

  async #run(plan: PartPlan): Promise<void> {
    this.#abort.signal.throwIfAborted();
    const startedAt = Date.now();
    const started = spawnPart(plan, stackMark(this.runDir));
    this.#plans.set(plan.name, plan);
    this.#started.set(plan.name, started);
    this.#records = [...this.#records.filter(({ name }) => name !== plan.name), started.record];
    this.#write();
    await waitUntilReady(plan, started, this.#abort.signal);
    this.#write();
    this.#options.onProgress?.(
      `${plan.name} is ready at ${plan.address} (${((Date.now() - startedAt) / 1_000).toFixed(1)} s)`,
    );
  }

  #write(): void {
    const others = Object.entries(this.#servers).filter(([name]) => !this.#own.has(name as ServerName));
    const external = Object.fromEntries(others);
    writeState(this.runDir, { parts: this.#records, external, ports: this.#ports.claimed, ready: this.#ready });
    if (this.#ready) writeAddresses(this.runDir, this.addresses);
    if (this.#ready && this.#servers.kafka !== undefined) writeToolFiles(this.runDir, this.#servers.kafka, this.tls);
    if (this.#plans.has('prometheus')) writeTargets(join(this.runDir, 'data', 'prometheus'), targetsOf(this.#records));
  }

  #running(name: string): RunningService {
    const { address, pid } = this.#record(name);
    return { name, url: address, pid };
  }

  #record(name: string): PartRecord {
    const record = this.#records.find((one) => one.name === name);
    if (record === undefined) throw new StackError(`there is no part ${name} in this stack`);
    return record;
  }
}
