/** Stays that count only when they lasted longer than so many hours, a second before, at and after that length. */

import { describe, expect, it } from 'vitest';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { HOUR_MS } from '#core/field/time.ts';
import { NOTHING_STATED, type Visit } from '#core/question/occasion.ts';
import { faultsOfBook } from '#core/rules/book-faults.ts';
import type { VisitText } from '#core/terms/for-text.ts';
import { exposureRecorded } from '#exercises/town/events.ts';
import { STARTS } from '#test/support/boundaries.ts';
import { ms } from '#test/support/decided-at.ts';
import { ask, inForce, ruleText, viewOf } from '#test/support/lookup.ts';
import { naivelyRecognised } from '#test/support/naive-rule.ts';
import { type Civil, later } from '#test/support/naive-time.ts';

const HOURS = 4;
const long: VisitText = {
  levels: ['high', 'medium'],
  longerThanHours: HOURS,
  window: { length: 14, unit: 'calendar_days', end: 'inclusive' },
};
const CLAUSES: readonly ClauseText[] = [
  { id: 'v', kind: 'exempt', for: { visited: long } },
  { id: 'n', kind: 'exempt', for: { notVisited: long } },
  { id: 'o', kind: 'no_visit', ...long },
];
const SECONDS = [-1, 0, 1];

function recognises(clause: ClauseText, at: Civil, from: Civil, to: Civil | null): boolean {
  const stay = exposureRecorded({
    riskArea: '310115',
    level: 'high',
    fromMs: ms(from),
    toMs: to === null ? null : ms(to),
  });
  const policy = inForce(ruleText({ clauses: [clause] }));
  return (
    ask(viewOf(stay), { policy, occasion: { ...NOTHING_STATED, visits: [] }, atMs: ms(at) }).outcome === 'recognised'
  );
}

describe('a stay on record of about so many hours', () => {
  it.each(CLAUSES)('over, $kind $for', (clause) => {
    const rule = ruleText({ clauses: [clause] });
    const seen = new Set<boolean>();
    for (const from of STARTS)
      for (const second of SECONDS) {
        const to = later(from, HOURS * 3_600 + second);
        for (const at of [later(to, -1), to, later(to, 86_400)]) {
          const history = {
            results: [],
            samplings: [],
            stays: [{ from, to, area: '310115', level: 'high' }],
            saysNoStays: true,
          };
          const expected = naivelyRecognised(rule, history, at);
          seen.add(expected);
          if (to <= at) expect([from, to, at, recognises(clause, at, from, to)]).toEqual([from, to, at, expected]);
        }
      }
    expect(seen.size).toBe(2);
  });
  it.each(CLAUSES)('not over, $kind $for: it becomes a long one while the person is there', (clause) => {
    const rule = ruleText({ clauses: [clause] });
    for (const from of STARTS)
      for (const second of SECONDS) {
        const at = later(from, HOURS * 3_600 + second);
        const history = {
          results: [],
          samplings: [],
          stays: [{ from, to: null, area: '310115', level: 'high' }],
          saysNoStays: true,
        };
        expect([at, recognises(clause, at, from, null)]).toEqual([at, naivelyRecognised(rule, history, at)]);
      }
  });
  it('says when it becomes a long one', () => {
    const from = '2023-01-01 00:00:00';
    const stay = exposureRecorded({ riskArea: '310115', level: 'high', fromMs: ms(from), toMs: null });
    const policy = inForce(ruleText({ clauses: [CLAUSES[2] as ClauseText], freshnessBoundSeconds: 3_600_000 }));
    const occasion = { ...NOTHING_STATED, visits: [] };
    expect(ask(viewOf(stay), { policy, occasion, atMs: ms(from) + HOUR_MS })).toMatchObject({
      outcome: 'recognised',
      validUntil: '2023-01-01T04:00:00.001+08:00',
    });
  });
});

describe('a stay that is stated', () => {
  const policy = inForce(ruleText({ clauses: [CLAUSES[2] as ClauseText] }));
  const leftAtMs = ms('2023-01-01 10:00:00');
  const asked = (visit: Partial<Visit>) =>
    ask(null, {
      policy,
      occasion: { ...NOTHING_STATED, visits: [{ place: '310115', level: 'high', cameAtMs: null, leftAtMs, ...visit }] },
      atMs: leftAtMs + HOUR_MS,
    }).outcome;
  it('is as long as it is said to be', () => {
    expect(asked({ cameAtMs: leftAtMs - HOURS * HOUR_MS })).toBe('recognised');
    expect(asked({ cameAtMs: leftAtMs - HOURS * HOUR_MS - 1 })).toBe('no_evidence');
  });
  it('that begins later ended no recognition: it lasts until the stay becomes a long one', () => {
    const cameAtMs = ms('2023-01-01 12:00:00');
    const visits: readonly Visit[] = [{ place: '310115', level: 'high', cameAtMs, leftAtMs: null }];
    const occasion = { ...NOTHING_STATED, visits };
    expect(ask(null, { policy, occasion, atMs: cameAtMs - HOUR_MS })).toMatchObject({
      outcome: 'recognised',
      validUntil: '2023-01-01T16:00:00.001+08:00',
    });
  });
  it('counts as a long one where its beginning isn’t stated', () => {
    expect(asked({})).toBe('no_evidence');
  });
});

describe('from the notice of 29 July 2022 on', () => {
  const after = (clauses: readonly ClauseText[]) =>
    faultsOfBook([ruleText({ clauses: [...clauses], inForce: { from: '2022-07-29T00:00+08:00', until: null } })]).map(
      ({ pointer }) => pointer,
    );
  it('a long stay may be asked about beside a result, as any stay may, and nothing else may turn on it', () => {
    const report: ClauseText = {
      id: 'r',
      kind: 'result',
      methods: ['nucleic_acid'],
      from: 'all',
      countFrom: ['report_issued'],
      window: { length: 48, unit: 'hours', end: 'inclusive' },
    };
    expect(after([{ id: 'both', kind: 'all_of', of: [report, { id: 'o', kind: 'no_visit', ...long }] }])).toEqual([]);
    expect(after([{ ...report, for: { notVisited: long } }])).toContain('/clauses/0/for');
  });
});
