/**
 * The settings of the doors by which events come in, over HTTP and by MLLP: a part of the table in config.ts. It reads
 * no environment itself.
 */

import { type Static, Type } from '@sinclair/typebox';

export const port = (description: string) =>
  Type.Integer({ default: 0, minimum: 0, maximum: 65_535, description: `${description}; 0 takes a free one` });

export const DOOR_SETTINGS = {
  HUTONG_INTAKE_HOST: Type.String({ default: '127.0.0.1', description: 'address that the intake listens on' }),
  HUTONG_INTAKE_PORT: port('port of the intake'),
  HUTONG_QUEUE_EVENTS_MAX: Type.Integer({
    default: 50_000,
    minimum: 1,
    maximum: 1_000_000,
    description: 'events that wait for Kafka, per province',
  }),
  HUTONG_ACCEPT_TIMEOUT_MS: Type.Integer({
    default: 10_000,
    minimum: 100,
    maximum: 120_000,
    description: 'longest wait for an acknowledgement before a request is answered',
  }),
  HUTONG_SENDERS: Type.String({
    default: '.run/senders',
    minLength: 1,
    description: 'folder of senders’ profiles: what the files of an identity never say of themselves',
  }),
  HUTONG_MLLP_HOST: Type.String({ default: '127.0.0.1', description: 'address that the MLLP listener listens on' }),
  HUTONG_MLLP_PORT: port('port of the MLLP listener, for senders'),
  HUTONG_MLLP_WATCH_PORT: port('port of the MLLP listener’s health and metrics'),
  HUTONG_DOOR: Type.String({
    default: '',
    pattern: '^(https://.+)?$',
    description: 'URL of the producer’s door, at which the MLLP listener reports',
  }),
  HUTONG_CLIENT: Type.String({
    default: '.run/clients/{principal}.json',
    minLength: 1,
    description: 'file with the name and the key of the client as which the MLLP listener reports',
  }),
} as const;

const Table = Type.Object(DOOR_SETTINGS);

export interface DoorsConfig {
  readonly intake: { readonly host: string; readonly port: number };
  readonly queueEventsMax: number;
  readonly acceptTimeoutMs: number;
  readonly sendersDir: string;
  readonly mllp: { readonly host: string; readonly port: number; readonly watchPort: number };
  readonly doorUrl: string;
  readonly clientFile: string;
}

export function doorsIn(raw: Static<typeof Table>): DoorsConfig {
  return {
    intake: { host: raw.HUTONG_INTAKE_HOST, port: raw.HUTONG_INTAKE_PORT },
    queueEventsMax: raw.HUTONG_QUEUE_EVENTS_MAX,
    acceptTimeoutMs: raw.HUTONG_ACCEPT_TIMEOUT_MS,
    sendersDir: raw.HUTONG_SENDERS,
    mllp: { host: raw.HUTONG_MLLP_HOST, port: raw.HUTONG_MLLP_PORT, watchPort: raw.HUTONG_MLLP_WATCH_PORT },
    doorUrl: raw.HUTONG_DOOR.replace(/\/$/, ''),
    clientFile: raw.HUTONG_CLIENT,
  };
}
