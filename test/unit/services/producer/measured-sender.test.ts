/** The batches to Kafka are measured, refused ones too, and nothing else of the sender changes. */

import { expect, it } from 'vitest';
import { Metrics } from '#platform/metrics.ts';
import { measuredSender } from '#services/producer/measured-sender.ts';
import { FakeBroker } from '#test/unit/platform/kafka/support.ts';

const RECORD = { topic: 'tests', partition: 0, key: null, value: null, headers: {} };

it('measures each batch until its answer', async () => {
  const metrics = new Metrics();
  const broker = new FakeBroker();
  const sender = measuredSender(broker, metrics);
  await expect(sender.send([RECORD])).resolves.toMatchObject([{ nextOffset: 1 }]);
  broker.automatic = false;
  const refused = sender.send([RECORD]).catch((error: unknown) => error);
  broker.refuse();
  expect(await refused).toMatchObject({ message: 'refused' });
  await sender.renew();
  await sender.close();
  expect(broker.calls).toEqual(['send 1', 'send 1', 'renew', 'close']);
  expect((await metrics.expose()).body).toContain('hutong_publish_batch_seconds_count 2');
});
