/** Tokens for whoever asks as several clients, whose keys lie in one folder. It reads a key when it is first needed. */

import { existsSync } from 'node:fs';
import { filesOf, Identity, type TlsFiles } from '#platform/tls.ts';
import { clientFileIn, readClientFile } from './client-file.ts';
import { TokenSource } from './token-source.ts';

export interface ClientsOf {
  readonly issuer: string;
  readonly audience: string;
  readonly clientsDir: string;
  /** File of the authority by which the issuer, and whoever takes its tokens, is known. */
  readonly ca: string;
  /** Of any client: see `filesOf`. The tokens of who has a certificate there are bound to it; without this none are. */
  readonly tls?: TlsFiles;
}

export class ClientTokens {
  readonly #of: ClientsOf;
  readonly #sources = new Map<string, TokenSource>();

  constructor(of: ClientsOf) {
    this.#of = of;
  }

  /** One that lasts for a minute at least. @throws RangeError where there is no such client; as `TokenSource` */
  token(client: string): Promise<string> {
    return this.sourceOf(client).token();
  }

  /** For who also needs the connection that its tokens count on. @throws RangeError where there is no such client */
  sourceOf(client: string): TokenSource {
    const known = this.#sources.get(client);
    if (known !== undefined) return known;
    const { issuer, audience, clientsDir, tls } = this.#of;
    const files = tls === undefined ? null : filesOf(tls, client);
    const identity = files !== null && existsSync(files.cert) ? new Identity(files) : null;
    const source = new TokenSource({ issuer, audience, ...readClientFile(clientFileIn(clientsDir, client)), identity });
    this.#sources.set(client, source);
    return source;
  }
}
