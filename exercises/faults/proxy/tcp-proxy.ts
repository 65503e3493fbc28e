/**
 * A proxy before a server that can do to a connection what a network does: be slow, be cut, go silent, hold everything
 * back, or lose an acknowledgement. It never alters a byte, and never lets a part of a Kafka answer through.
 */

import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { asksForIdentity, correlationOf, FrameReader, isProduce } from './kafka-frames.ts';
import { openTls, type ProxyTls } from './tls-link.ts';

/**
 * `silent` loses what is sent, as to a peer that is gone without a word; `answers` alone means that requests still
 * arrive. `held` keeps it and delivers it late. `cut` resets what is open and refuses what is new. `drop_acks` lets a
 * broker append, then loses that share of the acknowledgements of Produce together with their connection.
 */
export type Trouble =
  | { readonly kind: 'none' | 'cut' | 'held' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  | { readonly kind: 'silent'; readonly loses: 'both' | 'answers' }
  | { readonly kind: 'drop_acks'; readonly share: number; readonly chance: () => number };

/**
 * What each kind of trouble has hit: connections that were cut or refused, acknowledgements that were dropped, and
 * bytes of all others.
 */
export type Hits = Readonly<Record<Exclude<Trouble['kind'], 'none'>, number>>;

const NO_TROUBLE: Trouble = { kind: 'none' };

interface Link {
  readonly client: net.Socket;
  readonly server: net.Socket;
}

interface Options {
  readonly isKafka?: boolean;
  readonly tls?: ProxyTls;
}

type Direction = 'request' | 'answer';

export class TcpProxy {
  readonly serverPort: number;
  readonly #isKafka: boolean;
  readonly #tls: ProxyTls | undefined;
  readonly #links = new Set<Link>();
  readonly #listener = net.createServer((client) => this.#connect(client));
  readonly #watchers = new Set<{ readonly text: string; readonly seen: () => void }>();
  #trouble: Trouble = NO_TROUBLE;
  #changed = Promise.withResolvers<void>();
  readonly #hits = { cut: 0, held: 0, delay: 0, bandwidth: 0, silent: 0, drop_acks: 0 };
  #identitiesAsked = 0;

  private constructor(serverPort: number, { isKafka = false, tls }: Options) {
    this.serverPort = serverPort;
    this.#isKafka = isKafka;
    this.#tls = tls;
  }

  /**
   * @param options isKafka: its protocol's frames are followed, which `drop_acks` needs. tls: both sides speak TLS, and
   * the proxy sees what they say; without it, it carries whatever comes
   */
  static async start(serverPort: number, options: Options = {}): Promise<TcpProxy> {
    const proxy = new TcpProxy(serverPort, options);
    await new Promise<void>((resolve) => proxy.#listener.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#listener.address() as net.AddressInfo).port;
  }

  /** Since it was started. */
  get hits(): Hits {
    return { ...this.#hits };
  }

  /** How often a producer has asked for an identity of its own; only where frames are followed. */
  get identitiesAsked(): number {
    return this.#identitiesAsked;
  }

  /**
   * Connections that went silent are reset by the next trouble, and by its end: neither side believes in them any more.
   */
  set trouble(trouble: Trouble) {
    const before = this.#trouble;
    this.#trouble = trouble;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    if (trouble.kind === 'cut') this.#hits.cut += this.#links.size;
    if (trouble.kind === 'cut' || before.kind === 'silent') this.#resetAll();
  }

  get trouble(): Trouble {
    return this.#trouble;
  }

  heal(): void {
    if (this.#trouble.kind !== 'none') this.trouble = NO_TROUBLE;
  }

  /**
   * Resolves as soon as a request holds the text, whether it arrives or not.
   * @param onSeen is called before the request is carried on: a trouble that it makes meets that request
   */
  requestWith(text: string, signal: AbortSignal, onSeen: () => void = () => undefined): Promise<void> {
    return new Promise((resolve) => {
      const seen = (): void => {
        onSeen();
        done();
      };
      const watcher = { text, seen };
      const done = (): void => {
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  async close(): Promise<void> {
    this.#resetAll();
    this.#changed.resolve();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #resetAll(): void {
    for (const link of this.#links) reset(link);
  }

  #connect(client: net.Socket): void {
    if (this.#trouble.kind === 'cut') {
      this.#hits.cut += 1;
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const link: Link = { client, server: net.connect(this.serverPort, '127.0.0.1') };
    this.#links.add(link);
    for (const socket of [link.client, link.server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#links.delete(link);
        reset(link);
      });
    }
    if (this.#tls === undefined) this.#carryBoth(link, link.client, link.server);
    else
      openTls(link, this.#tls).then(
        ([client, server]) => this.#carryBoth(link, client, server),
        () => reset(link),
      );
  }

  #carryBoth(link: Link, client: net.Socket, server: net.Socket): void {
    const produces = new Set<number>();
    this.#carry(link, client, server, 'request', produces);
    this.#carry(link, server, client, 'answer', produces);
  }

  /** One direction of a connection: in order, each piece after whatever the trouble of its moment asks for. */
  #carry(link: Link, from: net.Socket, to: net.Socket, direction: Direction, produces: Set<number>): void {
    const frames = this.#isKafka ? new FrameReader() : null;
    let last = Promise.resolve();
    let waiting = 0;
    const carryOne = async (piece: Buffer, arrivedMs: number): Promise<void> => {
      await this.#wait(piece, arrivedMs);
      if (this.#isLost(direction)) {
        this.#hits.silent += piece.length;
        return;
      }
      if (frames !== null && direction === 'request' && asksForIdentity(piece)) this.#identitiesAsked += 1;
      if (frames !== null && direction === 'request' && isProduce(piece)) produces.add(correlationOf(piece, true));
      if (frames !== null && direction === 'answer' && produces.delete(correlationOf(piece, false)) && this.#dropsAck())
        return reset(link);
      if (!to.destroyed && !to.write(piece)) await drained(to);
    };
    from.on('data', (data: Buffer) => {
      if (direction === 'request') this.#notice(data);
      const arrivedMs = performance.now();
      for (const piece of frames === null ? [data] : frames.read(data)) {
        waiting += piece.length;
        if (waiting > WAITING_BYTES_MAX) from.pause();
        last = last
          .then(() => carryOne(piece, arrivedMs))
          .then(() => {
            waiting -= piece.length;
            if (waiting < WAITING_BYTES_MAX) from.resume();
          });
      }
    });
    from.on('end', () => void last.then(() => to.end()));
  }

  async #wait(piece: Buffer, arrivedMs: number): Promise<void> {
    if (this.#trouble.kind === 'held') this.#hits.held += piece.length;
    while (this.#trouble.kind === 'held') await this.#changed.promise;
    const trouble = this.#trouble;
    if (trouble.kind === 'delay' || trouble.kind === 'bandwidth') this.#hits[trouble.kind] += piece.length;
    if (trouble.kind === 'delay') await this.#orChanged(arrivedMs + trouble.ms - performance.now());
    else if (trouble.kind === 'bandwidth') await this.#orChanged((piece.length / trouble.bytesPerSecond) * 1_000);
  }

  async #orChanged(ms: number): Promise<void> {
    if (ms > 0) await Promise.race([delay(ms), this.#changed.promise]);
  }

  #isLost(direction: Direction): boolean {
    return this.#trouble.kind === 'silent' && (direction === 'answer' || this.#trouble.loses === 'both');
  }

  #dropsAck(): boolean {
    if (this.#trouble.kind !== 'drop_acks' || this.#trouble.chance() >= this.#trouble.share) return false;
    this.#hits.drop_acks += 1;
    return true;
  }

  #notice(data: Buffer): void {
    for (const { text, seen } of this.#watchers) if (data.includes(text)) seen();
  }
}

/** Resolves when it takes more, or is closed. Neither listener stays: a connection that lives long waits often. */
async function drained(socket: net.Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('drain', resolve).once('close', resolve);
  await promise;
  socket.off('drain', resolve).off('close', resolve);
}

/** The environment of a service whose connections to these servers go through their proxies. */
export function routeThrough(proxies: readonly TcpProxy[]): Record<string, string> {
  return {
    NODE_OPTIONS: `--import ${new URL('./route.ts', import.meta.url).href}`,
    TEST_ROUTE: proxies.map(({ serverPort, port }) => `${serverPort}:${port}`).join(','),
  };
}

/** Of what waits in one direction of one connection. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

function reset({ client, server }: Link): void {
  for (const socket of [client, server]) if (!socket.destroyed) socket.resetAndDestroy();
}
