/**
 * What each may do on the schema registry, by its certificate, through the guard that stands before it. What it
 * registers is a subject of its own, that no record names; what should delete or weaken is aimed at that one alone.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { OPERATOR, type Principal, provincePrincipal } from '#exchange/identity/principals.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { fetchAs } from '#platform/fetch-as.ts';
import { filesOf, Identity } from '#platform/tls.ts';
import type { Attempt } from './attempt.ts';

/** Of nobody's records. Each run's is the same, and registering what is there already changes nothing. */
const SUBJECT = 'matrix.of-nobody';
const SCHEMA = JSON.stringify({ schema: JSON.stringify({ type: 'record', name: 'OfNobody', fields: [] }) });
const FULL = JSON.stringify({ compatibility: 'FULL_TRANSITIVE' });
const NONE = JSON.stringify({ compatibility: 'NONE' });
const CONTENT = { 'content-type': 'application/vnd.schemaregistry.v1+json' };

interface Try {
  readonly what: string;
  readonly of: string;
  readonly method: string;
  /** Behind the root of the Confluent API. */
  readonly path: string;
  readonly body?: string;
  readonly may: 'anybody' | 'operator' | 'nobody';
}

const REGISTER = { method: 'POST', path: `/subjects/${SUBJECT}/versions`, body: SCHEMA } as const;
/** In this order: what is asked about is registered first. Of the deletions each has a twin in what was registered. */
const TRIES: readonly Try[] = [
  { what: 'register a schema', of: SUBJECT, ...REGISTER, may: 'operator' },
  { what: 'read schemas', of: 'subjects', method: 'GET', path: '/subjects', may: 'anybody' },
  { what: 'read schemas', of: SUBJECT, method: 'GET', path: `/subjects/${SUBJECT}/versions`, may: 'anybody' },
  {
    what: 'read schemas',
    of: 'by the text',
    method: 'POST',
    path: `/subjects/${SUBJECT}`,
    body: SCHEMA,
    may: 'anybody',
  },
  {
    what: 'set a compatibility',
    of: SUBJECT,
    method: 'PUT',
    path: `/config/${SUBJECT}`,
    body: FULL,
    may: 'operator',
  },
  {
    what: 'set a compatibility',
    of: 'that lets versions differ',
    method: 'PUT',
    path: `/config/${SUBJECT}`,
    body: NONE,
    may: 'nobody',
  },
  {
    what: 'set a compatibility',
    of: 'that lets all differ',
    method: 'PUT',
    path: '/config',
    body: NONE,
    may: 'nobody',
  },
  { what: 'change what is registered', of: 'a version', ...REGISTER, may: 'operator' },
  {
    what: 'change what is registered',
    of: 'a version, away',
    method: 'DELETE',
    path: `/subjects/${SUBJECT}/versions/1`,
    may: 'nobody',
  },
  { what: 'change what is registered', of: 'all, away', method: 'DELETE', path: `/subjects/${SUBJECT}`, may: 'nobody' },
  {
    what: 'change what is registered',
    of: 'all, away for good',
    method: 'DELETE',
    path: `/subjects/${SUBJECT}?permanent=true`,
    may: 'nobody',
  },
];

/** Who tries nothing without a certificate that the guard believes: see `nobody`. */
export async function onRegistry(exchange: Exchange, provinces: readonly ProvinceCode[]): Promise<Attempt[]> {
  const others: readonly Principal[] = ['lookup', 'materialiser', 'national', 'prometheus'];
  const attempts: Attempt[] = [];
  for (const who of [OPERATOR as Principal, ...provinces.map(provincePrincipal), ...others])
    for (const one of TRIES) {
      const may = one.may === 'anybody' || (one.may === 'operator' && who === OPERATOR);
      attempts.push({ who, what: one.what, of: one.of, may, did: await isLet(exchange, who, one) });
    }
  const stranger = await fetch(`${exchange.stack.addresses.registry}/subjects`).then(
    ({ ok }) => ok,
    () => false, // its connection isn't taken
  );
  return [...attempts, { who: 'nobody', what: 'read schemas', of: 'subjects', may: false, did: stranger }];
}

/** Of two settings at the same moment the registry refuses one. */
const ASKED_AGAIN_MAX = 5;

async function isLet({ stack }: Exchange, who: Principal, { method, path, body }: Try): Promise<boolean> {
  const ask = fetchAs(new Identity(filesOf(stack.tls, who)));
  const url = `${stack.addresses.registry}${path}`;
  const once = (): Promise<Response> => ask(url, { method, ...(body === undefined ? {} : { body, headers: CONTENT }) });
  let response = await once();
  for (let again = 0; response.status === 409 && again < ASKED_AGAIN_MAX; again += 1) response = await once();
  if (response.ok) return true;
  if (response.status === 403) return false;
  throw new Error(`${who}: ${method} ${path}: the registry answered ${response.status}: ${await response.text()}`);
}
