/**
 * TLS for a service, HTTPS first of all: its own certificate, and the caller's where the caller shows one. By HTTPS a
 * caller without one is let in as far as its token lets it; one whose certificate no authority that is believed has
 * signed counts as without. New connections take a renewed certificate without a restart. Nothing older than TLS 1.2 is
 * spoken.
 */

import type { X509Certificate } from 'node:crypto';
import type { ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { type Server as TlsServer, TLSSocket } from 'node:tls';
import { every } from './limits/every.ts';
import type { TlsOptions } from './tls.ts';

export const RENEWED_LOOK_MS = 10_000;
/** Who has not said by then who it is, by Node alone two minutes, only holds a connection. */
const HANDSHAKE_MS_MAX = 5_000;
const MIN_VERSION = 'TLSv1.2';

/** @param options read anew at each look: see tls.ts */
export function serverOptionsOf({ ca, cert, key }: TlsOptions): ServerOptions {
  return {
    ca,
    cert,
    key,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: MIN_VERSION,
    handshakeTimeout: HANDSHAKE_MS_MAX,
  };
}

/** Has new connections take what the options say then. @returns stops it */
export function followCertificate(server: Pick<TlsServer, 'setSecureContext'>, options: TlsOptions): () => void {
  let { ca, cert, key } = options;
  return every(RENEWED_LOOK_MS, async () => {
    const isSame = ca === options.ca && cert === options.cert && key === options.key;
    if (isSame) return;
    ({ ca, cert, key } = options);
    server.setSecureContext({ ca, cert, key, minVersion: MIN_VERSION });
  });
}

/** The certificate that the other end has proved to be its own; undefined: it has shown none that counts. */
export function provenCertificate(socket: Socket): X509Certificate | undefined {
  return hasProven(socket) ? socket.getPeerX509Certificate() : undefined;
}

/** In that certificate; empty where there is none. */
export function nameOf(socket: Socket): string {
  return hasProven(socket) ? String(socket.getPeerCertificate().subject?.CN ?? '') : '';
}

function hasProven(socket: Socket): socket is TLSSocket {
  return socket instanceof TLSSocket && socket.authorized;
}
