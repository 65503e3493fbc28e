/**
 * An injection that did nothing has tested nothing: its round says so, and so do the table and the verdict. And the
 * report says where the time went.
 */

import { describe, expect, it } from 'vitest';
import { type RoundResult, withoutBite } from '#exercises/faults/round.ts';
import { hasBitten } from '#exercises/faults/scene/injection.ts';
import { tableOf, timesOf, verdictOf } from '#exercises/faults/table.ts';

const ROUND: RoundResult = {
  injections: ['network: cut', 'poison: of known people'],
  events: 10,
  answers: 10,
  answersChecked: 10,
  doubled: 0,
  lookupPauseMs: 1,
  streamPauseMs: 1,
  catchUpMs: 1,
  bites: [[{ what: 'connections cut or refused', count: 3 }], [{ what: 'unreadable records', count: 0 }]],
  violations: {},
  tookMs: {},
};

describe('an injection has bitten', () => {
  it.each([
    ['that counted something', [1], true],
    ['that counted all that it was to do', [1, 2], true],
    ['that lacks a part of what it was to do', [1, 0], false],
    ['that counted nothing', [0], false],
    ['that can say nothing', [], false],
  ] as const)('%s', (_what, counts, expected) => {
    expect(hasBitten(counts.map((count) => ({ what: 'bytes lost', count })))).toBe(expected);
  });
});

describe('a round', () => {
  it('names the injections that did nothing', () => {
    expect(withoutBite(ROUND)).toEqual(['poison: of known people']);
    expect(withoutBite({ ...ROUND, bites: [] })).toEqual(ROUND.injections);
  });
  it('counts in the table as one that tested nothing of that injection', () => {
    const cells = (name: string): string[] => {
      const row = tableOf([ROUND, ROUND])
        .split('\n')
        .find((line) => line.includes(name));
      return (row ?? '').split('│').map((cell) => cell.trim());
    };
    expect(cells('network: cut').slice(1, 4)).toEqual(['network: cut', '2', '0']);
    expect(cells('poison').slice(1, 4)).toEqual(['poison: of known people', '2', '2']);
    expect(cells('all').slice(1, 4)).toEqual(['all', '2', '2']);
  });
  it('is in the verdict, which praises nothing then', () => {
    const report = { seed: 1, tookSeconds: 1, rounds: [ROUND] };
    expect(verdictOf({ ...report, passed: false })).toBe(
      'Every guarantee held in 1 rounds (1 s, SEED=1), but this run proves less than it should:\n' +
        '  round 1: poison: of known people did nothing, and so tested nothing',
    );
    expect(verdictOf({ ...report, passed: true, rounds: [{ ...ROUND, injections: ['network: cut'] }] })).toBe(
      'Every guarantee held in 1 rounds (1 s, SEED=1).',
    );
  });
});

it('the report says where the time went, and takes what no round has for start and stop', () => {
  const round = { ...ROUND, tookMs: { breaking: 5_000, checks: 2_000 } };
  expect(timesOf({ rounds: [round, round], tookSeconds: 31.2 })).toBe(
    '31.2 s: breaking 10, checks 4, start and stop of the stack 17',
  );
});
