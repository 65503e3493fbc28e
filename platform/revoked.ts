/**
 * Which certificates were revoked, by a list (RFC 5280, PEM) that is read again once it is another. TLS looks at a
 * certificate when a connection begins, and a connection may last for days: so this is asked with each request. It
 * must never forget, because its file can't be read at the moment, what it has read before.
 */

import type { Socket } from 'node:net';
import { HutongError } from './errors.ts';
import { followFile } from './followed-file.ts';
import { provenCertificate } from './http-tls.ts';

/** So long a revocation may take to reach a request. */
export const REVOKED_LOOK_MS = 1_000;

export class RevokedCertificates {
  /** Null: nobody is said to be revoked. */
  readonly #list: (() => ReadonlySet<string>) | null;
  readonly #monotonicMs: () => number;
  #serials: ReadonlySet<string> = new Set();
  #lookedAtMs = 0;

  /**
   * @param path empty: nobody is said to be revoked
   * @throws HutongError IDENTITY_UNUSABLE when there is no list at that path
   */
  constructor(path = '', monotonicMs = (): number => performance.now()) {
    this.#list = path === '' ? null : followFile(path, serialsIn);
    this.#monotonicMs = monotonicMs;
    if (this.#list === null) return;
    this.#lookedAtMs = monotonicMs();
    try {
      this.#serials = this.#list();
    } catch (cause) {
      throw new HutongError('IDENTITY_UNUSABLE', `${path} holds no list of revoked certificates`, {
        retriable: false,
        cause,
        hint: 'HUTONG_TLS_CRL names the file, as PEM; hutong pki revoke writes one',
      });
    }
  }

  /** Whether the other end of the connection has shown one of them. */
  has(socket: Socket): boolean {
    if (this.#list === null) return false;
    const serial = serialOf(socket);
    if (serial === '') return false;
    this.#look(this.#list);
    return this.#serials.has(serial);
  }

  #look(list: () => ReadonlySet<string>): void {
    const nowMs = this.#monotonicMs();
    if (nowMs - this.#lookedAtMs < REVOKED_LOOK_MS) return;
    this.#lookedAtMs = nowMs;
    try {
      this.#serials = list();
    } catch {
      // What was read before stays in force.
    }
  }
}

const serials = new WeakMap<Socket, string>();

/** Empty where the other end has shown no certificate that counts. */
function serialOf(socket: Socket): string {
  const known = serials.get(socket);
  if (known !== undefined) return known;
  const serial = provenCertificate(socket)?.serialNumber.toLowerCase() ?? '';
  serials.set(socket, serial);
  return serial;
}

const PEM = /-----BEGIN X509 CRL-----([\s\S]+?)-----END X509 CRL-----/g;

/**
 * In hex, of all lists of the text. Whose list it is isn't looked at: it lies beside the authority's certificate and is
 * believed as that is.
 * @throws RangeError where there is none, or one can't be read
 */
export function serialsIn(pem: string): ReadonlySet<string> {
  const lists = [...pem.matchAll(PEM)].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
  if (lists.length === 0) throw new RangeError('there is no list');
  return new Set(lists.flatMap(serialsOfList));
}

const INTEGER = 0x02;
const SEQUENCE = 0x30;
const TIMES: readonly number[] = [0x17, 0x18];

/** A CertificateList. Its signed part: version, algorithm, issuer, one or two times, then those revoked, if any. */
function serialsOfList(der: Buffer): string[] {
  const signed = partsOf(partsOf(one(der, SEQUENCE))[0]?.content ?? Buffer.alloc(0));
  const afterTimes = signed.slice(signed.findLastIndex(({ tag }) => TIMES.includes(tag)) + 1);
  if (afterTimes.length === signed.length) throw new RangeError('the list has no time');
  const [revoked] = afterTimes;
  if (revoked?.tag !== SEQUENCE) return [];
  return partsOf(revoked.content).map(({ content }) => {
    const [serial] = partsOf(content);
    if (serial?.tag !== INTEGER) throw new RangeError('an entry of the list has no serial number');
    return serial.content.toString('hex').replace(/^(00)+(?=..)/, '');
  });
}

interface Part {
  readonly tag: number;
  readonly content: Buffer;
}

function one(der: Buffer, tag: number): Buffer {
  const [part] = partsOf(der);
  if (part?.tag !== tag) throw new RangeError('the list is damaged');
  return part.content;
}

/** What follows each other in a value (X.690, DER). @throws RangeError where it is cut */
function partsOf(der: Buffer): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < der.length;) {
    const tag = der.readUInt8(at);
    const short = der.readUInt8(at + 1);
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
    const length = lengthBytes === 0 ? short : der.readUIntBE(at + 2, lengthBytes);
    const from = at + 2 + lengthBytes;
    if (from + length > der.length) throw new RangeError('the list is cut');
    parts.push({ tag, content: der.subarray(from, from + length) });
    at = from + length;
  }
  return parts;
}
