/** The development issuer of tokens as a part of a stack. It reads nothing but the folder that it is given. */

import { join } from 'node:path';
import type { PartPlan } from '#infra/process/part.ts';
import { ROOT } from '#platform/folders.ts';

export interface IssuerPlace {
  /** Its signing key, and the public halves of its clients' keys. */
  readonly folder: string;
  readonly log: string;
  readonly port: number;
  readonly audience: string;
}

export function planIssuer({ folder, log, port, audience }: IssuerPlace): PartPlan {
  const url = `http://127.0.0.1:${port}`;
  return {
    name: 'issuer',
    address: url,
    command: process.execPath,
    args: [join(ROOT, 'infra/issuer/main.ts'), `--folder=${folder}`, `--port=${port}`, `--audience=${audience}`],
    env: {},
    log,
    ready: async () =>
      (await fetch(`${url}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(1_000) })).ok,
    readyWithinMs: 60_000,
    stopWithinMs: 10_000,
  };
}
