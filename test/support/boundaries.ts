/**
 * Histories around which a window's boundaries lie, at one second before, at and after each of them: across midnight,
 * month and year ends, and the leap day.
 */

import type { ClauseText, ResultClauseText, SamplingClauseText, TestsClauseText } from '#core/rules/clause-text.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { NaiveHistory } from './naive-rule.ts';
import { boundaryOf, type Civil, later } from './naive-time.ts';

/** After every rule began to be enforced; 2024 has a leap day, 2023 has none. */
export const STARTS: readonly Civil[] = [
  '2022-12-30 23:59:59',
  '2023-01-01 00:00:00',
  '2023-02-27 05:59:59',
  '2023-02-28 06:00:00',
  '2024-02-28 00:00:01',
  '2024-02-29 12:34:56',
  '2024-04-30 23:59:59',
];

export interface Probe {
  readonly history: NaiveHistory;
  readonly at: Civil;
}

type RecordClause = ResultClauseText | SamplingClauseText | TestsClauseText;

export function probesOf(clause: RecordClause): Probe[] {
  return STARTS.flatMap((start) => around(clause, start)).flatMap(({ history, boundaries }) =>
    boundaries.flatMap((boundary) => [-1, 0, 1].map((seconds) => ({ history, at: later(boundary, seconds) }))),
  );
}

const HOUR = 3_600;

interface Around {
  readonly history: NaiveHistory;
  readonly boundaries: readonly Civil[];
}

/** Results of which the last day is before, on or after that of a sampling. */
const CARRIED_HOURS = [20, 44, 48, 68, 72, 92];

function around(clause: RecordClause, start: Civil): readonly Around[] {
  const province = clause.from === 'all' ? '43' : (clause.from[0] as string);
  const result = (issued: Civil, sampledBefore = 7 * HOUR) => ({
    issued,
    sampled: later(issued, -sampledBefore),
    tested: null,
    province,
  });
  if (clause.kind === 'sampling') {
    const histories =
      clause.carriesOver === true ? CARRIED_HOURS.map((hours) => [result(later(start, -hours * HOUR))]) : [[]];
    return histories.map((results) => ({
      history: { results, samplings: [{ sampled: start, province }] },
      boundaries: [start, boundaryOf(clause.window, start)],
    }));
  }
  if (clause.kind === 'result') {
    const one = result(start);
    const anchors = [one.issued, one.sampled, `${later(start, -24 * HOUR).slice(0, 10)} 00:00:00`];
    return [
      {
        history: { results: [one], samplings: [] },
        boundaries: [start, ...anchors.map((anchor) => boundaryOf(clause.window, anchor))],
      },
    ];
  }
  const gap = (clause.apart?.atLeastHours ?? 12) * HOUR;
  const results = Array.from({ length: clause.count }, (_, index) => result(later(start, index * gap)));
  return [
    {
      history: { results, samplings: [] },
      boundaries: [
        start,
        later(start, (clause.count - 1) * gap),
        ...results.map(({ issued }) => boundaryOf(clause.window, issued)),
      ],
    },
  ];
}

/** A rule of this one clause alone, for everybody. */
export function alone(rule: RuleText, { for: _who, ...clause }: ClauseText): RuleText {
  const { transition: _kept, states: _states, ...rest } = rule;
  const carried =
    clause.kind === 'sampling' && clause.carriesOver === true
      ? rule.clauses.filter(({ kind }) => kind === 'result')
      : [];
  return { ...rest, clauses: [clause as ClauseText, ...carried] };
}
