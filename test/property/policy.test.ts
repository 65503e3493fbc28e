/**
 * Properties of rules over time: what an answer says of the future holds, and what new evidence can and can't do.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognise, type RecognitionInput } from '#core/answer/recognise.ts';
import { compilePolicyBook } from '#core/book/policy-book.ts';
import type { ClauseText } from '#core/clauses/clause-text.ts';
import { decide } from '#core/decision/decide.ts';
import { relationOf } from '#core/decision/next-change.ts';
import { HOUR_MS, MINUTE_MS } from '#core/field/time.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { chooseTests } from '#core/trial/tests-chain.ts';
import type { PersonView, TestRegister } from '#core/view/view.ts';
import { anyInput } from '#test/support/any-input.ts';
import { anyRule } from '#test/support/any-rule.ts';
import { anyTest } from '#test/support/any-view.ts';
import { NOW_MS, inForce, ruleAt, ruleText } from '#test/support/lookup.ts';
import { ARE_ALL_RUNS, runs } from '#test/support/runs.ts';

const RUNS = { numRuns: runs(4_000) } as const;
const implies = (premise: boolean, conclusion: () => boolean): boolean => !premise || conclusion();

/** The same question so much later: about now both clocks go on, about another instant that one alone. */
const moved = (given: RecognitionInput, byMs: number): RecognitionInput => ({
  ...given,
  atMs: given.atMs + byMs,
  nowMs: isNow(given) ? given.nowMs + byMs : given.nowMs,
});
const isNow = ({ atMs, nowMs }: RecognitionInput): boolean => relationOf(atMs, nowMs) === 'now';
const aboutNow = anyInput.map((given) => ({ ...given, atMs: given.nowMs }));
const question = fc.oneof(anyInput, aboutNow);
/** The same answer asked for again so much later, about the same instant. */
const askedAgain = (given: RecognitionInput, byMs: number): RecognitionInput => ({
  ...given,
  nowMs: given.nowMs + byMs,
});

describe('until nextChangeAt', () => {
  it('the outcome, the states and the duties stay as they are', () => {
    let changes = 0;
    fc.assert(
      fc.property(question, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const now = decide(given);
        const lastMs = Math.min(now.nextChangeMs - given.atMs - 1, 400 * HOUR_MS);
        expect(lastMs).toBeGreaterThanOrEqual(0);
        for (const byMs of [Math.floor(lastMs * share), lastMs]) {
          const then = decide(moved(given, byMs));
          expect([then.outcome, then.states, then.duties]).toEqual([now.outcome, now.states, now.duties]);
        }
        if (Number.isFinite(now.nextChangeMs) && decide(moved(given, lastMs + 1)).outcome !== now.outcome) changes += 1;
      }),
      RUNS,
    );
    // It is a bound that is often reached, not one that is merely safe.
    if (ARE_ALL_RUNS) expect(changes).toBeGreaterThan(RUNS.numRuns / 20);
  });
  it('nobody is told to rely on an answer beyond it, nor for longer than the rule says', () => {
    fc.assert(
      fc.property(question, (given) => {
        const { askAgainByMs, nextChangeMs, outcome } = decide(given);
        const reliedMs = (askAgainByMs ?? Number.NaN) - given.nowMs;
        return (
          reliedMs > 0 &&
          reliedMs <= given.policy.rule.askAgainMs &&
          implies(isNow(given), () => reliedMs <= nextChangeMs - given.atMs) &&
          implies(!isNow(given), () => decide(askedAgain(given, reliedMs - 1)).outcome === outcome)
        );
      }),
      RUNS,
    );
  });
});

/** A negative that is newer than everything the view can hold, by every time it has. */
function laterNegative(base: TestRegister, atMs: number): TestRegister {
  return {
    ...base,
    status: 'final',
    result: 'negative',
    method: 'nucleic_acid',
    issuedAtMs: atMs,
    sampledAtMs: atMs - HOUR_MS,
    testedAtMs: atMs - HOUR_MS,
  };
}

function withTest(given: RecognitionInput, test: TestRegister): RecognitionInput {
  const view = given.snapshot.view as PersonView;
  return { ...given, snapshot: { ...given.snapshot, view: { ...view, datedTests: [test, ...view.datedTests] } } };
}

const RANK = { recognised: 2, undetermined: 1, not_recognised: 0, no_evidence: 0 } as const;

describe('a later negative', () => {
  /*
   * The true form. Where a clause excludes the landing test, the new test may be the landing test only of somebody who
   * had none, and so takes nothing away; with n in m it can only add choices. So in every rule without a transition,
   * what was recognised stays recognised, n in m or not, as long as the view holds all tests. What doesn't stay is a
   * transition: a newer result ends it, and what it kept may be over by the new count. And a view that is full pushes
   * its oldest test out, which n in m may have needed: then the answer is undetermined, never a plain no.
   */
  it('on record never worsens an outcome, in any rule without a transition', () => {
    fc.assert(
      fc.property(anyInput, anyTest, (given, base) =>
        implies(
          given.snapshot.view !== null,
          () =>
            RANK[recognise(withTest(given, laterNegative(base, given.atMs))).outcome] >=
              RANK[recognise(given).outcome] || recognise(given).outcome === 'undetermined',
        ),
      ),
      RUNS,
    );
  });
  it('that ends a transition leaves what the new version says without the kept one', () => {
    const kept = ruleText({ inForce: { from: '2019-12-01T00:00+08:00', until: '2020-01-01T00:00+08:00' } });
    fc.assert(
      fc.property(anyInput, anyRule, anyTest, (given, text, base) => {
        const { transition: _, ...plain } = { ...text, version: 2 };
        const newer: RuleText = {
          ...plain,
          transition: {
            version: 1,
            reportsIssued: [{ from: '2026-02-28T00:00+08:00', until: '2026-03-01T00:00+08:00' }],
          },
        };
        const book = compilePolicyBook([kept, newer]);
        const rule = book.rules[1];
        if (rule === undefined || given.snapshot.view === null || given.atMs < NOW_MS - 30 * HOUR_MS) return true;
        const question = withTest(given, laterNegative(base, given.atMs));
        return (
          decide({ ...question, policy: { rule, untilMs: Number.POSITIVE_INFINITY } }).outcome ===
          decide({ ...question, policy: inForce(plain) }).outcome
        );
      }),
      RUNS,
    );
  });
});

describe('n tests, so many hours apart', () => {
  it('are found whenever any choice of them does, and the choice that lasts longest', () => {
    const test = fc
      .record({ takenAtMs: fc.nat(100), endMs: fc.nat(20) })
      .map(({ takenAtMs, endMs }) => ({ evidence: { sampledAtMs: takenAtMs * HOUR_MS } as TestRegister, endMs }));
    fc.assert(
      fc.property(
        fc.array(test, { maxLength: 8 }),
        fc.constantFrom(2, 3),
        fc.constantFrom(0, 12, 24),
        fc.constantFrom(24, 48, Number.POSITIVE_INFINITY),
        fc.boolean(),
        (tests, count, least, most, days) => {
          const subsets = (from: typeof tests, size: number): (typeof tests)[] =>
            size === 0
              ? [[]]
              : from.flatMap((one, index) => subsets(from.slice(index + 1), size - 1).map((rest) => [one, ...rest]));
          const taken = (one: (typeof tests)[number]): number => (one.evidence.sampledAtMs ?? 0) / HOUR_MS;
          const right = subsets(tests, count).filter((chosen) => {
            const times = chosen.map(taken).sort((a, b) => a - b);
            return times.every((time, index) => {
              const before = times[index - 1];
              if (before === undefined) return true;
              // Hour 0 is eight o'clock: a day begins with hour 16.
              const nextDay = Math.floor((time + 8) / 24) - Math.floor((before + 8) / 24) === 1;
              return index === 0 || (time - before >= least && time - before <= most && (!days || nextDay));
            });
          });
          const ends = right.map((chosen) => Math.min(...chosen.map(({ endMs }) => endMs)));
          const found = chooseTests(tests, count, {
            atLeastMs: least * HOUR_MS,
            atMostMs: most * HOUR_MS,
            onConsecutiveDays: days,
          });
          return found === null
            ? right.length === 0
            : Math.min(...found.map(({ endMs }) => endMs)) === Math.max(...ends);
        },
      ),
      RUNS,
    );
  });
});

describe('the number of rules', () => {
  it('doesn’t change what one answer looks at: the one rule in force is found without asking the others', () => {
    let asked = 0;
    const watched = (text: RuleText): RuleText => ({
      ...text,
      get clauses(): readonly ClauseText[] {
        asked += 1;
        return text.clauses;
      },
    });
    const twoDigits = (value: number): string => String(value).padStart(2, '0');
    const atMinute = (minute: number): string =>
      `2020-01-01T${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}+08:00`;
    const many = Array.from({ length: 200 }, (_, index) =>
      watched(
        ruleText({
          version: index + 2,
          inForce: {
            from: atMinute(index),
            until: atMinute(index + 1),
          },
        }),
      ),
    );
    const book = compilePolicyBook([
      ...many,
      ruleText({ version: 1_000, inForce: { from: '2020-01-02T00:00+08:00', until: null } }),
    ]);
    const before = asked;
    fc.assert(
      fc.property(anyInput, fc.nat(1_000), (given, minutes) => {
        const policy = ruleAt(book, '44', 'entry', NOW_MS + minutes * MINUTE_MS);
        return policy !== null && decide({ ...given, policy }).rule?.version === 1_000;
      }),
    );
    expect(asked).toBe(before);
  });
});
