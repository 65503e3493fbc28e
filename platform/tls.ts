/**
 * With what a process proves who it is, and whom it believes: a key, a certificate and an authority, read from files.
 * They are read anew when the files change, so that new connections take a renewed certificate without a restart. A
 * private key leaves this file only into TLS itself.
 */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { HutongError } from './errors.ts';
import { versionOf } from './followed-file.ts';
import type { Metrics } from './metrics.ts';

export interface TlsFiles {
  /** The certificate of the authority, or several. */
  readonly ca: string;
  readonly cert: string;
  /** PKCS#8. May be the same file as that of the certificate. */
  readonly key: string;
  /** For Redis, which knows nobody by a certificate. */
  readonly password: string;
  /** The list of revoked certificates; without it nobody is said to be revoked. */
  readonly crl?: string;
}

/** Those of one principal, where settings name them by `{principal}`. */
export function filesOf({ cert, key, password, ...ofAll }: TlsFiles, principal: string): TlsFiles {
  const ofPrincipal = (path: string): string => path.replaceAll('{principal}', principal);
  return { ...ofAll, cert: ofPrincipal(cert), key: ofPrincipal(key), password: ofPrincipal(password) };
}

/** As Node, kafkajs and ioredis take them. */
export interface TlsOptions {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

interface Loaded extends TlsOptions {
  readonly principal: string;
  readonly endsAtMs: number;
}

export class Identity {
  readonly #files: TlsFiles;
  #seen: string;
  #loaded: Loaded;
  #lookedInThisTurn = false;

  /** @throws HutongError IDENTITY_UNUSABLE */
  constructor(files: TlsFiles) {
    this.#files = files;
    this.#seen = versionsOf(files);
    this.#loaded = load(files);
  }

  /** The common name of the certificate. */
  get principal(): string {
    return this.#current.principal;
  }

  get endsAtMs(): number {
    return this.#current.endsAtMs;
  }

  /** Read only by who connects to Redis: nobody else has one. @throws HutongError IDENTITY_UNUSABLE */
  get password(): string {
    try {
      return readFileSync(this.#files.password, 'utf8').trim();
    } catch (cause) {
      throw new HutongError('IDENTITY_UNUSABLE', `${this.#files.password} holds no password for Redis`, {
        retriable: false,
        cause,
        hint: 'HUTONG_REDIS_PASSWORD names the file',
      });
    }
  }

  /** Read at each connection: what takes it must not copy it beforehand. */
  get options(): TlsOptions {
    const current = (): Loaded => this.#current;
    return {
      get ca() {
        return current().ca;
      },
      get cert() {
        return current().cert;
      },
      get key() {
        return current().key;
      },
    };
  }

  /** When files change while they are read, or don't fit each other, the former ones stay until the next look. */
  get #current(): Loaded {
    if (this.#lookedInThisTurn) return this.#loaded;
    // Whoever copies the options takes them one by one, and must not get the key of one and the certificate of another.
    this.#lookedInThisTurn = true;
    queueMicrotask(() => (this.#lookedInThisTurn = false));
    try {
      const version = versionsOf(this.#files);
      if (version === this.#seen) return this.#loaded;
      this.#loaded = load(this.#files);
      this.#seen = version;
    } catch {
      // Half of a replacement: what is at hand goes on.
    }
    return this.#loaded;
  }
}

/** Shows when each of them ends. */
export function exposeEnds(metrics: Metrics, identities: Iterable<Identity>): void {
  metrics.beforeExposing(() => {
    for (const { principal, endsAtMs } of identities)
      metrics.gauge('hutong_certificate_ends_seconds').set({ principal }, endsAtMs / 1_000);
  });
}

const versionsOf = (files: TlsFiles): string =>
  [files.ca, files.cert, files.key]
    .map((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? '' : versionOf(found);
    })
    .join(' ');

function load(files: TlsFiles): Loaded {
  try {
    const ca = readFileSync(files.ca, 'utf8');
    const cert = readFileSync(files.cert, 'utf8');
    const key = files.key === files.cert ? cert : readFileSync(files.key, 'utf8');
    const own = new X509Certificate(cert);
    if (!own.checkPrivateKey(createPrivateKey(key))) throw new Error('the key is not that of the certificate');
    const principal = /^CN=(.*)$/m.exec(own.subject)?.[1] ?? '';
    return { ca, cert, key, principal, endsAtMs: own.validToDate.getTime() };
  } catch (cause) {
    throw new HutongError('IDENTITY_UNUSABLE', `${files.cert} and its key can't be used`, {
      retriable: false,
      cause,
      hint: 'HUTONG_TLS_CA, HUTONG_TLS_CERT and HUTONG_TLS_KEY name the files; hutong pki issues them',
    });
  }
}
