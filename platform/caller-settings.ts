/**
 * The settings that say who is known as a caller, as whom the command calls, and how much each may ask: a part of the
 * table in config.ts. It reads no environment itself.
 */

import { type Static, Type } from '@sinclair/typebox';

export const CALLER_SETTINGS = {
  HUTONG_AS: Type.String({
    default: 'operator',
    pattern: '^[a-z0-9-]+$',
    description: 'as whom the command hutong connects to Kafka, Redis and the registry',
  }),
  HUTONG_ISSUER: Type.String({
    default: '',
    pattern: '^(https?://.+)?$',
    description: 'URL of the issuer of callers’ tokens: https, or http on the loopback interface',
  }),
  HUTONG_AUDIENCE: Type.String({
    default: 'urn:hutong:exchange',
    minLength: 1,
    description: 'the audience that a token must be for: one for each exchange',
  }),
  HUTONG_ISSUER_KEYS_BOUND_MS: Type.Integer({
    default: 3_600_000,
    minimum: 60_000,
    maximum: 86_400_000,
    description: 'how long the issuer’s keys are used while it is away; then every request is refused',
  }),
  HUTONG_CALLER_REQUESTS_PER_MINUTE: Type.Integer({
    default: 6_000,
    minimum: 1,
    maximum: 1_000_000_000,
    description: 'requests of one caller at all look-ups together; each item of a batch counts',
  }),
  HUTONG_CALLER_PEOPLE_PER_HOUR: Type.Integer({
    default: 20_000,
    minimum: 1,
    maximum: 1_000_000_000,
    description: 'different people that one caller may ask about, at all look-ups together',
  }),
  HUTONG_CALLER_NEIGHBOURS_PER_HOUR: Type.Integer({
    default: 20,
    minimum: 1,
    maximum: 1_000_000,
    description: 'different people of one region and birthday that one caller may ask one look-up about by number',
  }),
  HUTONG_CALLER_LIMIT_SHARERS: Type.Integer({
    default: 2,
    minimum: 1,
    maximum: 1_000,
    description: 'look-ups among which a caller’s limits are shared while Redis can’t count them',
  }),
} as const;

const Table = Type.Object(CALLER_SETTINGS);

export interface CallersConfig {
  readonly tokens: { readonly issuer: string; readonly audience: string; readonly issuerKeysBoundMs: number };
  readonly callerLimits: {
    readonly requestsPerMinute: number;
    readonly peoplePerHour: number;
    readonly neighboursPerHour: number;
    readonly sharers: number;
  };
}

export function callersIn(raw: Static<typeof Table>): CallersConfig {
  return {
    tokens: {
      issuer: raw.HUTONG_ISSUER,
      audience: raw.HUTONG_AUDIENCE,
      issuerKeysBoundMs: raw.HUTONG_ISSUER_KEYS_BOUND_MS,
    },
    callerLimits: {
      requestsPerMinute: raw.HUTONG_CALLER_REQUESTS_PER_MINUTE,
      peoplePerHour: raw.HUTONG_CALLER_PEOPLE_PER_HOUR,
      neighboursPerHour: raw.HUTONG_CALLER_NEIGHBOURS_PER_HOUR,
      sharers: raw.HUTONG_CALLER_LIMIT_SHARERS,
    },
  };
}
