/** Which codes are in force at an instant, on both sides of each bound, and who must clear them. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesInForce } from '#core/codes/codes.ts';
import type { CodeAssigned } from '#core/events/events.ts';
import { DAY_MS, HOUR_MS } from '#core/field/time.ts';
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW, VIEW_LIMITS } from '#core/view/view.ts';
import { at, codeAssigned } from '#exercises/town/events.ts';
import { anyHistory } from '#test/support/histories.ts';

const T0 = at('2022-08-09T18:00+08:00');
const viewOf = (...events: CodeAssigned[]) => events.reduce(merge, EMPTY_VIEW);
const statesAt = (atMs: number, ...events: CodeAssigned[]) =>
  codesInForce(viewOf(...events), atMs).codes.map(({ province, code, clearedBy }) => [province, code.state, clearedBy]);

const code = (decisionId: string, state: string, assignedAtMs: number, given: Partial<CodeAssigned> = {}) =>
  codeAssigned({
    decisionId,
    state,
    assignedAtMs,
    recordedAtMs: assignedAtMs,
    expiresAtMs: assignedAtMs + 7 * DAY_MS,
    ...given,
  });
const green = (decisionId: string, assignedAtMs: number, given: Partial<CodeAssigned> = {}) =>
  code(decisionId, 'green', assignedAtMs, {
    reason: null,
    authority: null,
    legalBasis: null,
    expiresAtMs: null,
    appealContact: null,
    ...given,
  });
const RED = code('K1', 'red', T0);

describe('a code', () => {
  it('is in force from its assignment up to, and not at, its expiry', () => {
    const times = [T0 - 1, T0, T0 + 7 * DAY_MS - 1, T0 + 7 * DAY_MS];
    expect(times.map((atMs) => statesAt(atMs, RED))).toEqual([[], [['43', 'red', '43']], [['43', 'red', '43']], []]);
  });
  it('gives way to a newer one of the same province from that one’s instant on', () => {
    const yellow = code('K2', 'yellow', T0 + HOUR_MS);
    expect([T0 + HOUR_MS - 1, T0 + HOUR_MS].map((atMs) => statesAt(atMs, RED, yellow))).toEqual([
      [['43', 'red', '43']],
      [['43', 'yellow', '43']],
    ]);
  });
  it('of one instant with another is the one that was written later', () => {
    const later = code('K0', 'yellow', T0, { recordedAtMs: T0 + 1 });
    expect(statesAt(T0, RED, later)).toEqual([['43', 'yellow', '43']]);
  });
  it('that was retracted is not in force, and uncovers what it had replaced', () => {
    expect(statesAt(T0, { ...RED, status: 'retracted' })).toEqual([]);
    const retracted = code('K2', 'yellow', T0 + HOUR_MS, { status: 'retracted' });
    expect(statesAt(T0 + 2 * HOUR_MS, RED, retracted)).toEqual([['43', 'red', '43']]);
  });
  it('that is preliminary counts like any other', () => {
    expect(statesAt(T0, { ...RED, status: 'preliminary' })).toEqual([['43', 'red', '43']]);
  });
  it('of a day doesn’t clear one of a fortnight when it ends', () => {
    const popUp = code('K2', 'pop_up', T0 + HOUR_MS, { expiresAtMs: T0 + DAY_MS });
    expect([T0 + DAY_MS - 1, T0 + DAY_MS].map((atMs) => statesAt(atMs, RED, popUp))).toEqual([
      [['43', 'pop_up', '43']],
      [['43', 'red', '43']],
    ]);
  });
});

describe('green', () => {
  it('of the province that assigned a colour clears it, and needs no clearing itself', () => {
    expect(statesAt(T0 + DAY_MS, RED, green('K2', T0 + DAY_MS))).toEqual([['43', 'green', null]]);
  });
  it('of another province clears nothing: the colour stays, and who must clear it is named', () => {
    expect(statesAt(T0 + DAY_MS, RED, green('K2', T0 + DAY_MS, { province: '44' }))).toEqual([
      ['43', 'red', '43'],
      ['44', 'green', null],
    ]);
  });
  it('that has an end leaves no colour behind when it ends', () => {
    const short = green('K2', T0 + HOUR_MS, { expiresAtMs: T0 + DAY_MS });
    expect([T0 + DAY_MS - 1, T0 + DAY_MS].map((atMs) => statesAt(atMs, RED, short))).toEqual([
      [['43', 'green', null]],
      [],
    ]);
  });
  it('gives way to a colour that is assigned later', () => {
    expect(statesAt(T0, green('K0', T0 - DAY_MS), RED)).toEqual([['43', 'red', '43']]);
  });
});

describe('of several provinces', () => {
  it('each has its own, in the order of their codes', () => {
    const codes = [
      code('K1', 'orange', T0, { province: '66' }),
      RED,
      code('K1', 'blue', T0, { province: '11' }),
      code('K1', 'grey', T0 - 8 * DAY_MS, { province: '12' }),
    ];
    expect(statesAt(T0, ...codes)).toEqual([
      ['11', 'blue', '11'],
      ['43', 'red', '43'],
      ['66', 'orange', '66'],
    ]);
  });
});

describe('a view that was cut', () => {
  const daily = Array.from({ length: VIEW_LIMITS.codesMax + 1 }, (_, index) =>
    code(`K${index}`, 'yellow', at('2022-08-01T00:00+08:00') + index * DAY_MS),
  );
  it('may miss a code until the latest end that any version of those had', () => {
    const endMs = at('2022-08-20T00:00+08:00');
    const ended = code('K0', 'yellow', at('2022-08-01T00:00+08:00'), { recordedAtMs: T0 });
    const longer = { ...ended, expiresAtMs: endMs, recordedAtMs: T0 - 1 };
    const missed = (atMs: number) => codesInForce(viewOf(longer, ended, ...daily), atMs).mayMissSome;
    expect([T0, endMs - 1, endMs].map(missed)).toEqual([true, true, false]);
    expect(codesInForce(viewOf(...daily), T0).mayMissSome).toBe(false);
  });
  it('of green ones alone misses none', () => {
    const greens = daily.map((yellow, index) => green(`K${index}`, yellow.assignedAtMs));
    expect(codesInForce(viewOf(...greens), T0).mayMissSome).toBe(false);
  });
  it('that wasn’t misses none', () => {
    expect(codesInForce(viewOf(...daily.slice(1)), T0)).toMatchObject({ mayMissSome: false });
    expect(codesInForce(EMPTY_VIEW, T0)).toEqual({ codes: [], mayMissSome: false });
  });
});

describe('whatever the history', () => {
  it('at most one code a province, none retracted or outside its time, and who must clear it assigned it', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: -2, max: 12 }), ({ events }, days) => {
        const atMs = T0 + days * DAY_MS;
        const { codes } = codesInForce(events.reduce(merge, EMPTY_VIEW), atMs);
        expect(new Set(codes.map(({ province }) => province)).size).toBe(codes.length);
        for (const { province, code: found, clearedBy } of codes) {
          expect(found).toMatchObject({ province, status: expect.not.stringMatching('retracted') as string });
          expect(found.assignedAtMs <= atMs && (found.expiresAtMs === null || atMs < found.expiresAtMs)).toBe(true);
          expect(clearedBy).toBe(found.state === 'green' ? null : province);
        }
      }),
      { numRuns: 300 },
    );
  });
});
