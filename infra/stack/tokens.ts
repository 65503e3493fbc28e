/**
 * Tokens for whoever asks a stack as one of its clients: the demo, the tests, what measures. It holds the clients'
 * private keys, as their owners would.
 */

import type { Principal } from '#exchange/identity/principals.ts';
import { clientsIn } from '#infra/issuer/keys.ts';
import { readConfig } from '#platform/config.ts';
import { type ClientsOf, ClientTokens } from '#platform/tokens/client-tokens.ts';
import type { Stack } from './stack.ts';

const tokens = new WeakMap<Stack, ClientTokens>();

/** A token that lasts for a minute at least. @throws HutongError ISSUER_UNAVAILABLE */
export function tokenOf(stack: Stack, client: Principal): Promise<string> {
  const known = tokens.get(stack) ?? new ClientTokens(clientsOf(stack));
  tokens.set(stack, known);
  return known.token(client);
}

/** As a request's header. */
export async function bearerOf(stack: Stack, client: Principal): Promise<{ readonly authorization: string }> {
  return { authorization: `Bearer ${await tokenOf(stack, client)}` };
}

/** For a process of its own that asks as several clients, each with its certificate. */
export function certifiedClientsOf(stack: Stack): ClientsOf {
  return { ...clientsOf(stack), tls: stack.tls };
}

function clientsOf(stack: Stack): ClientsOf {
  const { issuer, audience } = readConfig({ ...stack.serviceEnv }).tokens;
  return { issuer, audience, clientsDir: clientsIn(stack.runDir), ca: stack.tls.ca };
}
