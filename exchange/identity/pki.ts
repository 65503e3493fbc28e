/**
 * The folder of keys and certificates: who has which, issued, renewed and revoked by the development authority. Nobody
 * but its owner may read it, and each file is replaced in one step.
 */

import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HutongError } from '#platform/errors.ts';
import { replaceFile } from '#platform/replace-file.ts';
import type { TlsFiles } from '#platform/tls.ts';
import {
  AUTHORITY_DAYS,
  CERTIFICATE_DAYS,
  type Issued,
  listens,
  LOOPBACK_NAMES,
  newestOf,
  type Principal,
  standingOf,
  validityAt,
} from './principals.ts';

const AUTHORITY_NAME = 'hutong development authority';
const PASSWORD_BYTES = 32;
const OWNER_ONLY = { folder: 0o700, file: 0o600 } as const;

export interface PkiFiles {
  readonly ca: string;
  /** The key and the certificate of each principal. */
  readonly of: (principal: Principal) => string;
  readonly crl: string;
}

export function filesIn(dir: string): PkiFiles {
  return { ca: join(dir, 'ca.crt'), of: (principal) => join(dir, `${principal}.pem`), crl: join(dir, 'crl.pem') };
}

/** The same for settings, which name a principal's by `{principal}`. */
export function templateIn(dir: string): TlsFiles {
  const ofOne = join(dir, '{principal}.pem');
  const { ca, crl } = filesIn(dir);
  return { ca, cert: ofOne, key: ofOne, password: passwordIn(dir, '{principal}'), crl };
}

export function readIssued(dir: string): readonly Issued[] {
  return existsSync(indexIn(dir)) ? (JSON.parse(readFileSync(indexIn(dir), 'utf8')) as Issued[]) : [];
}

/** Who was revoked, and not issued a certificate again. */
export function revokedIn(dir: string): ReadonlySet<string> {
  return new Set(newestOf(readIssued(dir)).flatMap(({ name, revokedAtMs }) => (revokedAtMs === null ? [] : [name])));
}

/** Makes the authority where there is none. @returns false where there was one */
export async function initPki(dir: string, nowMs: number): Promise<boolean> {
  mkdirSync(dir, { recursive: true, mode: OWNER_ONLY.folder });
  chmodSync(dir, OWNER_ONLY.folder);
  if (existsSync(authorityIn(dir))) return false;
  const { createAuthority } = await import('./authority.ts');
  const { key, certificate } = await createAuthority(AUTHORITY_NAME, validityAt(nowMs, AUTHORITY_DAYS));
  replace(filesIn(dir).ca, `${certificate}\n`);
  replace(authorityIn(dir), `${key}\n${certificate}\n`);
  await writeRevoked(dir, [], nowMs);
  return true;
}

/**
 * Issues a certificate with a key of its own to each of them, in place of what each had.
 * @param hosts under which those that listen are reached
 * @throws HutongError IDENTITY_UNUSABLE when there is no authority
 */
export async function issueCertificates(
  dir: string,
  names: readonly Principal[],
  nowMs: number,
  hosts: readonly string[] = LOOPBACK_NAMES,
): Promise<void> {
  const authority = await openAuthority(dir);
  const made: Issued[] = [];
  for (const name of names) {
    const validity = validityAt(nowMs, CERTIFICATE_DAYS);
    const { serial, key, certificate } = await authority.issue({
      commonName: name,
      hosts: listens(name) ? hosts : [],
      ...validity,
    });
    replace(filesIn(dir).of(name), `${key}\n${certificate}\n`);
    replace(join(dir, `${name}.crt`), `${certificate}\n`);
    made.push({ name, serial, revokedAtMs: null, ...validity });
  }
  writeIssued(dir, [...readIssued(dir), ...made]);
}

/** All certificates of that name that have not ended. @returns how many there were */
export async function revokeCertificates(dir: string, name: Principal, nowMs: number): Promise<number> {
  let revoked = 0;
  const issued = readIssued(dir).map((one): Issued => {
    if (one.name !== name || one.revokedAtMs !== null || one.toMs <= nowMs) return one;
    revoked += 1;
    return { ...one, revokedAtMs: nowMs };
  });
  writeIssued(dir, issued);
  await writeRevoked(dir, issued, nowMs);
  return revoked;
}

/**
 * Sees to it that there is an authority, and that each of them has a certificate that isn't about to end. One that was
 * revoked stays revoked. @returns who was issued one
 */
export async function ensureIdentities(dir: string, names: readonly Principal[], nowMs: number): Promise<Principal[]> {
  await initPki(dir, nowMs);
  const standing = new Map(newestOf(readIssued(dir)).map((one) => [one.name, standingOf(one, nowMs)]));
  const wanted = names.filter((name) => {
    const its = standing.get(name);
    return (
      its === undefined || its === 'due' || its === 'ended' || (its === 'valid' && !existsSync(filesIn(dir).of(name)))
    );
  });
  if (wanted.length > 0) await issueCertificates(dir, wanted, nowMs);
  return wanted;
}

/** Sees to it that each of them has a password, which stays the same. */
export function ensurePasswords(dir: string, names: readonly Principal[]): void {
  for (const file of names.map((name) => passwordIn(dir, name)))
    if (!existsSync(file)) replace(file, `${randomBytes(PASSWORD_BYTES).toString('base64url')}\n`);
}

async function openAuthority(dir: string) {
  const { Authority } = await import('./authority.ts');
  try {
    const [key = '', certificate = ''] = readFileSync(authorityIn(dir), 'utf8').split(/(?=-----BEGIN CERTIFICATE)/);
    return await Authority.of({ key, certificate });
  } catch (cause) {
    throw new HutongError('IDENTITY_UNUSABLE', `there is no authority in ${dir}`, {
      retriable: false,
      cause,
      hint: 'hutong pki init makes one',
    });
  }
}

async function writeRevoked(dir: string, issued: readonly Issued[], nowMs: number): Promise<void> {
  const authority = await openAuthority(dir);
  const entries = issued.flatMap(({ serial, revokedAtMs }) => (revokedAtMs === null ? [] : [{ serial, revokedAtMs }]));
  replace(filesIn(dir).crl, `${await authority.revoked(entries, validityAt(nowMs, AUTHORITY_DAYS))}\n`);
}

const passwordIn = (dir: string, name: string): string => join(dir, `${name}.password`);
const authorityIn = (dir: string): string => join(dir, 'ca.pem');
const indexIn = (dir: string): string => join(dir, 'issued.json');

function writeIssued(dir: string, issued: readonly Issued[]): void {
  replace(indexIn(dir), `${JSON.stringify(issued, null, 2)}\n`);
}

function replace(path: string, text: string): void {
  replaceFile(path, text, OWNER_ONLY.file);
}
