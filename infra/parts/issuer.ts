/** The development issuer of tokens as a part of a stack. It reads nothing but the folder that it is given. */

import type { Build } from '#infra/build/programs.ts';
import type { PartPlan } from '#infra/process/part.ts';
import { filesOf, type TlsFiles } from '#platform/tls.ts';

export interface IssuerPlace {
  /** Its signing key, and the public halves of its clients' keys. */
  readonly folder: string;
  readonly log: string;
  readonly port: number;
  readonly audience: string;
  /** Of any principal: see `filesOf`. */
  readonly tls: TlsFiles;
  readonly build: Build;
}

export function planIssuer({ folder, log, port, audience, tls, build }: IssuerPlace): PartPlan {
  const { ca, cert, key, crl = '' } = filesOf(tls, 'issuer');
  const url = `https://127.0.0.1:${port}`;
  return {
    name: 'issuer',
    address: url,
    command: process.execPath,
    args: [
      build.fileOf('issuer'),
      ...Object.entries({ folder, port, audience, ca, cert, key, crl }).map(([name, value]) => `--${name}=${value}`),
    ],
    env: { NODE_COMPILE_CACHE: build.compiled },
    log,
    ready: async () =>
      (await fetch(`${url}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(1_000) })).ok,
    readyWithinMs: 60_000,
    stopWithinMs: 10_000,
  };
}
