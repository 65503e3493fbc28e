/**
 * What callers try at the two doors over HTTP, with tokens of the issuer and with tokens that nobody should take. It
 * asks about nobody who is on record.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { formatTime } from '#core/field/time.ts';
import { type Principal, provincePrincipal } from '#exchange/identity/principals.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { newPerson, testReportedJson } from '#exercises/town/door-events.ts';
import { type Fetch, fetchAsNobody } from '#platform/fetch-as.ts';
import type { Attempt } from './attempt.ts';
import { type TokenIssuer, tokensOf } from './tokens.ts';

const EVENTS = '/v1/events';
const SINGLE = '/v1/recognitions';

/** One event for each of these and of each province; each of somebody nobody knows. */
const SENT: Readonly<Record<string, (province: ProvinceCode) => object>> = {
  'report at the door': (province) => testReportedJson(newPerson(), { province }),
  'retract at the door': (province) => testReportedJson(newPerson(), { province, status: 'retracted' }),
  'erase its own at the door': (province) => erasure(province, 'own'),
  'erase what all published at the door': (province) => erasure(province, 'all'),
};

const erasure = (province: ProvinceCode, takes: 'own' | 'all'): object => ({
  type: 'PersonErased',
  person: newPerson(),
  province,
  takes,
  erasureId: 'R1',
  authority: 'a health commission',
  legalBasis: 'Personal Information Protection Law, article 47',
  decidedAt: formatTime(Date.now()),
});

const gateOf = (province: ProvinceCode): Principal => `gate-${province}`;

export async function atDoors(
  exchange: Exchange,
  provinces: readonly ProvinceCode[],
  issuer: TokenIssuer,
): Promise<Attempt[]> {
  const [first] = provinces as readonly [ProvinceCode, ...ProvinceCode[]];
  const reporting = [...provinces.map(provincePrincipal), ...provinces.map(gateOf), 'national', 'operator', 'nobody'];
  const asking = [...provinces.map(gateOf), ...provinces.map(provincePrincipal), 'gate-travel', 'nobody'];
  const tries: Attempt[] = [];
  for (const who of reporting) tries.push(...(await reports(exchange, who, provinces)));
  for (const who of asking) tries.push(...(await asks(exchange, who, provinces)));
  for (const who of [gateOf(first), provincePrincipal(first), 'gate-travel', 'operator', 'nobody'])
    tries.push(...(await asksOtherwise(exchange, who, first)));
  for (const province of provinces) tries.push(...(await showsTokens(exchange, province, issuer)));
  return tries;
}

async function reports(exchange: Exchange, who: string, provinces: readonly ProvinceCode[]): Promise<Attempt[]> {
  const sent = provinces.flatMap((of) => Object.entries(SENT).map(([what, make]) => ({ of, what, event: make(of) })));
  const response = await post(
    exchange.stack.addresses.intake,
    EVENTS,
    askerOf(exchange, who),
    sent.map(({ event }) => event),
  );
  const { results = [] } = (await response.json()) as { results?: { outcome: string }[] };
  return sent.map(({ of, what }, index) => ({
    who,
    what,
    of,
    may: who === 'national' || (who === provincePrincipal(of) && !what.includes('all')),
    did: results[index]?.outcome === 'accepted',
  }));
}

async function asks(exchange: Exchange, who: string, provinces: readonly ProvinceCode[]): Promise<Attempt[]> {
  const ask = askerOf(exchange, who);
  return Promise.all(
    provinces.map(async (of) => {
      const { status } = await post(exchange.stack.addresses.lookup, SINGLE, ask, { ...QUESTION, destination: of });
      return {
        who,
        what: 'ask for a destination',
        of,
        may: who === gateOf(of) || who === 'gate-travel',
        did: status === 200,
      };
    }),
  );
}

const QUESTION = {
  purpose: 'public_place',
  personKey: 'a1'.repeat(16),
  authorisation: { consent: 'shown the code' },
} as const;

/** In the other ways of asking. */
async function asksOtherwise(exchange: Exchange, who: string, destination: ProvinceCode): Promise<Attempt[]> {
  const ask = askerOf(exchange, who);
  const { lookup } = exchange.stack.addresses;
  const tries = [
    [
      'ask in a batch',
      ['gate-travel', 'operator'],
      post(lookup, `${SINGLE}/batch`, ask, { items: [{ ...QUESTION, destination }] }),
    ],
    [
      'ask for all destinations',
      ['gate-travel', 'operator'],
      post(lookup, `${SINGLE}/all-destinations`, ask, QUESTION),
    ],
    ['read what is held of a person', ['operator'], ask(`${lookup}/v1/people/${QUESTION.personKey}`)],
  ] as const;
  return Promise.all(
    tries.map(async ([what, may, answer]) => ({
      who,
      what,
      of: '',
      may: (may as readonly string[]).includes(who),
      did: (await answer).status === 200,
    })),
  );
}

/** At both doors, each kind of token in the name of whoever might do it with a right one. */
async function showsTokens(
  { stack: { addresses } }: Exchange,
  province: ProvinceCode,
  issuer: TokenIssuer,
): Promise<Attempt[]> {
  const reporting = tokensOf(issuer, provincePrincipal(province), { provinces: [province] });
  const asking = tokensOf(issuer, gateOf(province), { destinations: [province], purposes: 'all', modes: ['single'] });
  const event = (): object => testReportedJson(newPerson(), { province });
  const tries: Attempt[] = [];
  for (const { kind, token, may } of await reporting) {
    const { status } = await post(addresses.intake, EVENTS, bearing(token), [event()]);
    tries.push({ who: provincePrincipal(province), what: 'report with a token', of: kind, may, did: status === 200 });
  }
  for (const { kind, token, may } of await asking) {
    const { status } = await post(addresses.lookup, SINGLE, bearing(token), { ...QUESTION, destination: province });
    tries.push({ who: gateOf(province), what: 'ask with a token', of: kind, may, did: status === 200 });
  }
  return tries;
}

/** A token as it was got, on a connection that shows no certificate. */
const bearing =
  (token: string): Fetch =>
  (url, asked = {}) =>
    fetchAsNobody(url, { ...asked, headers: { authorization: `Bearer ${token}`, ...asked.headers } });

function askerOf(exchange: Exchange, who: string): Fetch {
  return who === 'nobody' ? fetchAsNobody : exchange.as(who as Principal);
}

function post(url: string | undefined, path: string, ask: Fetch, body: object): Promise<Response> {
  return ask(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
