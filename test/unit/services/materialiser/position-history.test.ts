/** The history of what look-ups read: one record a second and partition, which holds nothing up. */

import { beforeEach, expect, it } from 'vitest';
import { NO_FRESHNESS } from '#core/view/snapshot.ts';
import { type DatedMoment, MomentReader } from '#exchange/view/position-history.ts';
import { digestOf } from '#exchange/view/stored-freshness.ts';
import { HutongError } from '#platform/errors.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { momentOf, PositionHistory } from '#services/materialiser/position-history.ts';
import { LOG } from '#test/support/first-edition.ts';
import { withdrawal } from '#test/support/withdrawals.ts';
import { START } from '#test/unit/exchange/fold/support.ts';

const NOW_MS = 1_700_000_000_000;
let sent: OutgoingRecord[];
let isAway: boolean;
let history: PositionHistory;

beforeEach(() => {
  sent = [];
  isAway = false;
  const add = async (record: OutgoingRecord): Promise<void> => {
    if (isAway) throw new HutongError('KAFKA_UNAVAILABLE', 'away', { retriable: true });
    sent.push(record);
  };
  history = new PositionHistory(LOG, { add }, 'a');
});

const moment = (afterMs: number, acceptedUpToMs = NOW_MS): DatedMoment =>
  momentOf({ generation: 1, position: START, freshness: { ...NO_FRESHNESS, acceptedUpToMs } }, NOW_MS + afterMs);
const read = () => {
  const readers = new Map<string, MomentReader>();
  return sent.map(({ key, value }) => {
    const name = String(key);
    const reader = readers.get(name) ?? new MomentReader();
    readers.set(name, reader);
    return [name, reader.take(value)];
  });
};

it('writes of each partition what was committed last, and nothing of one without a commit', () => {
  history.committed(0, moment(1));
  history.committed(0, moment(2, NOW_MS + 7));
  history.committed(3, moment(3));
  history.write();
  history.write();
  history.committed(3, moment(1_003));
  history.write();
  expect(read()).toEqual([
    ['1/0', moment(2, NOW_MS + 7)],
    ['1/3', moment(3)],
    ['1/3', moment(1_003)],
  ]);
  expect(sent[2]?.value?.length).toBeLessThan(60);
});

it('goes on in full after Kafka has not taken one, and holds nothing up meanwhile', async () => {
  for (const away of [false, true, false]) {
    isAway = away;
    history.committed(0, moment(sent.length));
    history.write();
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(read().map(([, taken]) => taken)).toEqual([moment(0), moment(1)]);
  expect(sent.map(({ value }) => value?.toString()[0])).toEqual(['{', '{']);
});

it('names what is withdrawn by its digest', () => {
  const withdrawals = [withdrawal()];
  const committed = { generation: 1, position: START, freshness: { ...NO_FRESHNESS, withdrawals } };
  expect(momentOf(committed, NOW_MS).freshness.withdrawals).toBe(digestOf(withdrawals));
});
