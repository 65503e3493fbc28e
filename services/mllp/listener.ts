/**
 * Where senders connect: TLS, a certificate of each, so many connections at a time. Who sends is the common name of the
 * certificate; a connection without one that counts gets no further than the handshake.
 */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { followCertificate, nameOf, serverOptionsOf } from '#platform/http-tls.ts';
import type { RevokedCertificates } from '#platform/revoked.ts';
import type { TlsOptions } from '#platform/tls.ts';
import type { Verdict } from './acknowledgement.ts';
import { Connection, type ConnectionLimits } from './connection.ts';
import { revokedSender } from './unknown-sender.ts';

export const MLLP_LIMITS = {
  connectionsMax: 512,
  connectionsOfSenderMax: 16,
  frameBytesMax: 4 * 1024 * 1024,
  heldBytesMax: 128 * 1024 * 1024,
  frameMs: 30_000,
  idleMs: 600_000,
} as const;

export interface ListenerLimits extends ConnectionLimits {
  readonly connectionsMax: number;
  readonly connectionsOfSenderMax: number;
  /** Bytes of frames that have begun, of all connections together. */
  readonly heldBytesMax: number;
}

export interface ListenerOptions {
  readonly tls: TlsOptions;
  readonly limits: ListenerLimits;
  /** Asked with each message: a connection lasts for days. */
  readonly revoked: Pick<RevokedCertificates, 'has'>;
  readonly take: (sender: string, message: Buffer) => Promise<Verdict>;
  readonly now: () => number;
  readonly newControlId: () => string;
  readonly onAnswered: (verdict: Verdict) => void;
  readonly onNoFrame: () => void;
  readonly onRefused: () => void;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #stopFollowing: () => void;
  readonly #open = new Map<Connection, string>();
  #heldBytes = 0;

  constructor(options: ListenerOptions) {
    this.#options = options;
    const { tls, limits, onRefused } = options;
    this.#server = createServer({ ...serverOptionsOf(tls), rejectUnauthorized: true }, (socket) => this.#take(socket));
    this.#server.maxConnections = limits.connectionsMax;
    this.#server.on('drop', onRefused);
    this.#server.on('tlsClientError', onRefused);
    this.#stopFollowing = followCertificate(this.#server, tls);
  }

  get connections(): number {
    return this.#open.size;
  }

  /** @returns the port */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes nothing new; resolves when what was being answered is. */
  async close(): Promise<void> {
    this.#stopFollowing();
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const connection of this.#open.keys()) connection.end();
    await closed;
  }

  #take(socket: TLSSocket): void {
    socket.on('error', () => undefined); // the connection's own loop sees it too
    const { limits, revoked, take, now, newControlId, onAnswered, onNoFrame, onRefused } = this.#options;
    const sender = nameOf(socket);
    const own = [...this.#open.values()].filter((name) => name === sender).length;
    if (sender === '' || revoked.has(socket) || own >= limits.connectionsOfSenderMax) {
      onRefused();
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, {
      limits,
      take: async (message) => {
        if (!revoked.has(socket)) return take(sender, message);
        connection.end();
        return revokedSender();
      },
      hold: (bytes) => this.#hold(bytes),
      now,
      newControlId,
      onAnswered,
      onNoFrame,
    });
    this.#open.set(connection, sender);
    void connection.run().finally(() => this.#open.delete(connection));
  }

  #hold(bytes: number): boolean {
    if (bytes > 0 && this.#heldBytes + bytes > this.#options.limits.heldBytesMax) return false;
    this.#heldBytes += bytes;
    return true;
  }
}
