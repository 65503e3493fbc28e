/**
 * Each window of each rule that ships, at one second before, at and after each of its boundaries, against a second
 * implementation that shares no code with the first.
 */

import { describe, expect, it } from 'vitest';
import { recognise } from '#core/answer/recognise.ts';
import { compileRule, type Rule } from '#core/book/rule.ts';
import { type ClauseText, clausesIn } from '#core/clauses/clause-text.ts';
import { NO_CODE_TABLES } from '#core/codes/conversion.ts';
import { decide } from '#core/decision/decide.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { NOTHING_STATED, type Occasion } from '#core/question/occasion.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import type { SpanText } from '#core/terms/duty-tests.ts';
import type { ForText, VisitText } from '#core/terms/for-text.ts';
import type { WindowText } from '#core/terms/window-text.ts';
import { merge } from '#core/view/merge.ts';
import type { Snapshot } from '#core/view/snapshot.ts';
import { EMPTY_VIEW, type PersonView } from '#core/view/view.ts';
import { freshSnapshot } from '#exchange/policy/cases.ts';
import {
  at as instant,
  exposureRecorded,
  samplingRecorded,
  testReported,
  vaccinationAdministered,
} from '#exercises/town/events.ts';
import { alone, probesOf, STARTS, staysUntil } from '#test/support/boundaries.ts';
import type { NaiveHistory } from '#test/support/naive-history.ts';
import { naivelyRecognised } from '#test/support/naive-rule.ts';
import { boundaryOf, type Civil, civilOf, dayNumber, isInside, later } from '#test/support/naive-time.ts';
import { shippedPolicies } from '#test/support/policies.ts';

const { rules } = await shippedPolicies();
const texts = rules.map(({ rule }) => rule);
const ms = (civil: Civil): number => instant(`${civil.replace(' ', 'T')}+08:00`);

/** Each rule once, not once for each of its thousands of probes. */
const rulesOfTexts = new WeakMap<RuleText, Rule>();
function compiled(text: RuleText): Rule {
  const rule = rulesOfTexts.get(text) ?? compileRule(text, texts);
  rulesOfTexts.set(text, rule);
  return rule;
}

/** Each history's view once, and what is read of it at an instant, not once for each of the rules that are asked. */
const readOf = new WeakMap<NaiveHistory, { readonly at: Civil; readonly snapshot: Snapshot }>();
function snapshotOf(history: NaiveHistory, at: Civil): Snapshot {
  const known = readOf.get(history);
  if (known?.at === at) return known.snapshot;
  const snapshot = freshSnapshot(known?.snapshot.view ?? viewOf(history), ms(at));
  readOf.set(history, { at, snapshot });
  return snapshot;
}

function viewOf({ results, samplings, doses = [], stays = [] }: NaiveHistory): PersonView {
  const events = [
    ...results.map((one, index) =>
      testReported({
        sampleId: `T${index}`,
        ...(one.method === undefined ? {} : { method: one.method }),
        province: one.province as ProvinceCode,
        reportIssuedAtMs: ms(one.issued),
        sampledAtMs: one.sampled === null ? null : ms(one.sampled),
      }),
    ),
    ...samplings.map((one, index) =>
      samplingRecorded({ sampleId: `S${index}`, province: one.province as ProvinceCode, sampledAtMs: ms(one.sampled) }),
    ),
    ...doses.map(({ given, doseNumber }, index) =>
      vaccinationAdministered({ doseId: `D${index}`, doseNumber, givenAtMs: ms(given), recordedAtMs: ms(given) }),
    ),
    ...stays.map((one, index) =>
      exposureRecorded({
        exposureId: `E${index}`,
        riskArea: one.area,
        level: one.level,
        fromMs: ms(one.from),
        toMs: one.to === null ? null : ms(one.to),
      }),
    ),
  ];
  return events.reduce(merge, EMPTY_VIEW);
}

function answered(text: RuleText, history: NaiveHistory, at: Civil, stated: Occasion = NOTHING_STATED): boolean {
  const occasion = history.saysNoStays === true ? { ...stated, visits: [] } : stated;
  const rule = compiled(text);
  const atMs = ms(at);
  const question = {
    policy: { rule, untilMs: Number.POSITIVE_INFINITY },
    snapshot: snapshotOf(history, at),
    presented: [],
    occasion,
    atMs,
    nowMs: atMs,
  };
  return decide(question).outcome === 'recognised';
}

const within = (rule: RuleText): ClauseText[] =>
  [
    ...rule.clauses,
    ...[...(rule.states ?? []), ...(rule.duties ?? [])].flatMap(({ when, unless }) =>
      [when, unless].filter((one) => one !== undefined),
    ),
  ].flatMap((clause) => [...clausesIn(clause)].map((one) => one.clause));

const DOSES: readonly Pick<Extract<ClauseText, { kind: 'vaccination' }>, 'atLeastDaysAgo' | 'window'>[] = [
  { atLeastDaysAgo: 14 },
  { window: { length: 180, unit: 'calendar_days', end: 'inclusive' } },
  { atLeastDaysAgo: 14, window: { length: 360, unit: 'hours', end: 'exclusive' } },
];

/** How often the rules were asked at the clause's boundaries. Fails where one of them answers otherwise. */
function probed(clause: ClauseText, rules: readonly RuleText[]): number {
  const probes = probesOf(clause);
  for (const { history, at } of probes) {
    for (const text of rules) {
      const expected = naivelyRecognised(text, history, at);
      if (answered(text, history, at) !== expected)
        expect.fail(
          `${clause.id} at ${at}: expected ${expected ? '' : 'not '}recognised of ${JSON.stringify(history)}`,
        );
    }
  }
  return probes.length * rules.length;
}

const named = (rule: RuleText) => [`${rule.id} ${rule.version}`, rule] as const;
/** A rule that asks nothing of anybody needs no window; each other has one. */
const asksNothing = ({ clauses }: RuleText): boolean =>
  clauses.some(({ kind, for: who }) => kind === 'exempt' && who === undefined);

describe('every window over records', () => {
  it.each(texts.filter((rule) => !asksNothing(rule)).map(named))('%s', (_name, rule) => {
    const counts = within(rule).map((clause) => probed(clause, [rule, alone(rule, clause)]));
    expect(Math.max(...counts)).toBeGreaterThan(0);
  });
  it.each(texts.filter(asksNothing).map(named))('%s asks nothing: whoever comes is recognised', (_name, rule) => {
    for (const clause of within(rule)) probed(clause, [rule, alone(rule, clause)]);
    const nobody = { results: [], samplings: [] };
    for (const start of STARTS)
      expect([answered(rule, nobody, start), naivelyRecognised(rule, nobody, start)]).toEqual([true, true]);
  });
  it.each(DOSES)('of doses, as no rule asks yet: %j', (asked) => {
    const clause: ClauseText = { id: 'doses', kind: 'vaccination', doses: 2, ...asked };
    expect(probed(clause, [{ ...alone(texts[0] as RuleText, clause), clauses: [clause] }])).toBeGreaterThan(0);
  });
});

/** Windows over what is stated: visits and arrivals. */
const statedWindows = texts.flatMap((rule) => {
  const people = [...within(rule), ...(rule.duties ?? [])].flatMap(({ for: who }) => (who === undefined ? [] : [who]));
  const found = (key: string, make: (who: ForText) => { readonly who: ForText; readonly window: WindowText } | null) =>
    people.flatMap((one) => {
      const made = make(one);
      return made === null ? [] : [[`${rule.id} ${rule.version}, ${key}`, rule, made.who, made.window] as const];
    });
  return [
    ...found('visited', ({ visited }) => (visited === undefined ? null : { who: { visited }, window: visited.window })),
    ...found('notVisited', ({ notVisited }) =>
      notVisited === undefined ? null : { who: { visited: notVisited }, window: notVisited.window },
    ),
    ...found('arrivedWithin', ({ arrivedWithin }) =>
      arrivedWithin === undefined ? null : { who: { arrivedWithin }, window: arrivedWithin },
    ),
  ];
});

describe('every window over what is stated', () => {
  it.each(statedWindows)('%s', (_name, rule, who, window) => {
    const text = {
      ...alone(rule, { id: 'stated', kind: 'exempt' }),
      clauses: [{ id: 'stated', kind: 'exempt', for: who } as const],
    };
    for (const start of STARTS) {
      const place = who.visited?.places?.[0] ?? '43';
      const occasion: Occasion = {
        ...NOTHING_STATED,
        arrivedAtMs: ms(start),
        visits: [{ place, level: who.visited?.levels?.[0] ?? 'low', cameAtMs: null, leftAtMs: ms(start) }],
      };
      for (const seconds of [-1, 0, 1]) {
        const at = later(boundaryOf(window, start), seconds);
        expect(answered(text, { results: [], samplings: [] }, at, occasion)).toBe(isInside(window, start, at));
      }
    }
  });
});

const visitsIn = (rule: RuleText): readonly VisitText[] =>
  within(rule).flatMap((clause) => [
    ...(clause.kind === 'no_visit' ? [clause] : []),
    ...[clause.for?.visited, clause.for?.notVisited].filter((one) => one !== undefined),
  ]);

describe('every window over stays on record', () => {
  it.each(
    texts.filter((rule) => visitsIn(rule).length > 0).map((rule) => [`${rule.id} ${rule.version}`, rule] as const),
  )('%s', (_name, rule) => {
    const seen = new Set<boolean>();
    for (const visit of visitsIn(rule)) {
      const { places, levels, longerThanHours, window } = visit;
      const asked: VisitText = {
        window,
        ...(places === undefined ? {} : { places }),
        ...(levels === undefined ? {} : { levels }),
        ...(longerThanHours === undefined ? {} : { longerThanHours }),
      };
      const clauses: ClauseText[] = [
        { id: 'v', kind: 'exempt', for: { visited: asked } },
        { id: 'n', kind: 'exempt', for: { notVisited: asked } },
        { id: 'o', kind: 'no_visit', ...asked },
      ];
      const alike = [rule, ...clauses.map((clause) => ({ ...alone(rule, clause), clauses: [clause] }))];
      for (const [to, seconds, saysNoStays] of STARTS.flatMap((start) =>
        [-1, 0, 1].flatMap((second) => [[start, second, true] as const, [start, second, false] as const]),
      )) {
        const at = later(boundaryOf(window, to), seconds);
        for (const stay of staysUntil(visit, to)) {
          const history = {
            results: [
              { issued: later(at, -60 * 3_600), sampled: later(at, -66 * 3_600), tested: null, province: '43' },
            ],
            samplings: [],
            stays: [stay],
            saysNoStays,
          };
          for (const text of alike) {
            const expected = naivelyRecognised(text, history, at);
            seen.add(expected);
            if (answered(text, history, at) !== expected)
              expect.fail(
                `at ${at}: expected ${expected ? '' : 'not '}recognised by ` +
                  `${JSON.stringify(text.clauses)} of ${JSON.stringify(history)}`,
              );
          }
        }
      }
    }
    expect(seen.size).toBe(2);
  });
});

/** When the last span of a stay ends. */
function dueOf(spans: readonly SpanText[], arrived: Civil): Civil {
  const { unit, to } = spans.at(-1) as SpanText;
  return unit === 'hours' ? later(arrived, to * 3_600) : civilOf((dayNumber(arrived) + to) * 86_400);
}

describe('every duty', () => {
  it.each(
    texts.flatMap((rule) =>
      (rule.duties ?? []).flatMap((duty) =>
        duty.tests === undefined
          ? []
          : [[`${rule.id} ${rule.version}, ${duty.id}`, rule, duty.id, duty.tests.spans] as const],
      ),
    ),
  )('%s is due when its last span ends', (_name, rule, id, spans) => {
    const forAll = compileRule(
      {
        ...rule,
        duties: (rule.duties ?? []).map(
          ({ for: _who, when: _when, unless: _unless, supersedes: _less, ...duty }) => duty,
        ),
      },
      texts,
    );
    for (const start of STARTS) {
      const atMs = ms(start);
      const answer = recognise({
        destination: '43',
        purpose: 'entry',
        codeBook: NO_CODE_TABLES,
        policy: { rule: forAll, untilMs: Number.POSITIVE_INFINITY },
        snapshot: freshSnapshot(null, atMs),
        presented: [],
        occasion: { ...NOTHING_STATED, arrivedAtMs: atMs },
        atMs,
        nowMs: atMs,
      });
      expect(instant(answer.duties.find((duty) => duty.id === id)?.dueBy ?? '')).toBe(ms(dueOf(spans, start)));
    }
  });
});
