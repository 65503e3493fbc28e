/** Each mistake that can be planted in the merge shows on some of the day's witnesses, at whatever hour it begins. */

import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '#core/events/events.ts';
import { HOUR_MS, MINUTE_MS } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { takeEvent } from '#exchange/intake/intake.ts';
import { encodeView } from '#exchange/view/codec.ts';
import { oracleBytes } from '#exercises/oracle/oracle.ts';
import { PLANTED_BUGS } from '#exercises/planted/planted-bugs.ts';
import { tellStory } from '#exercises/town/story.ts';
import { witnessesOf, type Witness } from '#exercises/town/witnesses.ts';

const SECRETS = [Buffer.alloc(32, 7)];
const MIDNIGHT_MS = Date.UTC(2022, 7, 10, 16);
/** Every hour of a day and its last minute. */
const BEGINNINGS = Array.from({ length: 24 }, (_, hour) => MIDNIGHT_MS + hour * HOUR_MS).flatMap((beginMs) => [
  beginMs,
  beginMs + 59 * MINUTE_MS,
]);

/** As the door takes them; refused is none. */
function eventsOf({ sent }: Witness, nowMs: number): PersonEvent[] {
  return sent.map(({ line }, index) => {
    const delivery = {
      eventId: `01900000-0000-7000-8000-0000000000${10 + index}`,
      acceptedAtMs: nowMs + index,
      producerInstance: '42-a',
    };
    const taken = takeEvent(JSON.parse(line), delivery, { secrets: SECRETS, clockSkewMs: 0 });
    if (!taken.ok) throw new Error(`${line}: ${taken.refusal.detail}`);
    return taken.event;
  });
}

/** The witnesses' events of one day after the other. */
const DAYS = BEGINNINGS.map((nowMs) =>
  witnessesOf(nowMs).map((witness) => ({ against: witness.against, events: eventsOf(witness, nowMs) })),
);

function isAsTheOracleSays(mergeOne: typeof merge, events: readonly PersonEvent[]): boolean {
  const view = events.reduce(mergeOne, EMPTY_VIEW);
  return encodeView(view).equals(oracleBytes(events) as Buffer);
}

describe('the witnesses of a day', () => {
  it('are against the mistakes that can be planted, all of them and no others', () => {
    expect(new Set(witnessesOf(MIDNIGHT_MS).map(({ against }) => against))).toEqual(new Set(Object.keys(PLANTED_BUGS)));
  });

  it.each(Object.entries(PLANTED_BUGS))('show, at any hour: %s', (name, mergeOne) => {
    for (const witnesses of DAYS) {
      const own = witnesses.filter(({ against }) => against === name);
      expect(own.map(({ events }) => isAsTheOracleSays(mergeOne, events))).toContain(false);
    }
  });

  it('show nothing where the merge is right', () => {
    for (const { against, events } of DAYS.flat()) expect(isAsTheOracleSays(merge, events), against).toBe(true);
  });

  it('are people whom nobody else is', () => {
    const numbers = witnessesOf(MIDNIGHT_MS).map(({ sent }) => personIn(sent.map(({ line }) => line)));
    const told = tellStory(MIDNIGHT_MS).written.map(({ lines }) => personIn(lines));
    expect(new Set([...numbers, ...told]).size).toBe(numbers.length + new Set(told).size);
  });
});

/** The one document number in these lines. */
function personIn(lines: readonly string[]): string {
  const numbers = new Set(
    lines.map((line) => (JSON.parse(line) as { person: { documentNumber: string } }).person.documentNumber),
  );
  expect(numbers.size).toBe(1);
  return [...numbers].join();
}
