/** The suite's judgement of marks: an answer that lacks one, or has one for nothing, is found. */

import { expect, it } from 'vitest';
import type { Answer } from '#core/answer/recognise.ts';
import type { LogIndex } from '#exercises/faults/checks/log-index.ts';
import { violationsOfMarks } from '#exercises/faults/checks/marks.ts';
import type { KeptAnswer } from '#exercises/faults/scene/gates.ts';

const ASKED_MS = 1_660_000_000_000;

function letter(marks: string, writtenAtMs: number): LogIndex['letters'][number] {
  const headers = {
    'dead-letter-topic': 'tests',
    'dead-letter-partition': '3',
    'dead-letter-offset': '7',
    'dead-letter-marks': marks,
  };
  return {
    topic: 'dead-letters',
    partition: 0,
    message: {
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)])),
      timestamp: String(writtenAtMs),
    },
  } as unknown as LogIndex['letters'][number];
}

function answer(
  partition: number,
  nextOffset: number,
  provinces: readonly string[],
  { calm = false, unknownProvince = false } = {},
): KeptAnswer {
  const said = {
    evaluatedAt: 'then',
    incomplete: { person: false, provinces, unknownProvince },
    position: { partition, topics: { tests: { topicId: 't', nextOffset } } },
  };
  return { lookup: 'lookup-1', askedAtMs: ASKED_MS, calm, answer: said as unknown as Answer } as KeptAnswer;
}

const LETTERS = [
  letter('province:43', ASKED_MS - 5_000),
  letter('province:unknown', ASKED_MS - 1_000),
  letter('person', 0),
];

it.each<[string, KeptAnswer, number]>([
  ['has passed the record and names the province, and all', answer(3, 8, ['43'], { unknownProvince: true }), 0],
  ['has passed the record and names nobody', answer(3, 8, []), 2],
  ['has not come to the record', answer(3, 7, []), 0],
  ['is of another partition, while something was broken', answer(2, 90, []), 0],
  [
    'is of another partition, in a calm while, and lacks what was written in time',
    answer(2, 90, [], { calm: true }),
    1,
  ],
  ['is of another partition, in a calm while, and says it', answer(2, 90, ['43'], { calm: true }), 0],
  ['names a province for nothing', answer(2, 0, ['44']), 1],
])('an answer that %s', (_what, one, violations) => {
  expect(violationsOfMarks([one], LETTERS)).toHaveLength(violations);
});
