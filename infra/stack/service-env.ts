/** What the services of a stack find in their environment. */

import type { ServerName } from '#infra/process/settings.ts';
import type { TlsFiles } from '#platform/tls.ts';
import { serverSettings } from './stack-addresses.ts';

export interface ServiceEnvOptions {
  /** The settings, with secrets that were made where none were given. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly servers: Readonly<Partial<Record<ServerName, string>>>;
  readonly tls: TlsFiles;
  readonly partitions: number;
  /** Replaces what the stack would set. */
  readonly env: Readonly<Record<string, string>> | undefined;
}

export function serviceEnvOf(options: ServiceEnvOptions): Readonly<Record<string, string>> {
  const { secrets, servers, tls, partitions, env } = options;
  return {
    ...secrets,
    ...serverSettings(servers),
    HUTONG_TLS_CA: tls.ca,
    HUTONG_TLS_CERT: tls.cert,
    HUTONG_TLS_KEY: tls.key,
    HUTONG_TLS_CRL: tls.crl ?? '',
    HUTONG_REDIS_PASSWORD: tls.password,
    HUTONG_PARTITIONS: String(partitions),
    ...env,
  };
}
