/** The door's limits, and its answer to a batch as a schema and as a type. It doesn't say how an event is taken. */

import { Type } from '@sinclair/typebox';
import type { ProblemKind } from '#platform/problems.ts';
import { choice } from '#platform/schema.ts';

export const DOOR_LIMITS = {
  eventsMax: 10_000,
  bodyBytesMax: 16 * 1024 * 1024,
  bodiesBytesMax: 256 * 1024 * 1024,
  /** By weight: a hundred events weigh 1. */
  inFlightMax: 400,
  /** Above it the limit shrinks. */
  loopDelayMs: 1_000,
} as const;

const OUTCOMES = ['accepted', 'refused', 'duplicate', 'unavailable'] as const;

const counts = Object.fromEntries(OUTCOMES.map((name) => [name, Type.Integer()]));

export const EventsAnswer = Type.Object(
  {
    ...counts,
    results: Type.Array(
      Type.Object({
        index: Type.Integer({ description: 'place of the event in the batch, from 0' }),
        line: Type.Optional(Type.Integer({ description: 'line of the NDJSON body, from 1' })),
        outcome: choice(
          OUTCOMES,
          'accepted: acknowledged by Kafka on all in-sync replicas. duplicate: the same content was ' +
            'acknowledged before. refused: mend it. unavailable: send it again; it may or may not be in ' +
            'the log, and a repeat does no harm',
        ),
        eventId: Type.Optional(Type.String()),
        pointer: Type.Optional(Type.String({ description: 'JSON pointer to the field that is wrong' })),
        code: Type.Optional(Type.String()),
        detail: Type.Optional(Type.String()),
        hint: Type.Optional(Type.String()),
      }),
    ),
  },
  { title: 'EventsAnswer', description: 'What became of each event, in the order of the batch.' },
);

export interface EventResult {
  readonly index: number;
  readonly line?: number;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly eventId?: string;
  readonly pointer?: string;
  readonly code?: ProblemKind;
  readonly detail?: string;
  readonly hint?: string;
}
