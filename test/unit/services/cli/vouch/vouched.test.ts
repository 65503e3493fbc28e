/** What processes have claimed against what is there, where others write what isn't theirs to write. */

import { expect, it } from 'vitest';
import { Claims } from '#core/vouch/claims.ts';
import { digestOf } from '#exchange/keys/tags.ts';
import { claimHeader } from '#exchange/topics/claim-header.ts';
import { tagged } from '#exchange/topics/records.ts';
import { testReported } from '#exercises/town/events.ts';
import { Vouched } from '#services/cli/vouch/vouched.ts';
import { LOG } from '#test/support/first-edition.ts';
import { recordKey, TAGS } from '#test/support/keys.ts';
import { fetched, outgoing } from '#test/unit/platform/kafka/support.ts';

const KEY = Buffer.from('0123456789abcdef');
const CLAIM = { instance: '43-a', epoch: 1, attempt: 0, number: 1 } as const;

/** A record that says that it is the first of the instance 43-a. */
function firstOf(province: '43' | '44') {
  const record = outgoing(KEY, testReported({ province }));
  return tagged(recordKey(`province-${province}`), {
    ...record,
    headers: { ...record.headers, ...claimHeader(CLAIM) },
  });
}

it('a province broke another’s claims: it wrote, under its own key, the other’s next record beforehand', () => {
  const [theirs, genuine] = [firstOf('44'), firstOf('43')];
  const claims = new Claims(LOG.topics, 1);
  claims.numbersFor([genuine]);
  claims.acknowledged([{ ...genuine, digest: digestOf(genuine) }]);
  const vouched = new Vouched(TAGS);
  vouched.claim('43-a', 1, claims.state(true));
  for (const [offset, record] of [theirs, genuine].entries()) vouched.record(fetched(record, offset, 0));
  expect(vouched.judgements()).toMatchObject([
    { instance: '43-a', claimedAndThere: 1, claimedAndMissing: [], thereAndUnclaimed: [0] },
  ]);
});
