/**
 * A steady stream of events and of look-ups beside what a test breaks: what was accepted, how many look-ups failed, and
 * the longest time without a success of either.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { IdentityDocument } from '#core/field/identity.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import {
  codeAssignedJson,
  exposureRecordedJson,
  newPerson,
  samplingRecordedJson,
  testReportedJson,
  vaccinationJson,
} from '#exercises/town/door-events.ts';

export interface Service {
  readonly succeeded: number;
  readonly failed: number;
  /** Between two successes, or the start or the end and the next. */
  readonly longestGapMs: number;
}

export interface Steady {
  /** Ids of the events that were answered `accepted`. */
  readonly accepted: ReadonlySet<string>;
  /** Ends both streams; said again, it gives the same. */
  stop(): Promise<{ readonly events: Service; readonly lookups: Service }>;
}

const PEOPLE = 200;
const EVENTS_EACH = 20;
/** Between two requests of each that asks or sends. */
const PAUSE_MS = 10;
/**
 * A stream that leaves room for what runs beside. With the short pause it takes the whole machine, and an operator's
 * command that it is only the background of takes minutes.
 */
export const LEISURELY = { pauseMs: 200 } as const;
const ASKING_AT_ONCE = 4;

/** Ends with the test that it was started in, at the latest: what goes on would spoil the tests after it. */
export function startSteady(exchange: Exchange, { pauseMs = PAUSE_MS } = {}): Steady {
  const people = Array.from({ length: PEOPLE }, newPerson);
  const accepted = new Set<string>();
  const ending = new AbortController();
  let next = 0;
  const events = repeat(ending.signal, pauseMs, async () => {
    const batch = Array.from({ length: EVENTS_EACH }, () => eventOf(people[next++ % PEOPLE] as IdentityDocument, next));
    const { body } = await exchange.send(batch);
    for (const { outcome, eventId } of body.results ?? []) if (outcome === 'accepted') accepted.add(eventId as string);
    return body.accepted === batch.length;
  });
  const lookups = Promise.all(
    Array.from({ length: ASKING_AT_ONCE }, (_, thread) => {
      const urls = exchange.stack.addresses.lookups;
      return repeat(ending.signal, pauseMs, () =>
        ask(exchange, urls[thread % urls.length] as string, people[next % PEOPLE] as IdentityDocument),
      );
    }),
  );
  const stop: Steady['stop'] = async () => {
    ending.abort();
    return { events: serviceOf(await events), lookups: serviceOf((await lookups).flat()) };
  };
  onTestFinished(async () => void (await stop()));
  return { accepted, stop };
}

interface Attempt {
  readonly atMs: number;
  readonly ok: boolean;
}

async function repeat(signal: AbortSignal, pauseMs: number, attempt: () => Promise<boolean>): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  while (!signal.aborted) {
    const ok = await attempt().catch(() => false);
    attempts.push({ atMs: performance.now(), ok });
    await delay(pauseMs);
  }
  return attempts;
}

function serviceOf(attempts: readonly Attempt[]): Service {
  const ordered = attempts.toSorted((a, b) => a.atMs - b.atMs);
  let last = ordered[0]?.atMs ?? 0;
  let longestGapMs = 0;
  for (const [index, { atMs, ok }] of ordered.entries()) {
    if (!ok && index < ordered.length - 1) continue;
    longestGapMs = Math.max(longestGapMs, atMs - last);
    last = atMs;
  }
  const failed = ordered.filter(({ ok }) => !ok).length;
  return { succeeded: ordered.length - failed, failed, longestGapMs: Math.round(longestGapMs) };
}

function eventOf(person: IdentityDocument, number: number): object {
  const make = [
    testReportedJson,
    samplingRecordedJson,
    testReportedJson,
    vaccinationJson,
    testReportedJson,
    codeAssignedJson,
    exposureRecordedJson,
  ][number % 7] as typeof testReportedJson;
  return make(person);
}

async function ask(exchange: Exchange, url: string, person: IdentityDocument): Promise<boolean> {
  const question = {
    destination: '44',
    purpose: 'public_place',
    person,
    authorisation: { consent: 'given' },
  };
  const response = await exchange.ask(question, { url, client: 'gate-travel', signal: AbortSignal.timeout(5_000) });
  await response.arrayBuffer();
  return response.ok;
}
