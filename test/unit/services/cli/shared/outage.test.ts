/**
 * Fifty importers that all fail at once, on a clock that the test turns: what they ask while the door refuses stays
 * within their budgets, and when it is back they return spread out.
 */

import { setImmediate as nextRound } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Outgoing } from '#exchange/formats/location.ts';
import { Sender, SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';

const IMPORTERS = 50;
const OUTAGE_S = 30;
const EVENTS_EACH = 80;
const SETTINGS = {
  ...SENDER_DEFAULTS,
  url: 'http://door/v1/events',
  token: async () => 'token',
  batchEventsMax: 1,
  retriesMax: 100,
  waitMsMax: 2_000,
};
const eventOf = (name: string): Outgoing => ({
  json: JSON.stringify({ name }),
  location: { file: 'f', at: 'line 1', within: '' },
  origins: {},
});
const TICK_MS = 20;
const ROUNDS_OF_A_REPLY = 5;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/**
 * A door that answers at once, or refuses everyone; counts the requests of each second, and repeated ones of each
 * tenth.
 */
class Door {
  refuses = false;
  readonly seconds: number[] = [];
  readonly repeatedTenths: number[] = [];
  readonly #seen = new Set<string>();

  readonly fetch = async (_url: string, { body }: { readonly body: string }): Promise<Response> => {
    count(this.seconds, 1_000);
    if (this.#seen.has(body)) count(this.repeatedTenths, 100);
    this.#seen.add(body);
    if (this.refuses) return new Response(null, { status: 503 });
    return Response.json({
      results: body
        .trim()
        .split('\n')
        .map((_, index) => ({ index, outcome: 'accepted' })),
    });
  };

  between(counts: readonly (number | undefined)[], from: number, to: number): readonly number[] {
    return Array.from({ length: to - from }, (_, index) => counts[from + index] ?? 0);
  }
}

function count(counts: number[], lengthMs: number): void {
  const index = Math.floor(performance.now() / lengthMs);
  counts[index] = (counts[index] ?? 0) + 1;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

async function pass(ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += TICK_MS) {
    await vi.advanceTimersByTimeAsync(TICK_MS);
    // A reply is read in a few rounds of the event loop; a clock that went on before would spread what comes together.
    for (let round = 0; round < ROUNDS_OF_A_REPLY; round += 1) await nextRound();
  }
}

it('a door that refuses everyone gets no storm of retries, and no lump when it is back', async () => {
  const door = new Door();
  vi.stubGlobal('fetch', door.fetch);
  let taken = 0;
  const importers = Array.from({ length: IMPORTERS }, async (_, importer) => {
    const sender = new Sender(SETTINGS, (_event, { kind }) => void (taken += kind === 'accepted' ? 1 : 0));
    // All at the same instants, which is the worst that they can do.
    for (let sent = 0; sent < EVENTS_EACH; sent += 1) {
      await sender.add(eventOf(`${importer} ${sent}`));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await sender.finish();
  });
  const startS = Math.ceil(performance.now() / 1_000) + 1;
  await pass(startS * 1_000 - performance.now());
  door.refuses = true;
  await pass(OUTAGE_S * 1_000);
  door.refuses = false;
  await pass(60_000);
  await Promise.all(importers);

  const { requestsMax, budget } = SETTINGS;
  const during = door.between(door.seconds, startS, startS + OUTAGE_S);
  expect(sum(during)).toBeLessThanOrEqual(
    IMPORTERS * (requestsMax + budget.savedMax + budget.perSecond * OUTAGE_S + 1),
  );
  // Once what was saved is used up, one request in two seconds each.
  expect(Math.max(...during.slice(OUTAGE_S / 2))).toBeLessThan(IMPORTERS);
  // Each has two batches waiting; were they to return together, that would be a hundred within one tenth of a second.
  const back = door.between(door.repeatedTenths, (startS + OUTAGE_S) * 10, (startS + OUTAGE_S) * 10 + 50);
  expect(Math.max(...back)).toBeLessThan(IMPORTERS / 2);
  expect(taken).toBe(IMPORTERS * EVENTS_EACH);
}, 60_000);
