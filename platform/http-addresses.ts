/** Which addresses a service has, and for which hosts it answers. It knows no route's work. */

import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Names under which a service that listens on the loopback interface is asked. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Remembers every route that is added from now on. @returns the methods that an address takes; empty: there is none */
export function methodsByAddress(app: FastifyInstance): (url: string) => readonly string[] {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const one of [method].flat()) known.methods.add(one);
    routes.set(url, known);
  });
  return (url) => {
    const path = url.split('?', 1)[0] ?? '';
    const found = [...routes.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  };
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

/** A request names one host, and one that is ours (RFC 9112, 3.2): a page of somebody else's may not ask. */
export function isHostOurs({ raw }: FastifyRequest, hosts: readonly string[]): boolean {
  let host: string | null = null;
  for (let at = 0; at < raw.rawHeaders.length; at += 2) {
    if (raw.rawHeaders[at]?.toLowerCase() !== 'host') continue;
    if (host !== null) return false;
    host = raw.rawHeaders[at + 1] ?? '';
  }
  return host !== null && hosts.includes(host.toLowerCase().replace(/:\d{1,5}$/, ''));
}
