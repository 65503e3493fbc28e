/**
 * Histories around which a window's boundaries lie, at one second before, at and after each of them: across midnight,
 * month and year ends, and the leap day.
 */

import { type ClauseText, isGroup } from '#core/clauses/clause-text.ts';
import { kindOf } from '#core/clauses/kinds.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { Boundaries, Moment } from '#core/terms/boundaries.ts';
import type { VisitText } from '#core/terms/for-text.ts';
import type { WindowText } from '#core/terms/window-text.ts';
import type { NaiveHistory, NaiveResult, NaiveStay } from './naive-history.ts';
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

/** Of a clause that takes records; none of one that looks at nothing, or at stays and duties alone. */
export function probesOf(clause: ClauseText): Probe[] {
  if (isGroup(clause)) return [];
  const province = 'from' in clause && clause.from !== 'all' ? (clause.from[0] as string) : '43';
  const method =
    'methods' in clause && !clause.methods.includes('nucleic_acid') ? ({ method: 'antigen' } as const) : {};
  const window = 'window' in clause ? clause.window : undefined;
  return STARTS.flatMap((start) =>
    kindOf(clause)
      .boundaries(clause)
      .flatMap((around) => probesAround(around, start, { province, ...method }, window)),
  );
}

function probesAround(
  { results, samplings, doses = [], instants }: Boundaries,
  start: Civil,
  ofResult: Pick<NaiveResult, 'province' | 'method'>,
  window: WindowText | undefined,
): Probe[] {
  const civil = (moment: Moment): Civil =>
    moment === 'midnight_before' ? `${later(start, -24 * HOUR).slice(0, 10)} 00:00:00` : later(start, moment);
  const history: NaiveHistory = {
    results: results.map(({ issued, sampled }) => ({
      issued: civil(issued),
      sampled: sampled === null ? null : civil(sampled),
      tested: null,
      ...ofResult,
    })),
    samplings: samplings.map((sampled) => ({ sampled: civil(sampled), province: ofResult.province })),
    doses: doses.map(({ given, doseNumber }) => ({ given: civil(given), doseNumber })),
  };
  return instants.flatMap((instant) => {
    const boundary =
      'at' in instant
        ? civil(instant.at)
        : boundaryOf((instant.window ?? window) as WindowText, civil(instant.windowFrom));
    return [-1, 0, 1].map((seconds) => ({ history, at: later(boundary, seconds) }));
  });
}

const HOUR = 3_600;

/** A rule of this one clause alone, for everybody. */
export function alone(rule: RuleText, { for: _who, ...clause }: ClauseText): RuleText {
  const { transition: _kept, states: _states, ...rest } = rule;
  const carried =
    clause.kind === 'sampling' && clause.carriesOver === true
      ? rule.clauses.filter(({ kind }) => kind === 'result')
      : [];
  return { ...rest, clauses: [clause as ClauseText, ...carried] };
}

/**
 * Stays that end at an instant: the one that is asked for, and others that lie beside it, around it, or can't be
 * placed.
 */
export function staysUntil(
  { places = ['43'], levels = ['low'], longerThanHours = 24 }: VisitText,
  to: Civil,
): readonly NaiveStay[] {
  const area = places[0] as string;
  const stay = (changed: Partial<NaiveStay> = {}): NaiveStay => ({
    from: later(to, -(longerThanHours * HOUR + 1)),
    to,
    area: `${area}${'000000'.slice(area.length)}`,
    level: levels[0] as string,
    ...changed,
  });
  return [
    stay(),
    stay({ from: later(to, -longerThanHours * HOUR) }),
    stay({ area: '990000' }),
    stay({ area: area.slice(0, 2) }),
    stay({ area: '某酒店' }),
    stay({ level: 'closed' }),
    stay({ level: 'low' }),
    stay({ to: null }),
    stay({ from: later(to, 7 * 86_400), to: null }),
  ];
}
