/** The door's limits, and its answers to a batch as schemas and as types. It doesn't say how an event is taken. */

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
const CHECK_OUTCOMES = ['acceptable', 'refused'] as const;

const countsOf = (outcomes: readonly string[]) =>
  Object.fromEntries(outcomes.map((outcome) => [outcome, Type.Integer()]));
const PLACE = {
  index: Type.Integer({ description: 'place of the event in the batch, from 0' }),
  line: Type.Optional(Type.Integer({ description: 'line of the NDJSON body, from 1' })),
};
const REFUSAL = {
  pointer: Type.Optional(Type.String({ description: 'JSON pointer to the field that is wrong' })),
  code: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
  hint: Type.Optional(Type.String()),
};

export const EventsAnswer = Type.Object(
  {
    ...countsOf(OUTCOMES),
    results: Type.Array(
      Type.Object({
        ...PLACE,
        outcome: choice(
          OUTCOMES,
          'accepted: acknowledged by Kafka on all in-sync replicas. duplicate: the same content was ' +
            'acknowledged before. refused: mend it. unavailable: send it again; it may or may not be in ' +
            'the log, and a repeat does no harm',
        ),
        eventId: Type.Optional(Type.String()),
        ...REFUSAL,
      }),
    ),
  },
  { title: 'EventsAnswer', description: 'What became of each event, in the order of the batch.' },
);

export const ChecksAnswer = Type.Object(
  {
    ...countsOf(CHECK_OUTCOMES),
    results: Type.Array(
      Type.Object({
        ...PLACE,
        outcome: choice(CHECK_OUTCOMES, 'acceptable: it would be published. refused: mend it'),
        ...REFUSAL,
      }),
    ),
  },
  { title: 'ChecksAnswer', description: 'What would become of each event, in the order of the batch.' },
);

interface PlacedRefusal {
  readonly index: number;
  readonly line?: number;
  readonly pointer?: string;
  readonly code?: ProblemKind;
  readonly detail?: string;
  readonly hint?: string;
}

export interface EventResult extends PlacedRefusal {
  readonly outcome: (typeof OUTCOMES)[number];
  readonly eventId?: string;
}

export interface EventCheck extends PlacedRefusal {
  readonly outcome: (typeof CHECK_OUTCOMES)[number];
}
