/**
 * HTTPS for a service: its own certificate, and the caller's where the caller shows one. A caller without one is let in
 * as far as its token lets it; one whose certificate no authority that is believed has signed counts as without. New
 * connections take a renewed certificate without a restart.
 */

import type { Server as HttpsServer, ServerOptions } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { every } from './limits/every.ts';
import type { TlsOptions } from './tls.ts';

export const RENEWED_LOOK_MS = 10_000;

/** @param options read anew at each look: see tls.ts */
export function serverOptionsOf({ ca, cert, key }: TlsOptions): ServerOptions {
  return { ca, cert, key, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2' };
}

/** Has new connections take what the options say then. */
export function followCertificate(app: FastifyInstance, options: TlsOptions): void {
  let { ca, cert, key } = options;
  const stop = every(RENEWED_LOOK_MS, async () => {
    const isSame = ca === options.ca && cert === options.cert && key === options.key;
    if (isSame) return;
    ({ ca, cert, key } = options);
    (app.server as unknown as HttpsServer).setSecureContext({ ca, cert, key, minVersion: 'TLSv1.2' });
  });
  app.addHook('onClose', async () => stop());
}
