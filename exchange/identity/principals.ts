/**
 * Who there is: the names of principals, which of them listen, and how long their certificates last. Pure: it reads no
 * file and no clock.
 */

import { isProvinceCode, PROVINCE_CODES, type ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS } from '#core/field/time.ts';

/** Each is one principal. */
const SINGLE = {
  broker: 'part',
  redis: 'part',
  registry: 'part',
  prometheus: 'part',
  issuer: 'part',
  producer: 'service',
  materialiser: 'service',
  lookup: 'service',
  mllp: 'service',
  operator: 'person',
  national: 'person',
} as const satisfies Record<string, PrincipalKind>;

export type PrincipalKind = 'part' | 'service' | 'person' | 'province' | 'gate' | 'laboratory';
export type SinglePrincipal = keyof typeof SINGLE;
export type ProvincePrincipal = `province-${ProvinceCode}`;
export type Principal = SinglePrincipal | ProvincePrincipal | `${'gate' | 'laboratory'}-${string}`;

/** Only lower-case letters, digits and single hyphens: what means the same in a subject, an ACL, a URL and a path. */
const NAMED = /^(gate|laboratory)-[a-z0-9]+(-[a-z0-9]+)*$/;
const NAME_LENGTH_MAX = 40;

const isSingle = (name: string): name is SinglePrincipal => Object.hasOwn(SINGLE, name);

export function isPrincipal(name: string): name is Principal {
  return isSingle(name) || provinceOfPrincipal(name) !== null || (name.length <= NAME_LENGTH_MAX && NAMED.test(name));
}

/** @throws RangeError that says what a name may be */
export function parsePrincipal(name: string): Principal {
  if (isPrincipal(name)) return name;
  const single = Object.keys(SINGLE).join(', ');
  throw new RangeError(
    `${JSON.stringify(name)} is no principal: it is province-<code>, gate-<name>, laboratory-<name> or one of ` +
      single,
  );
}

export function kindOf(principal: Principal): PrincipalKind {
  if (isSingle(principal)) return SINGLE[principal];
  if (principal.startsWith('province-')) return 'province';
  return principal.startsWith('gate-') ? 'gate' : 'laboratory';
}

/** Who works the exchange. */
export const OPERATOR = 'operator' satisfies SinglePrincipal;

/** To whom a service shows its metrics, by the name in the certificate. */
export const METRICS_READERS: readonly string[] = ['prometheus', OPERATOR] satisfies SinglePrincipal[];

/** Who speaks for the nation. */
export const NATIONAL = 'national' satisfies SinglePrincipal;

export const provincePrincipal = (code: ProvinceCode): ProvincePrincipal => `province-${code}`;

/** Null for whoever is no province. */
export function provinceOfPrincipal(name: string): ProvinceCode | null {
  const code = name.startsWith('province-') ? name.slice('province-'.length) : '';
  return isProvinceCode(code) ? code : null;
}

/** Whose certificate is a server's too. People, gates and laboratories only ever ask. */
export function listens(principal: Principal): boolean {
  return ['part', 'service', 'province'].includes(kindOf(principal));
}

/** Under which a server on one machine is reached. */
export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** Whom a stack on one machine consists of. */
export const STACK_PRINCIPALS: readonly Principal[] = [
  ...(Object.keys(SINGLE) as SinglePrincipal[]),
  ...PROVINCE_CODES.map(provincePrincipal),
];

export const AUTHORITY_DAYS = 3_650;
export const CERTIFICATE_DAYS = 90;
/** A certificate that ends sooner than this is due to be renewed. */
export const RENEW_BEFORE_DAYS = 30;
/** A clock that is behind the authority's by less than this takes a new certificate at once. */
export const CLOCK_SKEW_MS = 300_000;

export interface Validity {
  readonly fromMs: number;
  readonly toMs: number;
}

export function validityAt(nowMs: number, days: number): Validity {
  return { fromMs: nowMs - CLOCK_SKEW_MS, toMs: nowMs + days * DAY_MS };
}

export interface Issued extends Validity {
  readonly name: Principal;
  /** Hex. */
  readonly serial: string;
  readonly revokedAtMs: number | null;
}

export type Standing = 'valid' | 'due' | 'ended' | 'revoked';

export function standingOf({ toMs, revokedAtMs }: Issued, nowMs: number): Standing {
  if (revokedAtMs !== null) return 'revoked';
  if (toMs <= nowMs) return 'ended';
  return toMs - nowMs < RENEW_BEFORE_DAYS * DAY_MS ? 'due' : 'valid';
}

/** The newest certificate of each principal, revoked ones too, in the order of names. */
export function newestOf(issued: readonly Issued[]): Issued[] {
  const newest = new Map(issued.map((one) => [one.name, one] as const));
  return [...newest.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
