/**
 * Whom records whose tags fail mark: nobody for what somebody else wrote in a province’s name, and the province for
 * what its own process claims.
 */

import { describe, expect, it } from 'vitest';
import type { Claimed } from '#core/vouch/sightings.ts';
import { provincePrincipal } from '#exchange/identity/principals.ts';
import { TAG } from '#exchange/keys/tags.ts';
import { claimHeader } from '#exchange/topics/claim-header.ts';
import { tagged } from '#exchange/topics/records.ts';
import { testReported } from '#exercises/town/events.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';
import { recordKey, TAGS } from '#test/support/keys.ts';
import { fetched, outgoing, turns } from '#test/unit/platform/kafka/support.ts';
import { A, begun } from './begun.ts';
import { MemoryLog, NO_CLAIMS, type Rig } from './support.ts';

const through = (number: number, isOver = false): Claimed => ({ kind: 'through', number, isOver });

/** The instance's record of that number, under its own tag; or under one that fails. */
function numbered(log: MemoryLog, number: number, isForged: boolean, signer = '43'): IncomingRecord {
  const { headers, ...record } = outgoing(A, testReported({ sampleId: `S${number}` }));
  const claim = claimHeader({ instance: '43-a', epoch: 1, attempt: 0, number });
  const whole = tagged(recordKey(provincePrincipal(signer as '43')), { ...record, headers: { ...headers, ...claim } });
  const changed = isForged ? { ...whole, headers: { ...whole.headers, [TAG]: Buffer.alloc(32) } } : whole;
  return log.append(A, testReported(), fetched(changed, log.endOf('tests'), testReported().acceptedAtMs));
}

interface Story extends Rig {
  readonly log: MemoryLog;
  /** What is in force from now on. */
  claim(claimed: Claimed): void;
  readAll(): Promise<void>;
}

async function story(given: Partial<typeof NO_CLAIMS> = {}): Promise<Story> {
  const state = { claimed: through(0) };
  const marked: string[] = [];
  const rig = await begun({
    tags: TAGS,
    exchange: {
      freshnessAt: () => ({ watermarks: [], incompleteProvinces: [], withdrawals: [] }),
      markIncomplete: (province) => void marked.push(`${province}`),
      ...NO_CLAIMS,
      claimed: () => state.claimed,
      ...given,
    },
  });
  const log = new MemoryLog();
  return {
    ...rig,
    log,
    claim: (claimed) => void (state.claimed = claimed),
    readAll: async () => {
      const from = rig.worker.expectedOffset('tests');
      if (log.endOf('tests') > from) rig.worker.offer(log.chunk('tests', from));
      else rig.worker.tick();
      await turns();
    },
  };
}

describe('a record whose tag fails', () => {
  const marks = ({ letters }: Rig) => letters.map(({ marked }) => marked);

  it('marks nobody while no watermark claims it, and its province in the step in which one does', async () => {
    const it = await story();
    numbered(it.log, 1, true);
    await it.readAll();
    expect([marks(it), it.found]).toEqual([['nobody'], []]);
    it.claim(through(1));
    await it.readAll();
    expect(it.found).toEqual([{ instance: '43-a', epoch: 1, topic: 'tests', partition: 0, from: 1, through: 1 }]);
    expect(it.happened.slice(-2)).toEqual(['found claimed', 'commit']);
    await it.readAll();
    expect(it.found).toHaveLength(1);
  });
  it('that somebody put beside the genuine one marks nobody, whichever came first', async () => {
    for (const order of [
      [true, false],
      [false, true],
    ]) {
      const it = await story();
      for (const isForged of order) numbered(it.log, 1, isForged);
      await it.readAll();
      it.claim(through(1));
      await it.readAll();
      expect([marks(it), it.found]).toEqual([['nobody'], []]);
    }
  });
  it('marks nobody by the number of one that was claimed before it, after a restart too', async () => {
    const it = await story();
    numbered(it.log, 1, false);
    it.claim(through(1));
    await it.readAll();
    await it.begin();
    numbered(it.log, 1, true);
    await it.readAll();
    expect([marks(it), it.found]).toEqual([['nobody'], []]);
  });
  it('is not made good by a number that another province has tagged, or that lies in the wrong partition', async () => {
    const it = await story();
    numbered(it.log, 1, true);
    numbered(it.log, 1, false, '44');
    await it.readAll();
    it.claim(through(1));
    await it.readAll();
    expect(it.found).toHaveLength(1);
  });
  it('that says nothing of any process marks nobody', async () => {
    const it = await story({ claimed: () => ({ kind: 'unknown' }) });
    it.log.append(A, testReported(), { headers: {} });
    await it.readAll();
    expect(marks(it)).toEqual(['nobody']);
  });
  it('of a process of which nobody knows any more what it claimed marks its province', async () => {
    let asked = 0;
    const caughtUp = async (): Promise<void> => void (asked += 1);
    const it = await story({ claimed: () => ({ kind: 'unknown' }), caughtUp });
    numbered(it.log, 1, true);
    await it.readAll();
    expect([marks(it), asked]).toEqual([['43'], 1]);
  });
  it('of a process that isn’t known is judged once the exchange’s topics are read to their end', async () => {
    let claimed: Claimed = { kind: 'nothing' };
    const caughtUp = async (): Promise<void> => void (claimed = through(0));
    const it = await story({ claimed: () => claimed, caughtUp });
    numbered(it.log, 1, true);
    await it.readAll();
    claimed = through(1);
    await it.readAll();
    expect(it.found).toHaveLength(1);
  });
});
