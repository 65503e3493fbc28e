/**
 * The one place that reads the environment: a table of settings with type, default, unit and bounds, checked before
 * anything connects. An unusable setting stops the service with a message that names it.
 */

import { type Static, Type } from '@sinclair/typebox';
import { envSchema } from 'env-schema';
import { isProvinceCode, PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { type Address, parseAddresses } from './address.ts';
import { CALLER_SETTINGS, type CallersConfig, callersIn } from './caller-settings.ts';
import { DOOR_SETTINGS, type DoorsConfig, doorsIn, port } from './door-settings.ts';
import { HutongError } from './errors.ts';
import { POLICIES } from './folders.ts';
import { LOOPBACK_HOSTS } from './http-addresses.ts';
import { TLS_SETTINGS, tlsIn } from './tls-settings.ts';
import type { TlsFiles } from './tls.ts';

/** docs/settings.md says the same, for people. */
export const SETTINGS = Type.Object({
  HUTONG_KAFKA: Type.String({
    default: '127.0.0.1:9092',
    pattern: '^[^,:]+:\\d+(,[^,:]+:\\d+)*$',
    description: 'brokers, host:port[,host:port]',
  }),
  HUTONG_REGISTRY: Type.String({
    default: 'http://127.0.0.1:8080/apis/ccompat/v7',
    pattern: '^https?://',
    description: 'root URL of the registry’s Confluent-compatible API',
  }),
  HUTONG_REDIS: Type.String({
    default: '127.0.0.1:6379',
    pattern: '^[^,:]+:\\d+(,[^,:]+:\\d+)*$',
    description: 'host:port; several, comma-separated, are nodes of one Redis Cluster',
  }),
  ...TLS_SETTINGS,
  HUTONG_PARTITIONS: Type.Integer({
    default: 8,
    minimum: 1,
    maximum: 1024,
    description: 'partitions of each shared topic',
  }),
  HUTONG_LOG_EDITION: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 9_999,
    description:
      'edition of the shared topics: hutong log republish makes the next one, with more partitions or newer keys',
  }),
  HUTONG_PERSON_KEY_SECRETS: Type.String({
    default: '',
    description: 'hex secrets of 32 bytes or more, one per key version, in order, comma-separated',
  }),
  HUTONG_KEYS: Type.String({
    default: '.run/keys',
    minLength: 1,
    description: 'folder of the keys that records are tagged with, and watermarks signed with',
  }),
  HUTONG_PROVINCES: Type.String({
    default: PROVINCE_CODES.join(','),
    description: 'codes that this producer publishes for',
  }),
  HUTONG_INSTANCE: Type.String({
    default: 'a',
    pattern: '^[a-z0-9]{1,16}$',
    description: 'name of this producer process; stays the same over restarts',
  }),
  ...DOOR_SETTINGS,
  HUTONG_HOSTS: Type.String({
    default: LOOPBACK_HOSTS.join(','),
    pattern: '^[^,\\s/]+(,[^,\\s/]+)*$',
    description: 'names under which the services are asked, comma-separated, without ports',
  }),
  ...CALLER_SETTINGS,
  HUTONG_LOOKUP_PORT: port('port of the look-up, on the loopback interface only'),
  HUTONG_MATERIALISER_PORT: port('port of the materialiser’s health and metrics'),
  HUTONG_CLOCK_SKEW_MS: Type.Integer({
    default: 300_000,
    minimum: 0,
    maximum: 3_600_000,
    description: 'how far in the future an event’s time may lie',
  }),
  HUTONG_COMMIT_EVENTS_MAX: Type.Integer({
    default: 1_000,
    minimum: 1,
    maximum: 10_000,
    description: 'events in one atomic step of the materialiser',
  }),
  HUTONG_CONSUMER_GROUP: Type.String({
    default: 'materialiser',
    pattern: '^materialiser',
    description: 'consumer group of the materialisers; it begins with their name, for they may join no other',
  }),
  HUTONG_SESSION_TIMEOUT_MS: Type.Integer({
    default: 10_000,
    minimum: 6_000,
    maximum: 300_000,
    description: 'after which a silent materialiser loses its partitions',
  }),
  HUTONG_POLICIES: Type.String({
    default: POLICIES,
    description: 'folder of the recognition rules',
  }),
  HUTONG_RULES_SIGHT_BOUND_MS: Type.Integer({
    default: 60_000,
    minimum: 2_000,
    maximum: 3_600_000,
    description: 'longest time without a look at the published rules before answers say so',
  }),
  HUTONG_LOOKUP_IN_FLIGHT_MAX: Type.Integer({
    default: 1_024,
    minimum: 1,
    maximum: 100_000,
    description:
      'look-ups that are answered at once; above half of it answers leave parts out, above it requests are refused',
  }),
  HUTONG_LOOKUP_LOOP_DELAY_MS: Type.Integer({
    default: 100,
    minimum: 5,
    maximum: 10_000,
    description: 'how late the look-up’s event loop may be before it takes fewer requests at once',
  }),
  HUTONG_LOOKUP_TIME_LIMIT_MS: Type.Integer({
    default: 1_000,
    minimum: 50,
    maximum: 30_000,
    description: 'longest time from the arrival of a look-up to its answer',
  }),
  HUTONG_LOG_LEVEL: Type.Union(
    ['debug', 'info', 'warn', 'error', 'silent'].map((level) => Type.Literal(level)),
    { default: 'info', description: 'least severe level that is logged' },
  ),
});

export interface Config extends CallersConfig, DoorsConfig {
  readonly kafkaBrokers: readonly string[];
  readonly registryUrl: string;
  readonly redis: readonly Address[];
  /** Of a principal: see `filesOf`. */
  readonly tls: TlsFiles;
  readonly partitions: number;
  readonly logEdition: number;
  readonly personKeySecrets: readonly Buffer[];
  readonly keysDir: string;
  readonly provinces: readonly ProvinceCode[];
  readonly instanceName: string;
  /** In lower case. */
  readonly hosts: readonly string[];
  readonly lookupPort: number;
  readonly materialiserPort: number;
  readonly clockSkewMs: number;
  readonly commitEventsMax: number;
  readonly consumerGroup: string;
  readonly sessionTimeoutMs: number;
  readonly policiesDir: string;
  readonly rulesSightBoundMs: number;
  readonly lookupInFlightMax: number;
  readonly lookupLoopDelayMs: number;
  readonly lookupTimeLimitMs: number;
  readonly logLevel: string;
}

/** By itself, for who needs no other setting. @throws HutongError CONFIG_INVALID */
export function readLogEdition(environment: NodeJS.ProcessEnv = process.env): number {
  const { HUTONG_LOG_EDITION: edition } = environment;
  return readTable(edition === undefined ? {} : { HUTONG_LOG_EDITION: edition }).HUTONG_LOG_EDITION;
}

/** By itself, as the edition; `otherwise` where the environment names none. @throws HutongError CONFIG_INVALID */
export function readKeysDir(environment: NodeJS.ProcessEnv = process.env, otherwise?: string): string {
  const { HUTONG_KEYS: folder = otherwise } = environment;
  return readTable(folder === undefined ? {} : { HUTONG_KEYS: folder }).HUTONG_KEYS;
}

/** By itself, as the edition. @throws HutongError CONFIG_INVALID */
export function readAs({ HUTONG_AS: as }: NodeJS.ProcessEnv = process.env): string {
  return readTable(as === undefined ? {} : { HUTONG_AS: as }).HUTONG_AS;
}

/** The files of identities that the environment names, by themselves; null where it names none. */
export function readTlsFiles(environment: NodeJS.ProcessEnv = process.env): TlsFiles | null {
  const named = Object.entries(environment).filter(
    ([name, value]) => /^HUTONG_(TLS_|REDIS_PASSWORD$)/.test(name) && value !== '',
  );
  return named.length === 0 ? null : readConfig(Object.fromEntries(named)).tls;
}

/** @throws HutongError CONFIG_INVALID, naming the setting and its description. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const raw = readTable(environment);
  return {
    kafkaBrokers: raw.HUTONG_KAFKA.split(','),
    registryUrl: raw.HUTONG_REGISTRY.replace(/\/$/, ''),
    redis: parseAddresses(raw.HUTONG_REDIS),
    tls: tlsIn(raw),
    partitions: raw.HUTONG_PARTITIONS,
    logEdition: raw.HUTONG_LOG_EDITION,
    personKeySecrets: raw.HUTONG_PERSON_KEY_SECRETS.split(',').filter(Boolean).map(parseSecret),
    keysDir: raw.HUTONG_KEYS,
    provinces: parseProvinces(raw.HUTONG_PROVINCES),
    instanceName: raw.HUTONG_INSTANCE,
    hosts: raw.HUTONG_HOSTS.toLowerCase().split(','),
    ...callersIn(raw),
    ...doorsIn(raw),
    lookupPort: raw.HUTONG_LOOKUP_PORT,
    materialiserPort: raw.HUTONG_MATERIALISER_PORT,
    clockSkewMs: raw.HUTONG_CLOCK_SKEW_MS,
    commitEventsMax: raw.HUTONG_COMMIT_EVENTS_MAX,
    consumerGroup: raw.HUTONG_CONSUMER_GROUP,
    sessionTimeoutMs: raw.HUTONG_SESSION_TIMEOUT_MS,
    policiesDir: raw.HUTONG_POLICIES,
    rulesSightBoundMs: raw.HUTONG_RULES_SIGHT_BOUND_MS,
    lookupInFlightMax: raw.HUTONG_LOOKUP_IN_FLIGHT_MAX,
    lookupLoopDelayMs: raw.HUTONG_LOOKUP_LOOP_DELAY_MS,
    lookupTimeLimitMs: raw.HUTONG_LOOKUP_TIME_LIMIT_MS,
    logLevel: raw.HUTONG_LOG_LEVEL as string,
  };
}

function readTable(environment: NodeJS.ProcessEnv): Static<typeof SETTINGS> {
  try {
    return envSchema<Static<typeof SETTINGS>>({
      schema: SETTINGS,
      data: { ...environment },
      env: false,
      dotenv: false,
    });
  } catch (cause) {
    const path = (cause as { errors?: { instancePath?: string }[] }).errors?.[0]?.instancePath ?? '';
    throw unusable(path.slice(1) as keyof Static<typeof SETTINGS>, (cause as Error).message);
  }
}

function parseSecret(hex: string): Buffer {
  if (!/^([0-9a-f]{2}){32,}$/i.test(hex))
    throw unusable('HUTONG_PERSON_KEY_SECRETS', 'a secret is not hex of 32 bytes or more');
  return Buffer.from(hex, 'hex');
}

// Two publishers under one instance's name would each claim, by its watermarks, what only the other knows.
function parseProvinces(codes: string): readonly ProvinceCode[] {
  const provinces = codes.split(',').filter(Boolean).map(parseProvince);
  const repeated = provinces.find((code, index) => provinces.indexOf(code) !== index);
  if (repeated !== undefined) throw unusable('HUTONG_PROVINCES', `${repeated} is named twice`);
  return provinces;
}

function parseProvince(code: string): ProvinceCode {
  if (!isProvinceCode(code)) throw unusable('HUTONG_PROVINCES', `${code} is not the code of a publisher`);
  return code;
}

/** That a setting can't be used, and why. */
export function unusable(name: keyof Static<typeof SETTINGS>, why: string): HutongError {
  const description = SETTINGS.properties[name]?.description ?? 'see platform/config.ts';
  return new HutongError('CONFIG_INVALID', `${name}: ${why}`, { retriable: false, hint: `${name} is: ${description}` });
}
