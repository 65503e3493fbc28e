/** The comparison of two moving views: what is equal is never called different, and what differs always is. */

import { describe, expect, it } from 'vitest';
import type { PersonKey } from '#core/field/identity.ts';
import { merge } from '#core/view/merge.ts';
import type { Position } from '#core/view/snapshot.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { encodeView } from '#exchange/view/codec.ts';
import { testReported } from '#exercises/town/events.ts';
import { Comparison, type Tally } from '#services/cli/view/compare.ts';
import type { Look } from '#services/cli/view/looks.ts';
import { comparisonTable, namedPeople } from '#services/cli/view/report.ts';

const keyOf = (number: number): PersonKey => Buffer.alloc(16, number);
const made = new Map<number, Buffer>();
function viewOf(reports: number): Buffer {
  const view =
    made.get(reports) ??
    encodeView(
      Array.from({ length: reports }, (_, index) => testReported({ sampleId: `s${index}` })).reduce(merge, EMPTY_VIEW),
    );
  made.set(reports, view);
  return view;
}
const positionAt = (nextOffset: number): Position => ({
  clusterId: 'c',
  topics: { tests: { topicId: 't', nextOffset } },
});

/** Two views of a log in which person n gets report r at offset `n + 10 r`; each look moves both on. */
class Moving {
  live = 100;
  other = 90;
  readonly damaged = new Map<number, Buffer | null>();
  perLook = { live: 7, other: 9 };
  looks = 0;

  look = async (_partition: number, keys: readonly PersonKey[]): Promise<Look> => {
    this.looks += 1;
    const state = (at: number, damaged: ReadonlyMap<number, Buffer | null>) => ({
      position: positionAt(at),
      acceptedUpToMs: 0,
      views: keys.map(
        (key) =>
          damaged.get(key[0] as number) ??
          (damaged.has(key[0] as number) ? null : viewOf(Math.max(1, Math.floor((at - (key[0] as number)) / 10)))),
      ),
    });
    const found = { live: state(this.live, this.damaged), other: state(this.other, new Map()) };
    this.live += this.perLook.live;
    this.other += this.perLook.other;
    // Nobody gets more after a while: the views come to rest, the positions don't.
    return found;
  };
}

async function compared(moving: Moving, people = 20): Promise<Tally> {
  const comparison = new Comparison(moving.look, [0], async () => undefined);
  for (let person = 1; person <= people; person += 1) await comparison.add(0, keyOf(person));
  await comparison.finish();
  return comparison.tallies[0] as Tally;
}

describe('two views', () => {
  it('at the same position are judged at once', async () => {
    const still = new Moving();
    still.other = still.live;
    still.perLook = { live: 0, other: 0 };
    still.damaged.set(3, viewOf(2)).set(4, null);
    const tally = await compared(still);
    expect(tally).toMatchObject({ differing: 2, unsure: 0, live: 19, other: 20 });
    expect(tally.named).toEqual([keyOf(3), keyOf(4)]);
    expect(still.looks).toBe(1);
  });
  it('that move name those who differ for good, and nobody whose events were just coming in', async () => {
    const moving = new Moving();
    moving.damaged.set(5, viewOf(1)).set(6, null).set(7, Buffer.of(9, 9));
    // After the first look nothing more comes for anyone, but watermarks and other people move both positions.
    const first = moving.look;
    let looked = 0;
    moving.look = async (partition, keys) => {
      looked += 1;
      if (looked === 1) return first(partition, keys);
      const views = keys.map(() => viewOf(9));
      moving.live += 3;
      moving.other += 3;
      return {
        live: {
          position: positionAt(moving.live),
          acceptedUpToMs: 0,
          views: keys.map((key, index) =>
            moving.damaged.has(key[0] as number)
              ? (moving.damaged.get(key[0] as number) as Buffer | null)
              : (views[index] as Buffer),
          ),
        },
        other: { position: positionAt(moving.other), acceptedUpToMs: 0, views },
      };
    };
    const tally = await compared(moving);
    expect(tally.named.map((key) => key[0])).toEqual([5, 6, 7]);
    expect(tally).toMatchObject({ differing: 3, unsure: 0 });
  });
  it('do not make someone different to whom events come between any two looks', async () => {
    const stateOf = (at: number): Buffer =>
      encodeView(merge(EMPTY_VIEW, testReported({ sampleId: `state ${Math.floor(at / 10)}` })));
    const damaged = keyOf(2);
    let at = 100;
    const comparison = new Comparison(
      async (_partition, keys) => {
        at += 10; // each look finds another view, and the other state two views behind
        const behind = at - 20;
        const see = (position: number, isLive: boolean) => ({
          position: positionAt(position),
          acceptedUpToMs: 0,
          views: keys.map((key) => (key.equals(damaged) ? viewOf(isLive ? 1 : 2) : stateOf(position))),
        });
        return { live: see(at, true), other: see(behind, false) };
      },
      [0],
      async () => undefined,
    );
    for (const key of [keyOf(1), damaged]) await comparison.add(0, key);
    await comparison.finish();
    expect(comparison.tallies[0]).toMatchObject({ differing: 1, unsure: 0, named: [damaged] });
  });
  it('name someone with a doubt whom no look ever finds in the same view', async () => {
    let at = 100;
    const comparison = new Comparison(
      async (_partition, keys) => {
        at += 10;
        const see = (position: number, name: string) => ({
          position: positionAt(position),
          acceptedUpToMs: 0,
          views: keys.map(() => encodeView(merge(EMPTY_VIEW, testReported({ sampleId: `${name} ${position}` })))),
        });
        return { live: see(at, 'live'), other: see(at - 20, 'other') };
      },
      [0],
      async () => undefined,
    );
    await comparison.add(0, keyOf(1));
    await comparison.finish();
    expect(comparison.tallies[0]).toMatchObject({ differing: 1, unsure: 1 });
  });
  it('of which one stands still behind the other are named with a doubt', async () => {
    const stuck = new Moving();
    stuck.perLook = { live: 0, other: 0 };
    stuck.other = 130;
    const tally = await compared(stuck);
    expect(tally.differing).toBe(20);
    expect(tally.unsure).toBe(20);
    expect(comparisonTable([tally], ['live', 'rebuilt'])).toContain("Of 20 of them it isn't sure");
  });
});

describe('the checksums', () => {
  it('are equal when the views are, whatever the order of the people, and differ when one view does', async () => {
    const sums = async (order: readonly number[], damaged?: Buffer): Promise<readonly bigint[]> => {
      const comparison = new Comparison(
        async (_partition, keys) => ({
          live: {
            position: positionAt(1),
            acceptedUpToMs: 0,
            views: keys.map((key) => (key[0] === 2 && damaged !== undefined ? damaged : viewOf(key[0] as number))),
          },
          other: { position: positionAt(1), acceptedUpToMs: 0, views: keys.map((key) => viewOf(key[0] as number)) },
        }),
        [0],
      );
      for (const person of order) await comparison.add(0, keyOf(person));
      await comparison.finish();
      const [tally] = comparison.tallies as [Tally];
      return [tally.liveChecksum, tally.otherChecksum];
    };
    const [live, other] = await sums([1, 2, 3]);
    expect(other).toBe(live);
    expect(await sums([3, 1, 2])).toEqual([live, live]);
    expect((await sums([1, 2, 3], viewOf(7)))[0]).not.toBe(live);
  });
  it('count a view for its person: two people who changed places are found', async () => {
    const comparison = new Comparison(
      async (_partition, keys) => ({
        live: { position: positionAt(1), acceptedUpToMs: 0, views: keys.map((key) => viewOf(3 - (key[0] as number))) },
        other: { position: positionAt(1), acceptedUpToMs: 0, views: keys.map((key) => viewOf(key[0] as number)) },
      }),
      [0],
    );
    for (const person of [1, 2]) await comparison.add(0, keyOf(person));
    await comparison.finish();
    const [tally] = comparison.tallies as [Tally];
    expect(tally.liveChecksum).not.toBe(tally.otherChecksum);
    expect([...namedPeople([tally])]).toEqual([
      `partition 0 person ${'01'.repeat(16)}`,
      `partition 0 person ${'02'.repeat(16)}`,
    ]);
  });
});
