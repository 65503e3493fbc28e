/** Where the parts of a stack are, by what the launcher noted of each: for those who use them, and for Prometheus. */

import type { Target } from '#infra/parts/prometheus.ts';
import type { ServerName } from '#infra/process/settings.ts';
import type { Addresses, PartRecord } from '#infra/process/state.ts';
import { isServiceKind, type ServiceKind } from './services.ts';

export function addressesOf(
  records: readonly PartRecord[],
  servers: Readonly<Partial<Record<ServerName, string>>>,
): Addresses {
  const urls = (kind: ServiceKind): [string, string][] =>
    records
      .filter(({ name }) => name.startsWith(`${kind}-`))
      .map(({ name, address }) => [name.slice(kind.length + 1), address]);
  const first = (kind: ServiceKind, key: string): Record<string, string> =>
    Object.fromEntries(
      urls(kind)
        .slice(0, 1)
        .map(([, url]) => [key, url]),
    );
  return {
    ...servers,
    ...first('producer', 'intake'),
    ...first('lookup', 'lookup'),
    ...mllpOf(records),
    intakes: Object.fromEntries(urls('producer')),
    materialisers: urls('materialiser').map(([, url]) => url),
    lookups: urls('lookup').map(([, url]) => url),
  };
}

function mllpOf(records: readonly PartRecord[]): { readonly mllp?: string } {
  const mllp = records.find(({ name }) => name.startsWith('mllp-'))?.reachedAt;
  return mllp === undefined ? {} : { mllp };
}

export function targetsOf(records: readonly PartRecord[]): Target[] {
  return records.flatMap(({ name, address }) => {
    const [service = '', instance = ''] = name.split('-');
    return !isServiceKind(service) ? [] : [{ service, instance, address: new URL(address).host }];
  });
}

const SETTINGS: Readonly<Partial<Record<ServerName, string>>> = {
  kafka: 'HUTONG_KAFKA',
  registry: 'HUTONG_REGISTRY',
  redis: 'HUTONG_REDIS',
  issuer: 'HUTONG_ISSUER',
};

/** As services are told where the servers are. */
export function serverSettings(servers: Readonly<Partial<Record<ServerName, string>>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(servers).flatMap(([name, address]) => {
      const setting = SETTINGS[name as ServerName];
      return setting === undefined ? [] : [[setting, address]];
    }),
  );
}
