/**
 * Opens TLS on both ends of a connection that goes through a proxy: to the client as the server, to the server as the
 * very client that has come. So the server decides by whom it is asked, as if nothing stood between.
 */

import { readFileSync } from 'node:fs';
import type net from 'node:net';
import tls from 'node:tls';
import type { TlsFiles } from '#platform/tls.ts';

/**
 * With what the proxy opens what goes through it: a proxy under test is let into every secret. To the client it is the
 * server, to the server it is that client.
 */
export interface ProxyTls {
  readonly ofServer: TlsFiles;
  readonly ofClient: (principal: string) => TlsFiles;
}

/** @returns what the two say, the client's first */
export async function openTls(
  { client, server }: { readonly client: net.Socket; readonly server: net.Socket },
  { ofServer, ofClient }: ProxyTls,
): Promise<[client: tls.TLSSocket, server: tls.TLSSocket]> {
  const near = new tls.TLSSocket(client, {
    isServer: true,
    requestCert: true,
    rejectUnauthorized: true,
    secureContext: tls.createSecureContext(read(ofServer)),
  });
  await opened(near, 'secure', client);
  const far = tls.connect({ socket: server, host: '127.0.0.1', ...read(ofClient(nameOf(near))) });
  await opened(far, 'secureConnect', server);
  for (const socket of [near, far]) socket.on('error', () => undefined); // the connection under it is closed with it
  return [near, far];
}

function nameOf(socket: tls.TLSSocket): string {
  return String(socket.getPeerCertificate().subject?.CN);
}

async function opened(socket: tls.TLSSocket, event: 'secure' | 'secureConnect', under: net.Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(event, resolve);
  socket.once('error', reject);
  under.once('close', () => reject(new Error('closed before TLS was open')));
  await promise;
}

function read({ ca, cert, key }: TlsFiles): { ca: Buffer; cert: Buffer; key: Buffer } {
  return { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
}
