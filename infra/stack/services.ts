/**
 * How each service is run: its program, its environment and the port by which the launcher knows that it's ready.
 * Nothing here decides what a service does.
 */

import { join } from 'node:path';
import { type Build, fromSources } from '#infra/build/programs.ts';
import type { PartPlan } from '#infra/process/part.ts';

export interface RunningService {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
}

export type ServiceKind = 'producer' | 'materialiser' | 'lookup' | 'mllp';

const MLLP_PORT = 'HUTONG_MLLP_PORT';
/** The settings that name a service's ports: first that of its HTTP side, which each has. */
const PORT_VARIABLES: Readonly<Record<ServiceKind, readonly [string, ...string[]]>> = {
  producer: ['HUTONG_INTAKE_PORT'],
  materialiser: ['HUTONG_MATERIALISER_PORT'],
  lookup: ['HUTONG_LOOKUP_PORT'],
  mllp: ['HUTONG_MLLP_WATCH_PORT', MLLP_PORT],
};

/**
 * A larger young generation keeps what a batch allocates out of the old one: measured, about a tenth more events a
 * second.
 */
const NODE_OPTIONS: Readonly<Record<ServiceKind, readonly string[]>> = {
  producer: ['--max-semi-space-size=32'],
  materialiser: ['--max-semi-space-size=64'],
  lookup: [],
  mllp: [],
};

export interface ServiceSpec {
  readonly kind: ServiceKind;
  /** A producer's name is its HUTONG_INSTANCE; by default services are numbered. */
  readonly name?: string;
  /** Codes that a producer publishes for; all by default. */
  readonly provinces?: readonly string[];
  /** Replaces what the stack would set. */
  readonly env?: Readonly<Record<string, string>>;
  /** Not built: for a module hook, which finds each module then. */
  readonly fromSources?: boolean;
}

export function isServiceKind(name: string): name is ServiceKind {
  return name in PORT_VARIABLES;
}

export function portVariables(kind: ServiceKind): readonly string[] {
  return PORT_VARIABLES[kind];
}

/** The name of a service that was given none. */
export function firstFreeNumber(kind: ServiceKind, parts: ReadonlyMap<string, unknown>): string {
  let number = 1;
  while (parts.has(`${kind}-${number}`)) number++;
  return String(number);
}

/** What a service's plan needs of the stack that it is to be part of. */
export interface OfStack {
  readonly runDir: string;
  readonly serviceEnv: Readonly<Record<string, string>>;
  readonly addresses: { readonly intake?: string };
  logOf(part: string): string;
}

/** The folders of the run directory by which senders and clients are known, and the door. */
function foundIn({ runDir, addresses: { intake } }: OfStack): Record<string, string> {
  return {
    HUTONG_SENDERS: join(runDir, 'senders'),
    HUTONG_CLIENT: join(runDir, 'clients', '{principal}.json'),
    ...(intake === undefined ? {} : { HUTONG_DOOR: intake }),
  };
}

/** @param ports by their settings */
export function planService(
  spec: ServiceSpec & { name: string },
  ports: Readonly<Record<string, string>>,
  stack: OfStack,
  build: Build,
): PartPlan {
  const { kind, name, provinces, env } = spec;
  const url = `https://127.0.0.1:${ports[PORT_VARIABLES[kind][0]]}`;
  return {
    name: `${kind}-${name}`,
    address: url,
    ...(kind === 'mllp' ? { reachedAt: `127.0.0.1:${ports[MLLP_PORT]}` } : {}),
    command: process.execPath,
    args: [...NODE_OPTIONS[kind], spec.fromSources === true ? fromSources(kind) : build.fileOf(kind)],
    env: {
      NODE_COMPILE_CACHE: build.compiled,
      ...foundIn(stack),
      ...withoutOthersSecrets(kind, stack.serviceEnv),
      ...(kind === 'producer' ? { HUTONG_INSTANCE: name } : {}),
      ...(provinces === undefined ? {} : { HUTONG_PROVINCES: provinces.join(',') }),
      ...ports,
      ...env,
    },
    log: stack.logOf(`${kind}-${name}`),
    ready: async () => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) })).ok,
    readyWithinMs: 120_000,
    stopWithinMs: 20_000,
  };
}

/**
 * Producers from the command line: a number of processes that share the provinces, or `name=11,12;other=13`.
 * @throws RangeError saying what it takes
 */
export function parseProducers(text: string, allProvinces: readonly string[]): { name: string; provinces: string[] }[] {
  if (/^\d+$/.test(text)) {
    const processes = Number(text);
    if (processes > allProvinces.length)
      throw new RangeError(`at most ${allProvinces.length} producer processes, one per province`);
    return Array.from({ length: processes }, (_, i) => ({
      name: `p${i + 1}`,
      provinces: allProvinces.filter((_code, index) => index % processes === i),
    }));
  }
  return text.split(';').map((part) => {
    const [name = '', list = ''] = part.split('=');
    const provinces = list.split(',').filter(Boolean);
    const unknown = provinces.find((code) => !allProvinces.includes(code));
    if (!/^[a-z0-9]{1,16}$/.test(name) || provinces.length === 0 || unknown !== undefined) {
      throw new RangeError(
        `--producers takes a number or name=11,12;other=13 with the codes of provinces, not "${part}"`,
      );
    }
    return { name, provinces };
  });
}

/** Which secrets of the stack's a service never reads, and so never gets. */
const NOT_FOR: Readonly<Record<ServiceKind, readonly string[]>> = {
  producer: [],
  materialiser: ['HUTONG_PERSON_KEY_SECRETS'],
  lookup: [],
  mllp: ['HUTONG_PERSON_KEY_SECRETS', 'HUTONG_KEYS'],
};

function withoutOthersSecrets(
  kind: ServiceKind,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_FOR[kind].includes(name)));
}
