/**
 * The development issuer over HTTPS: client credentials by `private_key_jwt`, access tokens as JWT (RFC 9068) with what
 * the client holds. Who shows a certificate gets a token that counts with that certificate alone (RFC 8705), and who
 * has one gets no other. It gives a token to nobody who isn't in its table.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import { type ClientMetadata, type Configuration, errors, Provider } from 'oidc-provider';
import type { Held } from '#exchange/identity/caller.ts';
import { followCertificate, nameOf, provenCertificate, serverOptionsOf } from '#platform/http-tls.ts';
import type { RevokedCertificates } from '#platform/revoked.ts';
import type { TlsOptions } from '#platform/tls.ts';
import type { RegisteredClient } from '#platform/tokens/registered-clients.ts';
import { MemoryAdapter } from './memory-adapter.ts';

export const TOKEN_SECONDS = 600;
const LOOPBACK = '127.0.0.1';

export interface IssuerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly audience: string;
  /** Read anew at each connection. */
  readonly tls: TlsOptions;
  readonly revoked: Pick<RevokedCertificates, 'has'>;
  readonly signingKey: JWK;
  /** Asked for with each request. */
  readonly clients: () => readonly RegisteredClient<Held>[];
}

export interface RunningIssuer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startIssuer({ port, tls, revoked, ...options }: IssuerOptions): Promise<RunningIssuer> {
  const server = createServer(serverOptionsOf(tls));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, LOOPBACK, resolve);
  });
  const url = `https://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  const answer = new Provider(url, configurationOf(options)).callback();
  server.on('request', (request, response) => {
    if (request.method === 'POST' && revoked.has(request.socket)) return refuseRevoked(response);
    const certificate = provenCertificate(request.socket)?.toString() ?? null;
    void asksWith.run({ certificate, name: nameOf(request.socket) }, () => answer(request, response));
  });
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

/** As the library says it of a client that it doesn't know (RFC 6749). */
function refuseRevoked(response: ServerResponse): void {
  response.writeHead(401, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error: 'invalid_client', error_description: 'the certificate was revoked' }));
}

/** What who asks shows. */
interface Shown {
  /** As PEM; null: none that counts. */
  readonly certificate: string | null;
  /** In it; empty: there is none. */
  readonly name: string;
}

const CERTIFICATE_MISSING =
  'this client has a certificate: ask on a connection that shows it, and then the door likewise (RFC 8705)';

/** The library asks for a client without the request. */
const asksWith = new AsyncLocalStorage<Shown>();

function configurationOf({
  audience,
  signingKey,
  clients,
}: Omit<IssuerOptions, 'port' | 'tls' | 'revoked'>): Configuration {
  const clientOf = (id: string): RegisteredClient<Held> | undefined => clients().find((client) => client.id === id);
  const registered = new MemoryAdapter();
  registered.find = async (id) => {
    const client = clientOf(id);
    return client === undefined
      ? undefined
      : metadataOf(client, client.isCertified === true || (asksWith.getStore()?.certificate ?? null) !== null);
  };
  return {
    adapter: (model: string) => (model === 'Client' ? registered : new MemoryAdapter()),
    clientAuthMethods: ['private_key_jwt'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { clientAuthSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
    jwks: { keys: [signingKey as JWK & { kty: string }] },
    extraTokenClaims: (_ctx, { clientId = '' }) => ({ hutong: clientOf(clientId)?.held ?? {} }),
    ttl: { ClientCredentials: TOKEN_SECONDS },
    features: {
      clientCredentials: { enabled: true },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        // Of who has a certificate its own alone: another's key and any certificate aren't enough.
        getCertificate: (ctx) => {
          const { certificate = null, name = '' } = asksWith.getStore() ?? {};
          const id = ctx.oidc.client?.clientId ?? '';
          if (clientOf(id)?.isCertified === true && name !== id)
            throw new errors.CustomOIDCProviderError('invalid_grant', CERTIFICATE_MISSING);
          return certificate ?? undefined;
        },
      },
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

function metadataOf({ id, publicKeys }: RegisteredClient, isBound: boolean): ClientMetadata {
  return {
    client_id: id,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    tls_client_certificate_bound_access_tokens: isBound,
    jwks: { keys: publicKeys as (JWK & { kty: string })[] },
  };
}
