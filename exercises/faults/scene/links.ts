/**
 * The network of a stack under injections: between each service and each server that it uses, between the outside and
 * each door, and before what a server has for other servers, stands a proxy that can be told to misbehave. Without
 * trouble they only pass on.
 */

import { routeThrough, TcpProxy, type Trouble } from '#exercises/faults/proxy/tcp-proxy.ts';
import type { ProxyTls } from '#exercises/faults/proxy/tls-link.ts';
import type { Detour } from '#infra/stack/servers.ts';
import type { Stack } from '#infra/stack/stack.ts';
import { filesOf, type TlsFiles } from '#platform/tls.ts';

export type Server = 'kafka' | 'redis' | 'registry';
export const SERVERS: readonly Server[] = ['kafka', 'redis', 'registry'];

export interface Link {
  /** Such as `materialiser-1 → redis`. */
  readonly name: string;
  /** Who connects; for a `door`, to whom. */
  readonly service: string;
  /** `door`: what lies between the outside and the service; `server`: between one server and all others that use it. */
  readonly end: Server | 'door' | 'server';
  /** One for each node of the server. */
  readonly proxies: readonly TcpProxy[];
}

export class Links {
  readonly #links: Link[] = [];

  get all(): readonly Link[] {
    return this.#links;
  }

  /**
   * The environment of a service whose every connection to a server goes through proxies of its own.
   * @param ports of each server's nodes
   * @param tls files of any principal
   */
  async envFor(
    service: string,
    ports: Readonly<Record<Server, readonly number[]>>,
    tls: TlsFiles,
  ): Promise<Record<string, string>> {
    const links = await Promise.all(
      SERVERS.map((end) => this.#add({ name: `${service} → ${end}`, service, end }, ports[end], proxyTls(end, tls))),
    );
    return routeThrough(links.flatMap(({ proxies }) => proxies));
  }

  /** The address at which the outside reaches a service. */
  async door(service: string, url: string): Promise<string> {
    const link = { name: `outside → ${service}`, service, end: 'door' } as const;
    return `https://127.0.0.1:${await this.#inFrontOf(link, Number(new URL(url).port))}`;
  }

  /** What the other servers reach a server by. */
  readonly detour: Detour = (what, port) => this.#inFrontOf({ name: what, service: what, end: 'server' }, port);

  between(service: string, end: Link['end']): Link {
    const link = this.#links.find((one) => one.service === service && one.end === end);
    if (link === undefined) throw new RangeError(`there is no link between ${service} and ${end}`);
    return link;
  }

  of(service: string): readonly Link[] {
    return this.#links.filter((link) => link.service === service);
  }

  close(): Promise<unknown> {
    return Promise.all(this.#links.flatMap(({ proxies }) => proxies).map((proxy) => proxy.close()));
  }

  async #inFrontOf(link: Omit<Link, 'proxies'>, port: number): Promise<number> {
    const [proxy] = (await this.#add(link, [port])).proxies;
    return (proxy as TcpProxy).port;
  }

  async #add(between: Omit<Link, 'proxies'>, ports: readonly number[], tls?: ProxyTls): Promise<Link> {
    const options = { isKafka: between.end === 'kafka', ...(tls === undefined ? {} : { tls }) };
    const link = {
      ...between,
      proxies: await Promise.all(ports.map((port) => TcpProxy.start(port, options))),
    };
    this.#links.push(link);
    return link;
  }
}

/** What it must see: who asks Kafka for what. */
function proxyTls(end: Server, tls: TlsFiles): ProxyTls | undefined {
  if (end !== 'kafka') return undefined;
  return { ofServer: filesOf(tls, 'broker'), ofClient: (principal) => filesOf(tls, principal) };
}

export function trouble(link: Link, what: Trouble): void {
  for (const proxy of link.proxies) proxy.trouble = what;
}

export function heal(link: Link): void {
  for (const proxy of link.proxies) proxy.heal();
}

export function isTroubled({ proxies }: Link): boolean {
  return proxies.some((proxy) => proxy.trouble.kind !== 'none');
}

/** Of all servers of a stack. */
export function portsOf(stack: Stack): Record<Server, number[]> {
  const { kafka = '', redis = '', registry = '' } = stack.addresses;
  const ports = (addresses: string): number[] =>
    addresses.split(',').map((address) => Number(address.split(':').at(-1)));
  return { kafka: ports(kafka), redis: ports(redis), registry: [Number(new URL(registry).port)] };
}
