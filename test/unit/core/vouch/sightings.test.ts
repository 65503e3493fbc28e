/**
 * Whether records whose tags fail are claimed: never one that somebody else put there while all that a process claims
 * is there, and always one that the process wrote itself.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Claimed, SIGHTING_LIMITS, Sightings } from '#core/vouch/sightings.ts';

const OF = { instance: '43-a', epoch: 1, topic: 'tests' };
const through = (number: number, isOver = false): Claimed => ({ kind: 'through', number, isOver });
const good = (sightings: Sightings, ...numbers: number[]): void => {
  for (const number of numbers) sightings.proven({ ...OF, number });
};
const bad = (sightings: Sightings, number: number, claimed: Claimed = through(0), changed = {}, isJudged = false) =>
  sightings.failed({ ...OF, number, ...changed }, claimed, isJudged);

describe('a record whose tag fails', () => {
  it('is unclaimed where its number is there already, or was claimed before it was read', () => {
    const sightings = new Sightings();
    good(sightings, 1, 2, 3);
    expect(bad(sightings, 2)).toBe('unclaimed');
    expect(bad(sightings, 4, through(4))).toBe('unclaimed');
    expect(sightings.stored.open).toEqual([]);
  });
  it('is unclaimed where no such process is, or a later one speaks or has written', () => {
    const sightings = new Sightings();
    expect(bad(sightings, 4, { kind: 'nothing' })).toBe('unclaimed');
    expect(bad(sightings, 4, through(3, true))).toBe('unclaimed');
    sightings.proven({ ...OF, epoch: 2, number: 1 });
    expect(bad(sightings, 4)).toBe('unclaimed');
  });
  it('is claimed where nobody knows any more, unless it was judged when it was known', () => {
    expect(bad(new Sightings(), 4, { kind: 'unknown' })).toBe('claimed');
    expect(bad(new Sightings(), 4, { kind: 'unknown' }, {}, true)).toBe('unclaimed');
  });
  it('is open while a watermark may still claim it, and is claimed by the first that does', () => {
    const sightings = new Sightings();
    good(sightings, 1, 2);
    expect([bad(sightings, 3), bad(sightings, 4, through(2))]).toEqual(['open', 'open']);
    expect(sightings.decide(() => through(2))).toEqual([]);
    expect(sightings.decide(() => through(3))).toEqual([{ ...OF, from: 3, through: 3 }]);
    expect(sightings.decide(() => through(4))).toEqual([{ ...OF, from: 4, through: 4 }]);
    expect(sightings.decide(() => through(4))).toEqual([]);
  });
  it('is unclaimed once the genuine one has come, be it before or after the process has ended', () => {
    const sightings = new Sightings();
    bad(sightings, 1);
    good(sightings, 1);
    sightings.proven({ ...OF, epoch: 2, number: 1 });
    expect(sightings.decide(() => through(1, true))).toEqual([]);
    expect(sightings.stored.open).toEqual([]);
  });
  it('that nobody claims to the end is open no more then', () => {
    const sightings = new Sightings();
    bad(sightings, 9);
    expect(sightings.decide(() => through(3, true))).toEqual([]);
    expect(sightings.stored.open).toEqual([]);
  });
  it('with a number far ahead isn’t claimed by what comes to it', () => {
    const sightings = new Sightings();
    bad(sightings, 5);
    good(sightings, 1, 2, 3, 4, 5, 6);
    expect(sightings.decide(() => through(6))).toEqual([]);
  });
  it('that was missed in the midst of others is claimed, and isn’t once it is there', () => {
    const sightings = new Sightings();
    good(sightings, 1, 3);
    bad(sightings, 2);
    const copy = new Sightings(sightings.stored);
    expect(copy.decide(() => through(3))).toHaveLength(1);
    good(sightings, 2);
    expect(sightings.stored.proven).toEqual({ '43-a tests': [[1, [1, 3]]] });
    expect(sightings.decide(() => through(3))).toEqual([]);
  });
  it('counts as claimed beyond the bound', () => {
    const sightings = new Sightings();
    for (let epoch = 1; epoch <= SIGHTING_LIMITS.openMax; epoch += 1)
      expect(bad(sightings, 1, through(0), { epoch })).toBe('open');
    expect(bad(sightings, 1, through(0), { epoch: 9_999 })).toBe('claimed');
    expect(bad(sightings, 2, through(0), { epoch: 1 })).toBe('open');
  });
});

it('of more runs of numbers than are kept the lowest count as never seen', () => {
  const sightings = new Sightings();
  for (let run = 0; run <= SIGHTING_LIMITS.rangesMax; run += 1) good(sightings, 1 + 2 * run);
  expect(bad(sightings, 1)).toBe('open');
  expect(bad(sightings, 3)).toBe('unclaimed');
});

/** What happens in a partition, in its order: `good` and `bad` records of the process, forged ones, watermarks. */
const STORY = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('own' as const), holds: fc.boolean() }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('forged' as const), ahead: fc.integer({ min: -3, max: 3 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('watermark' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('stored' as const) }) },
  ),
  { maxLength: 40 },
);

it('whatever is forged, just those are found claimed that the process wrote and that fail', () => {
  fc.assert(
    fc.property(STORY, fc.boolean(), (story, isBotched) => {
      let sightings = new Sightings();
      let [written, claimed, missing, found] = [0, 0, false, false];
      for (const part of [...story, { kind: 'watermark' as const }]) {
        if (part.kind === 'own') {
          written += 1;
          if (!isBotched || part.holds) good(sightings, written);
          else {
            missing = true;
            expect(bad(sightings, written, through(claimed))).not.toBe('claimed');
          }
        } else if (part.kind === 'forged') {
          const number = written + part.ahead;
          if (number > 0) expect(bad(sightings, number, through(claimed))).not.toBe('claimed');
        } else if (part.kind === 'watermark') {
          claimed = written;
          found = sightings.decide(() => through(claimed)).length > 0 || found;
        } else sightings = new Sightings(JSON.parse(JSON.stringify(sightings.stored)));
      }
      expect(found).toBe(missing);
    }),
  );
});
