/**
 * Tokens for whoever asks a stack as one of its clients: the demo, the tests, what measures. It holds the clients'
 * private keys, as their owners would.
 */

import type { Principal } from '#exchange/identity/principals.ts';
import { clientsIn } from '#infra/issuer/keys.ts';
import { readConfig } from '#platform/config.ts';
import { clientFileIn, readClientFile } from '#platform/tokens/client-file.ts';
import { TokenSource } from '#platform/tokens/token-source.ts';
import type { Stack } from './stack.ts';

const sources = new WeakMap<Stack, Map<Principal, TokenSource>>();

/** A token that lasts for a minute at least. @throws HutongError ISSUER_UNAVAILABLE */
export function tokenOf(stack: Stack, client: Principal): Promise<string> {
  const known = sources.get(stack) ?? new Map<Principal, TokenSource>();
  sources.set(stack, known);
  const source = known.get(client) ?? sourceOf(stack, client);
  known.set(client, source);
  return source.token();
}

/** As a request's header. */
export async function bearerOf(stack: Stack, client: Principal): Promise<{ readonly authorization: string }> {
  return { authorization: `Bearer ${await tokenOf(stack, client)}` };
}

/** For a process of its own that asks as several clients. */
export function issuerOf(stack: Stack): {
  readonly issuer: string;
  readonly audience: string;
  readonly clientsDir: string;
} {
  const { issuer, audience } = readConfig({ ...stack.serviceEnv }).tokens;
  return { issuer, audience, clientsDir: clientsIn(stack.runDir) };
}

function sourceOf(stack: Stack, client: Principal): TokenSource {
  const { issuer, audience, clientsDir } = issuerOf(stack);
  return new TokenSource({ issuer, audience, ...readClientFile(clientFileIn(clientsDir, client)) });
}
