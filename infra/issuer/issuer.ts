/**
 * The development issuer over HTTPS: client credentials by `private_key_jwt`, access tokens as JWT (RFC 9068) with what
 * the client holds. It gives a token to nobody who isn't in its table.
 */

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import { type Configuration, Provider } from 'oidc-provider';
import { followCertificate, serverOptionsOf } from '#platform/http-tls.ts';
import type { TlsOptions } from '#platform/tls.ts';
import type { RegisteredClient } from './keys.ts';
import { MemoryAdapter } from './memory-adapter.ts';

export const TOKEN_SECONDS = 600;
const LOOPBACK = '127.0.0.1';

export interface IssuerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly audience: string;
  /** Read anew at each connection. */
  readonly tls: TlsOptions;
  readonly signingKey: JWK;
  readonly clients: readonly RegisteredClient[];
}

export interface RunningIssuer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startIssuer({ port, tls, ...options }: IssuerOptions): Promise<RunningIssuer> {
  const server = createServer(serverOptionsOf(tls));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, LOOPBACK, resolve);
  });
  const url = `https://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  const answer = new Provider(url, configurationOf(options)).callback();
  server.on('request', (request, response) => void answer(request, response));
  const stopFollowing = followCertificate(server, tls);
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        stopFollowing();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function configurationOf({ audience, signingKey, clients }: Omit<IssuerOptions, 'port' | 'tls'>): Configuration {
  const held = new Map(clients.map((client) => [client.id, client.held]));
  return {
    adapter: MemoryAdapter,
    clients: clients.map(({ id, publicKey }) => ({
      client_id: id,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [publicKey as JWK & { kty: string }] },
    })),
    clientAuthMethods: ['private_key_jwt'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
    jwks: { keys: [signingKey as JWK & { kty: string }] },
    extraTokenClaims: (_ctx, { clientId = '' }) => ({ hutong: held.get(clientId) ?? {} }),
    ttl: { ClientCredentials: TOKEN_SECONDS },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => ({
          scope: '',
          audience,
          accessTokenTTL: TOKEN_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}
