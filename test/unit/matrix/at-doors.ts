/** What the doors' own code decides: the judgement of an event, the reading of a question, the mode of a route. */

import type { PolicyBook } from '#core/book/policy-book.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { formatTime, HOUR_MS } from '#core/field/time.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { Mode } from '#exchange/identity/caller.ts';
import { lackOf } from '#exchange/identity/lack.ts';
import { judgeEvent } from '#exchange/intake/judge.ts';
import type { AllDestinationsRequestJson } from '#services/lookup/request-schema.ts';
import { readRequest, readRequestForAll } from '#services/lookup/request.ts';
import type { Who } from './who.ts';

const NOW_MS = Date.parse('2022-08-10T12:00:00+08:00');
const SECRETS = [Buffer.alloc(32, 1)];
const personKey = 'a1'.repeat(16);

/** What the route asks of the token, and then what the batch asks of each event. */
function takes({ caller }: Who, value: object, province: ProvinceCode): boolean {
  if (caller === null || lackOf(caller, { kind: 'report' }) !== null) return false;
  return judgeEvent(
    { value: { ...value, province } },
    {
      caller,
      served: [province],
      deliveryFor: () => ({ eventId: 'e', acceptedAtMs: NOW_MS, producerInstance: `${province}-a` }),
      speaksForNation: true,
      options: { secrets: SECRETS, clockSkewMs: 0 },
    },
  ).ok;
}

const TEST = {
  type: 'TestReported',
  person: { documentType: 'passport', issuingCountry: 'USA', documentNumber: 'A1234567' },
  laboratory: 'laboratory 1',
  sampleId: 's1',
  method: 'nucleic_acid',
  sampledAt: formatTime(NOW_MS - 8 * HOUR_MS),
  reportIssuedAt: formatTime(NOW_MS - HOUR_MS),
  result: 'negative',
};
const ERASURE = {
  type: 'PersonErased',
  personKey,
  erasureId: 'R1',
  authority: 'a health commission',
  legalBasis: 'Personal Information Protection Law, article 47',
  decidedAt: formatTime(NOW_MS),
};

export const reports = (who: Who, province: ProvinceCode): boolean =>
  takes(who, { ...TEST, status: 'final' }, province);
export const retracts = (who: Who, province: ProvinceCode): boolean =>
  takes(who, { ...TEST, status: 'retracted' }, province);
export const erasesOwn = (who: Who, province: ProvinceCode): boolean => takes(who, ERASURE, province);
export const erasesAll = (who: Who, province: ProvinceCode): boolean =>
  takes(who, { ...ERASURE, takes: 'all' }, province);

/** No rule is looked at: whether one may ask doesn't depend on what is answered. */
const POLICIES = { select: () => ({}), kinds: { kinds: [] } } as unknown as PolicyBook;

export interface Question {
  readonly mode: Mode;
  readonly destination: ProvinceCode | 'all';
  readonly purpose: Purpose;
  readonly onBehalfOf: string | null;
}

export function asks({ caller }: Who, { mode, destination, purpose, onBehalfOf }: Question): boolean {
  if (caller === null || lackOf(caller, { kind: 'ask', mode }) !== null) return false;
  const authorisation = { consent: 'shown', ...(onBehalfOf === null ? {} : { onBehalfOf }) };
  const json: AllDestinationsRequestJson = { purpose, personKey, authorisation } as never;
  const context = { secrets: SECRETS, policies: POLICIES, nowMs: NOW_MS, caller };
  const asked =
    destination === 'all' ? readRequestForAll(json, context) : readRequest({ ...json, destination }, context);
  if (!asked.ok && asked.problem.status !== 403)
    throw new Error(`the question itself is wrong: ${asked.problem.title}`);
  return asked.ok;
}

export const asksIn = ({ caller }: Who, mode: Mode): boolean =>
  caller !== null && lackOf(caller, { kind: 'ask', mode }) === null;
