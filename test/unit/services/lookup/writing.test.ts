/** Answers as bytes: what they say, and what of them is written once. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '#core/answer/answer.ts';
import { recognise } from '#core/answer/recognise.ts';
import type { PolicyBook } from '#core/book/policy-book.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { NOTHING_STATED } from '#core/question/occasion.ts';
import type { Purpose } from '#core/rules/purpose.ts';
import type { PersonView } from '#core/view/view.ts';
import { readHistory } from '#exchange/policy/example.ts';
import { at } from '#exercises/town/events.ts';
import { problemType } from '#platform/problems.ts';
import { type BatchItem, compileWriters, type Write } from '#services/lookup/writing.ts';
import { freshness, snapshot } from '#test/support/lookup.ts';
import { shippedBook } from '#test/support/policies.ts';

let book: PolicyBook;
beforeAll(async () => {
  book = await shippedBook();
});

function ask(
  destination: ProvinceCode,
  purpose: Purpose,
  when = '2022-09-15T12:00:00+08:00',
  view: PersonView | null = null,
): Answer {
  const atMs = at(when);
  return recognise({
    destination,
    purpose,
    codeBook: book.codeBook,
    searched: book.searched,
    policy: book.select({ destination, purpose, ...NOTHING_STATED }, atMs),
    snapshot: snapshot(view, { freshness: freshness({}, atMs) }),
    presented: [],
    occasion: NOTHING_STATED,
    atMs,
    nowMs: atMs,
  });
}

/** The fields that a schema names, no more; `written` says how often each schema wrote something. */
function counting(written: string[]): (schema: object) => Write {
  return (schema) => {
    const names = Object.keys((schema as { properties: object }).properties);
    return (value) => {
      written.push(names[0] as string);
      const plain = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
      return JSON.stringify(Object.fromEntries(names.flatMap((name) => (name in plain ? [[name, plain[name]]] : []))));
    };
  };
}
const dosed = readHistory({ doses: [{ givenAt: '2022-03-01', doseNumber: 2 }] }).view;
const parsed = (bytes: Buffer): unknown => JSON.parse(bytes.toString());
const plain = (answer: Answer): unknown => JSON.parse(JSON.stringify(answer));
const ruled = (): Answer => ask('31', 'public_place', '2022-08-15T12:00:00+08:00');
const unruled = (): Answer => ask('31', 'estate');

describe('an answer as bytes', () => {
  it('says what the answer says, with a rule and without one', () => {
    const { single } = compileWriters(counting([]));
    expect([ruled().rule, unruled().rule]).toMatchObject([{ id: '31/public-place' }, null]);
    for (const answer of [ruled(), unruled()]) expect(parsed(single(answer))).toEqual(plain(answer));
  });
  it('was slower by a quarter where none is known: what was searched is written once, and so is each rule', () => {
    const written: string[] = [];
    const { single } = compileWriters(counting(written));
    for (const answer of [ruled(), unruled(), ruled(), unruled(), ask('31', 'workplace')]) single(answer);
    expect(written.filter((name) => name === 'id')).toHaveLength(1);
    const searches = new Set([unruled().noneKnown, ask('31', 'workplace').noneKnown]);
    expect(written.filter((name) => name === 'from')).toHaveLength(searches.size);
  });
  it('writes once what stands of people without codes, and anew what stands of one with a dose', () => {
    const written: string[] = [];
    const { single } = compileWriters(counting(written));
    for (const answer of [ruled(), unruled(), ask('31', 'public_place', '2022-08-15T12:00:00+08:00', dosed)])
      expect(parsed(single(answer))).toEqual(plain(answer));
    expect(written.filter((name) => name === 'code')).toHaveLength(2);
  });
  it('keeps a rule apart by the clause that recognises', () => {
    const { single } = compileWriters(counting([]));
    const same = plain(ruled()) as Answer;
    const other = { ...same, rule: { ...same.rule, clause: 'another' } } as Answer;
    expect(parsed(single(ruled()))).toMatchObject({ rule: { clause: null } });
    expect(parsed(single(other))).toMatchObject({ rule: { clause: 'another' } });
  });
  it('never holds a field that the schema doesn’t name', () => {
    const { single } = compileWriters(counting([]));
    const more = { ...(plain(ruled()) as Answer), documentNumber: '110101199003070038' };
    expect(single(more).toString()).not.toContain('110101199003070038');
  });
});

describe('many answers', () => {
  it('stand in a list, in order', () => {
    const { all } = compileWriters(counting([]));
    expect(parsed(all({ answers: [ruled(), unruled()] }))).toEqual({ answers: [plain(ruled()), plain(unruled())] });
    expect(parsed(all({ answers: [] }))).toEqual({ answers: [] });
  });
  it('stand beside problems in a batch', () => {
    const { batch } = compileWriters(counting([]));
    const problem = { type: problemType('wrong-check-digit'), title: 'no', status: 400 };
    const results: BatchItem[] = [
      { index: 0, answer: ruled() },
      { index: 1, problem },
      { index: 2, answer: unruled() },
    ];
    expect(parsed(batch({ results }))).toEqual({
      results: [
        { index: 0, answer: plain(ruled()) },
        { index: 1, problem },
        { index: 2, answer: plain(unruled()) },
      ],
    });
  });
});
