/** Questions as a gate asks them, and a result that answers them. */

import { HOUR_MS } from '#core/field/time.ts';
import { testReported } from '#exercises/town/events.ts';
import type { TestApp } from '#test/support/lookup-app.ts';
import { NOW_MS } from '#test/support/lookup.ts';

export const KEY = 'a1'.repeat(16);
export const NUMBER = '110101199003070038';
export const AUTHORISATION = { consent: 'the person, by showing the document' };
export const byKey = { destination: '44', purpose: 'entry', personKey: KEY, authorisation: AUTHORISATION };
export const person = { documentType: 'resident_identity_card', documentNumber: NUMBER };
export const byDocument = { destination: '44', purpose: 'entry', person, authorisation: AUTHORISATION };
export const recent = testReported({ sampledAtMs: NOW_MS - 9 * HOUR_MS, reportIssuedAtMs: NOW_MS - HOUR_MS });

export const post = ({ app }: TestApp, payload: object, url = '/v1/recognitions') =>
  app.inject({ method: 'POST', url, payload });
