/**
 * Tokens for whoever asks a stack as one of its clients: the demo, the tests, what measures. It holds the clients'
 * private keys, as their owners would.
 */

import type { Principal } from '#exchange/identity/principals.ts';
import { clientsIn } from '#infra/issuer/keys.ts';
import { readConfig } from '#platform/config.ts';
import type { Fetch } from '#platform/fetch-as.ts';
import { type ClientsOf, ClientTokens } from '#platform/tokens/client-tokens.ts';
import type { Stack } from './stack.ts';

const tokens = new WeakMap<Stack, ClientTokens>();

const tokensOf = (stack: Stack): ClientTokens => {
  const known = tokens.get(stack) ?? new ClientTokens(certifiedClientsOf(stack));
  tokens.set(stack, known);
  return known;
};

/**
 * A token that lasts for a minute at least. That of who has a certificate counts on a connection that shows it.
 * @throws HutongError ISSUER_UNAVAILABLE
 */
export function tokenOf(stack: Stack, client: Principal): Promise<string> {
  return tokensOf(stack).token(client);
}

/** Asks as the client: with a token, and its certificate where it has one. */
export function fetchOfClient(stack: Stack, client: Principal): Fetch {
  const source = tokensOf(stack).sourceOf(client);
  return async (url, asked = {}) => {
    const authorization = `Bearer ${await source.token()}`;
    return source.fetch(url, { ...asked, headers: { authorization, ...asked.headers } });
  };
}

/** For a process of its own that asks as several clients, each with its certificate. */
export function certifiedClientsOf(stack: Stack): ClientsOf {
  return { ...clientsOf(stack), tls: stack.tls };
}

function clientsOf(stack: Stack): ClientsOf {
  const { issuer, audience } = readConfig({ ...stack.serviceEnv }).tokens;
  return { issuer, audience, clientsDir: clientsIn(stack.runDir), ca: stack.tls.ca };
}
