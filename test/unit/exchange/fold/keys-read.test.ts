/** Before what is signed is taken, the keys have been read as far; while they can't be, nothing is taken. */

import { expect, it } from 'vitest';
import { KeysRead } from '#exchange/fold/keys-read.ts';
import type { ReadsKeys } from '#exchange/topics/keys-feed.ts';
import { HutongError } from '#platform/errors.ts';
import { SILENT, turns } from '#test/unit/platform/kafka/support.ts';
import { unavailable } from './support.ts';
import { exchange, registered, throughOf, watermark } from './tail.ts';

/** As long as `isAway`, the keys can't be read. */
function keysOf(): { keys: ReadsKeys; asked: number[]; gone: { isAway: boolean } } {
  const asked: number[] = [];
  const gone = { isAway: true };
  const readThrough = async (appendedAtMs: number): Promise<void> => {
    asked.push(appendedAtMs);
    if (gone.isAway) throw unavailable('KAFKA_UNAVAILABLE');
  };
  return { keys: { leaks: [], readThrough }, asked, gone };
}

it('a watermark comes into force only once the keys are read as far as it was appended', async () => {
  const { keys, asked, gone } = keysOf();
  gone.isAway = false;
  const { started, arrive } = exchange({}, undefined, undefined, keys);
  const tail = await started;
  await arrive('producers', registered('43-a'));
  gone.isAway = true;
  const arriving = arrive(
    'watermarks',
    { ...watermark('43-a', 500), timestamp: '7' },
    { ...watermark('43-a', 600), timestamp: '9' },
  );
  await turns(200);
  expect([throughOf(tail), asked.at(-1)]).toEqual([{ '43-a': 0 }, 9]);
  gone.isAway = false;
  await arriving;
  expect(throughOf(tail)).toEqual({ '43-a': 600 });
});

it('who is stopped meanwhile waits no longer', async () => {
  const { keys } = keysOf();
  const read = new KeysRead(keys, SILENT, () => turns(1));
  const waiting = read.through([{ timestamp: '1' }]);
  await turns();
  read.stop();
  await expect(waiting).rejects.toBeInstanceOf(HutongError);
});
