/**
 * Keys, certificates and the list of revoked ones, as PEM texts: elliptic curve P-256, signed with SHA-256. It touches
 * no file, and hands out a private key only to who asked for the certificate.
 */

import 'reflect-metadata'; // the library doesn't load without it
import { randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509';
import type { Validity } from './principals.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const SERIAL_BYTES = 16;
const CRL_TAG = 'X509 CRL';

export interface KeyAndCertificate {
  readonly serial: string;
  /** PKCS#8. */
  readonly key: string;
  readonly certificate: string;
}

export interface CertificateRequest extends Validity {
  readonly commonName: string;
  /** Names and IP addresses under which it is reached; empty for who only ever asks. */
  readonly hosts: readonly string[];
}

export async function createAuthority(commonName: string, { fromMs, toMs }: Validity): Promise<KeyAndCertificate> {
  const keys = await generateKeys();
  const serial = newSerial();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial,
    name: `CN=${commonName}`,
    notBefore: new Date(fromMs),
    notAfter: new Date(toMs),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      // By it a former authority and its successor of the same name are told apart, where both are believed.
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { serial, key: await exportKey(keys), certificate: certificate.toString('pem') };
}

export class Authority {
  readonly #certificate: X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(certificate: X509Certificate, key: webcrypto.CryptoKey) {
    this.#certificate = certificate;
    this.#key = key;
  }

  static async of({ key, certificate }: Omit<KeyAndCertificate, 'serial'>): Promise<Authority> {
    const pkcs8 = PemConverter.decodeFirst(key);
    return new Authority(
      new X509Certificate(certificate),
      await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']),
    );
  }

  async issue({ commonName, hosts, fromMs, toMs }: CertificateRequest): Promise<KeyAndCertificate> {
    const keys = await generateKeys();
    const serial = newSerial();
    const usages = [ExtendedKeyUsage.clientAuth, ...(hosts.length === 0 ? [] : [ExtendedKeyUsage.serverAuth])];
    const names = hosts.map((host) => ({ type: isIp(host) ? ('ip' as const) : ('dns' as const), value: host }));
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial,
      subject: `CN=${commonName}`,
      issuer: this.#certificate.subject,
      notBefore: new Date(fromMs),
      notAfter: new Date(toMs),
      publicKey: keys.publicKey,
      signingKey: this.#key,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension(usages),
        await AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
        ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]),
      ],
    });
    return { serial, key: await exportKey(keys), certificate: certificate.toString('pem') };
  }

  /** The list of revoked certificates, signed. */
  async revoked(
    entries: readonly { readonly serial: string; readonly revokedAtMs: number }[],
    { fromMs, toMs }: Validity,
  ): Promise<string> {
    const list = await X509CrlGenerator.create({
      issuer: this.#certificate.subject,
      thisUpdate: new Date(fromMs),
      nextUpdate: new Date(toMs),
      signingKey: this.#key,
      signingAlgorithm: ALGORITHM,
      entries: entries.map(({ serial, revokedAtMs }) => ({
        serialNumber: serial,
        revocationDate: new Date(revokedAtMs),
      })),
    });
    return PemConverter.encode(list.rawData, CRL_TAG); // by itself the library calls it by a name that OpenSSL refuses
  }
}

const isIp = (host: string): boolean => /^[\d.]+$|:/.test(host);

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function exportKey({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), PemConverter.PrivateKeyTag);
}

/** Positive, and of one length, so that it reads the same everywhere. */
function newSerial(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
