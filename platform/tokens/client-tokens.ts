/** Tokens for whoever asks as several clients, whose keys lie in one folder. It reads a key when it is first needed. */

import { clientFileIn, readClientFile } from './client-file.ts';
import { TokenSource } from './token-source.ts';

export interface ClientsOf {
  readonly issuer: string;
  readonly audience: string;
  readonly clientsDir: string;
  /** File of the authority by which the issuer, and whoever takes its tokens, is known. */
  readonly ca: string;
}

export class ClientTokens {
  readonly #of: ClientsOf;
  readonly #sources = new Map<string, TokenSource>();

  constructor(of: ClientsOf) {
    this.#of = of;
  }

  /** One that lasts for a minute at least. @throws RangeError where there is no such client; as `TokenSource` */
  token(client: string): Promise<string> {
    const { issuer, audience, clientsDir } = this.#of;
    const known = this.#sources.get(client);
    const source = known ?? new TokenSource({ issuer, audience, ...readClientFile(clientFileIn(clientsDir, client)) });
    this.#sources.set(client, source);
    return source.token();
  }
}
