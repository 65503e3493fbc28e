/**
 * The settings that name the files of identities: a part of the table in config.ts. It reads no environment itself, and
 * no file.
 */

import { type Static, Type } from '@sinclair/typebox';
import type { TlsFiles } from './tls.ts';

export const TLS_SETTINGS = {
  HUTONG_TLS_CA: Type.String({
    default: '.run/pki/ca.crt',
    minLength: 1,
    description: 'file with the certificates of the authorities that are believed',
  }),
  HUTONG_TLS_CERT: Type.String({
    default: '.run/pki/{principal}.pem',
    minLength: 1,
    description: 'file of the certificate; {principal} stands for who connects, such as province-43',
  }),
  HUTONG_TLS_KEY: Type.String({
    default: '.run/pki/{principal}.pem',
    minLength: 1,
    description: 'file of its private key (PKCS#8), which may be the same; {principal} as there',
  }),
  HUTONG_TLS_CRL: Type.String({
    default: '',
    description: 'file with the lists of revoked certificates (PEM), looked at with each request; empty: there is none',
  }),
  HUTONG_REDIS_PASSWORD: Type.String({
    default: '.run/pki/{principal}.password',
    minLength: 1,
    description: 'file of the password for Redis, whose users are principals; {principal} as there',
  }),
} as const;

const Table = Type.Object(TLS_SETTINGS);

export function tlsIn(raw: Static<typeof Table>): TlsFiles {
  return {
    ca: raw.HUTONG_TLS_CA,
    cert: raw.HUTONG_TLS_CERT,
    key: raw.HUTONG_TLS_KEY,
    password: raw.HUTONG_REDIS_PASSWORD,
    ...(raw.HUTONG_TLS_CRL === '' ? {} : { crl: raw.HUTONG_TLS_CRL }),
  };
}
