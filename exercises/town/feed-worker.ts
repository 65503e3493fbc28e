/**
 * The 32 provinces' feeds, in a thread of their own: plans the simulated day, renders it and sends it, at the simulated
 * clock's pace or as fast as the exchange takes it, whichever is slower.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { HOUR_MS } from '#core/field/time.ts';
import { ClientTokens } from '#platform/tokens/client-tokens.ts';
import { trust } from '#platform/trust.ts';
import { type Day, planDay, senderOf } from './day.ts';
import type { FeedCounts, FeedOptions, FromFeed, ToFeed } from './feed-protocol.ts';
import { linesOf } from './lines.ts';
import { sendBatch } from './sending.ts';
import { SILENT_PROVINCE, tellStory } from './story.ts';
import { type Witness, witnessesOf } from './witnesses.ts';

const BATCH_LINES = 600;
/** Provinces with little to send send so many lines at once, about. */
const SPARSE_LINES = 100;
const IN_FLIGHT_MAX = 6;
const REPORT_MS = 200;
/** Steps of the simulated clock. */
const TICKS = 450;

const options = workerData as FeedOptions;
trust(options.clients.ca);
const say = (message: FromFeed, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer);

const silent = new Set<string>();
const goOn = Promise.withResolvers<void>();
parentPort?.on('message', ({ goOnWithout }: ToFeed) => {
  silent.add(goOnWithout);
  goOn.resolve();
});

type Counter = { -readonly [K in keyof FeedCounts]: FeedCounts[K] };
const counter: Counter = {
  sent: 0,
  lines: 0,
  accepted: 0,
  duplicate: 0,
  refused: 0,
  heldBack: 0,
  retried: 0,
  simulatedMs: 0,
  held: false,
};
const refusals: Record<string, number> = {};
const ids: Buffer[] = [];
const inFlight = new Set<Promise<void>>();
/** Each province sends as itself. */
const tokens = new ClientTokens(options.clients);

try {
  const day = planDay({ ...options, written: tellStory(options.nowMs).written, uncounted: [SILENT_PROVINCE] });
  const witnesses = witnessesOf(options.nowMs);
  counter.lines = day.lines + witnesses.reduce((sum, { sent }) => sum + sent.length, 0);
  counter.simulatedMs = day.fromMs;
  say({ kind: 'planned', lines: counter.lines, people: day.population.people });
  const reports = setInterval(() => say({ kind: 'counts', counts: { ...counter } }), REPORT_MS);
  await Promise.all(witnesses.map(hear));
  const tookMs = await stream(day);
  clearInterval(reports);
  const acceptedIds = new Uint8Array(Buffer.concat(ids));
  say(
    {
      kind: 'done',
      result: { ...counter, impossible: day.impossible, tally: day.tally, refusals, tookMs, acceptedIds },
    },
    [acceptedIds.buffer],
  );
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
} finally {
  parentPort?.close();
}

/** Before the day begins, and each event alone: one that is sent again among others may come after a later one. */
async function hear({ sent }: Witness): Promise<void> {
  for (const { province, line } of sent) await send(province, [line]);
}

interface Outgoing {
  readonly lines: string[];
  /** When they're sent even if they are few. */
  dueMs: number;
}

/**
 * In the order of the simulated clock. A province sends what has come together when that is enough for a batch, and
 * else about once an hour of its day, each at another minute.
 * @returns how long it took, without the hold
 */
async function stream(day: Day): Promise<number> {
  const lengthMs = day.untilMs - day.fromMs;
  const everyMs = Math.min(
    6 * HOUR_MS,
    Math.max(HOUR_MS, (lengthMs * day.population.residents.length * SPARSE_LINES) / day.lines),
  );
  const outgoing = new Map<string, Outgoing>(
    day.population.residents.map(({ province }, index, all) => [
      province,
      { lines: [], dueMs: day.fromMs + (everyMs * index) / all.length },
    ]),
  );
  let startedMs = performance.now();
  const holdTick = Math.round(TICKS * options.holdAt);
  let next = 0;
  for (let tick = 1; tick <= TICKS; tick += 1) {
    const endMs = day.fromMs + (lengthMs * tick) / TICKS;
    for (
      let delivery = day.deliveries[next];
      delivery !== undefined && delivery.atMs <= endMs;
      delivery = day.deliveries[++next]
    ) {
      const province = senderOf(day, delivery);
      const own = outgoing.get(province) as Outgoing;
      own.lines.push(...linesOf(delivery, day.population));
      if (own.lines.length >= BATCH_LINES) await dispatch(province, own.lines.splice(0));
    }
    for (const [province, own] of outgoing) {
      if (tick < TICKS && tick !== holdTick && own.dueMs > endMs) continue;
      own.dueMs += everyMs;
      if (own.lines.length > 0) await dispatch(province, own.lines.splice(0));
    }
    counter.simulatedMs = endMs;
    const aheadMs = startedMs + (options.streamSeconds * 1_000 * tick) / TICKS - performance.now();
    if (aheadMs > 0) await sleep(aheadMs);
    if (tick === holdTick) startedMs += await hold();
  }
  await Promise.all(inFlight);
  return performance.now() - startedMs;
}

/** @returns for how long the clock stood still, in ms */
async function hold(): Promise<number> {
  const sinceMs = performance.now();
  await Promise.all(inFlight);
  counter.held = true;
  await goOn.promise;
  counter.held = false;
  return performance.now() - sinceMs;
}

/** Waits for a free place, so that an exchange which is slower than the day slows the day down. */
async function dispatch(province: string, lines: readonly string[]): Promise<void> {
  while (inFlight.size >= IN_FLIGHT_MAX) await Promise.race(inFlight);
  const batch = send(province, lines).finally(() => inFlight.delete(batch));
  inFlight.add(batch);
}

async function send(province: string, lines: readonly string[]): Promise<void> {
  const isSilent = () => silent.has(province);
  if (isSilent()) {
    counter.heldBack += lines.length;
    return;
  }
  const url = options.doors.byProvince[province] ?? options.doors.default;
  const { acceptedIds, duplicate, refusedCodes, retried, heldBack } = await sendBatch(
    url,
    lines,
    isSilent,
    tokens.sourceOf(`province-${province}`),
  );
  for (const id of acceptedIds) ids.push(Buffer.from(id.replaceAll('-', ''), 'hex'));
  for (const code of refusedCodes) refusals[code] = (refusals[code] ?? 0) + 1;
  counter.sent += lines.length - heldBack;
  counter.accepted += acceptedIds.length;
  counter.duplicate += duplicate;
  counter.refused += refusedCodes.length;
  counter.retried += retried;
  counter.heldBack += heldBack;
}
