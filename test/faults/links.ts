/**
 * The network of a stack under faults: between each service and each server that it uses, and between the outside and
 * each door, stands a proxy that can be told to misbehave. Without trouble they only pass on.
 */
import { routeThrough, TcpProxy, type Trouble } from '#test/support/tcp-proxy.ts';

export type Server = 'kafka' | 'redis' | 'registry';
export const SERVERS: readonly Server[] = ['kafka', 'redis', 'registry'];

export interface Link {
  /** Such as `materialiser-1 → redis`. */
  readonly name: string;
  readonly service: string;
  /** `door`: what lies between the outside and the service. */
  readonly end: Server | 'door';
  /** One for each node of the server. */
  readonly proxies: readonly TcpProxy[];
}

export class Links {
  /** The ports of each server's nodes. */
  readonly #ports: Readonly<Record<Server, readonly number[]>>;
  readonly #links: Link[] = [];

  constructor(ports: Readonly<Record<Server, readonly number[]>>) {
    this.#ports = ports;
  }

  get all(): readonly Link[] {
    return this.#links;
  }

  /** The environment of a service whose every connection to a server goes through proxies of its own. */
  async envFor(service: string): Promise<Record<string, string>> {
    for (const end of SERVERS) await this.#add(service, end, this.#ports[end]);
    return routeThrough(this.#links.filter((link) => link.service === service && link.end !== 'door').flatMap(({ proxies }) => proxies));
  }

  /** The address at which the outside reaches a service. */
  async door(service: string, url: string): Promise<string> {
    const [proxy] = (await this.#add(service, 'door', [Number(new URL(url).port)])).proxies;
    return `http://127.0.0.1:${proxy?.port}`;
  }

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

  async #add(service: string, end: Link['end'], ports: readonly number[]): Promise<Link> {
    const proxies = await Promise.all(ports.map((port) => TcpProxy.start(port, { isKafka: end === 'kafka' })));
    const link = { name: end === 'door' ? `outside → ${service}` : `${service} → ${end}`, service, end, proxies };
    this.#links.push(link);
    return link;
  }
}

export function trouble(link: Link, what: Trouble): void {
  for (const proxy of link.proxies) proxy.trouble = what;
}

export function heal(link: Link): void {
  for (const proxy of link.proxies) proxy.heal();
}
