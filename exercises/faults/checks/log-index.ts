/** What the log holds at the end of a round: every record, whose it is, and where each event lies first. */

import type { ProvinceCode } from '#core/field/regions.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { type RawRecord, readTopics } from '#exercises/oracle/raw-log.ts';
import { historiesIn, type History } from '#exercises/oracle/views.ts';

export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface Found {
  readonly place: Place;
  readonly province: ProvinceCode;
  /** On the broker's clock, as its producer stamped it. */
  readonly acceptedAtMs: number;
  times: number;
}

export interface LogIndex {
  readonly histories: ReadonlyMap<string, History>;
  /** By event id. */
  readonly events: ReadonlyMap<string, Found>;
  readonly letters: readonly RawRecord[];
}

export async function indexLog(exchange: Exchange): Promise<LogIndex> {
  const records = await readTopics(exchange.kafka, [...exchange.log.topics, DEAD_LETTERS_TOPIC]);
  const shared = records.filter(({ topic }) => topic !== DEAD_LETTERS_TOPIC);
  const histories = await historiesIn(exchange, shared);
  return {
    histories,
    events: eventsOf(histories),
    letters: records.filter(({ topic }) => topic === DEAD_LETTERS_TOPIC),
  };
}

function eventsOf(histories: ReadonlyMap<string, History>): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const { partition, events } of histories.values()) {
    for (const { topic, offset, event } of events) {
      const known = found.get(event.eventId);
      if (known === undefined || offset < known.place.offset)
        found.set(event.eventId, {
          place: { topic, partition, offset },
          province: event.province,
          acceptedAtMs: event.acceptedAtMs,
          times: (known?.times ?? 0) + 1,
        });
      else known.times += 1;
    }
  }
  return found;
}
