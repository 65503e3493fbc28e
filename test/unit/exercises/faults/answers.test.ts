/** The suite's own judgement of answers: it must find each kind of wrong answer, and nothing in a right one. */

import { describe, expect, it } from 'vitest';
import { type Answer, recognise } from '#core/answer/recognise.ts';
import type { PersonEvent, TestReported } from '#core/events/events.ts';
import { HOUR_MS, SECOND_MS } from '#core/field/time.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import { violationsOfAnswers } from '#exercises/faults/checks/answers.ts';
import type { Found, LogIndex } from '#exercises/faults/checks/log-index.ts';
import type { KeptAnswer } from '#exercises/faults/scene/gates.ts';
import { testReported } from '#exercises/town/events.ts';
import { bookOf, freshness, NOW_MS, ruleText, viewOf } from '#test/support/lookup.ts';

const PERSON = Buffer.alloc(16, 7);
const PARTITION = 3;
const POLICIES = bookOf(ruleText());
const RULES = { shipped: POLICIES, published: null };
const report = (number: number, given: Partial<TestReported> = {}): TestReported =>
  testReported({
    eventId: `event ${number}`,
    sampleId: `S${number}`,
    sampledAtMs: NOW_MS - 6 * HOUR_MS,
    reportIssuedAtMs: NOW_MS - (5 - number) * HOUR_MS,
    acceptedAtMs: NOW_MS - 10 * SECOND_MS,
    ...given,
  });

/** Events of one person at offsets 0, 1, … of `tests`, each known to be accepted so long before the question. */
function logOf(
  events: readonly PersonEvent[],
  acceptedBeforeMs = 10 * SECOND_MS,
): { log: LogIndex; accepted: Map<string, number> } {
  const placed = events.map((event, offset) => ({ topic: 'tests', offset, event }));
  const found = placed.map(({ offset, event }): [string, Found] => [
    event.eventId,
    {
      place: { topic: 'tests', partition: PARTITION, offset },
      province: event.province,
      acceptedAtMs: event.acceptedAtMs,
      times: 1,
    },
  ]);
  return {
    log: {
      histories: new Map([
        [PERSON.toString('hex'), { partition: PARTITION, events: placed, unreadable: [], settled: [] }],
      ]),
      events: new Map(found),
      letters: [],
    },
    accepted: new Map(events.map(({ eventId }) => [eventId, NOW_MS - acceptedBeforeMs])),
  };
}

/** What a look-up says that holds these events and says that it has read so far. */
function answerOf(events: readonly PersonEvent[], nextOffset: number, given: Partial<KeptAnswer> = {}): KeptAnswer {
  const position = { clusterId: 'c', topics: { tests: { topicId: 't', nextOffset } } };
  const policy = POLICIES.select({ destination: '44', purpose: 'entry', kind: null, place: null }, NOW_MS);
  const snapshot = {
    edition: 1,
    partition: PARTITION,
    view: events.length === 0 ? null : viewOf(...events),
    position,
    freshness: freshness(),
  };
  const answer = recognise({
    destination: '44',
    purpose: 'entry',
    codeBook: POLICIES.codeBook,
    policy,
    snapshot,
    presented: [],
    occasion: NOTHING_STATED,
    atMs: NOW_MS,
    nowMs: NOW_MS,
  });
  const asking = {
    person: { documentType: 'passport', documentNumber: 'P1' },
    personKey: PERSON,
    destination: '44',
    purpose: 'entry',
  } as const;
  return {
    asking,
    lookup: 'lookup-1',
    askedAtMs: NOW_MS,
    calm: true,
    answer: JSON.parse(JSON.stringify(answer)) as Answer,
    ...given,
  };
}

const NEGATIVE = report(1);
const POSITIVE = report(2, { result: 'positive' });

describe('an answer', () => {
  it('that the log gives at its position is right, however little it holds', () => {
    const { log, accepted } = logOf([NEGATIVE, POSITIVE]);
    for (const held of [0, 1, 2])
      expect(
        violationsOfAnswers([answerOf([NEGATIVE, POSITIVE].slice(0, held), held)], log, accepted, RULES).wrong,
      ).toEqual([]);
  });
  it.each([
    ['lacks what lies below it', [NEGATIVE], 2],
    ['holds what lies above it', [NEGATIVE, POSITIVE], 1],
    ['holds another event than the log', [NEGATIVE, { ...POSITIVE, result: 'negative' as const }], 2],
  ])('that %s is wrong', (_what, held, nextOffset) => {
    const { log, accepted } = logOf([NEGATIVE, POSITIVE]);
    expect(violationsOfAnswers([answerOf(held, nextOffset)], log, accepted, RULES).wrong).toHaveLength(1);
  });
  it('by published rules is compared with those, and by none where none are published', () => {
    const { log, accepted } = logOf([NEGATIVE]);
    const kept = answerOf([NEGATIVE], 1);
    const byPublication = { ...kept, answer: { ...kept.answer, rules: { ...kept.answer.rules, publishedAt: 'then' } } };
    const other = bookOf(ruleText({ clauses: [{ id: 'nothing_asked', kind: 'exempt' }] }));
    const wrong = (published: typeof POLICIES | null): readonly string[] =>
      violationsOfAnswers([byPublication], log, accepted, { shipped: POLICIES, published }).wrong;
    expect(wrong(POLICIES)).toEqual([]);
    expect(wrong(other)).toHaveLength(1);
    expect(wrong(null)).toHaveLength(1);
  });
  it('that claims a province up to when it lacks an event of it is found', () => {
    const { log, accepted } = logOf([NEGATIVE, POSITIVE]);
    expect(violationsOfAnswers([answerOf([NEGATIVE], 1)], log, accepted, RULES).claims).toHaveLength(1);
    const later = logOf([NEGATIVE, { ...POSITIVE, acceptedAtMs: NOW_MS }]); // its watermark is a second old
    expect(violationsOfAnswers([answerOf([NEGATIVE], 1)], later.log, later.accepted, RULES).claims).toEqual([]);
  });
  it.each([
    [true, 2_001, 1],
    [true, 1_999, 0],
    [false, 60_000, 0],
  ])('of a calm moment (%s) that lacks what was accepted %i ms before is too old: %i', (calm, beforeMs, found) => {
    const { log, accepted } = logOf([NEGATIVE, POSITIVE], beforeMs);
    expect(violationsOfAnswers([answerOf([NEGATIVE], 1, { calm })], log, accepted, RULES).behind).toHaveLength(found);
  });
});
