/** A `BatchSender` whose batches are measured, refused ones too. Only observes. */

import type { BatchSender } from '#platform/kafka/outbox.ts';
import type { Metrics } from '#platform/metrics.ts';

export function measuredSender(sender: BatchSender, metrics: Metrics): BatchSender {
  const seconds = metrics.histogram('hutong_publish_batch_seconds');
  return {
    send: (records) => sender.send(records).finally(seconds.startTimer()),
    renew: () => sender.renew(),
    close: () => sender.close(),
  };
}
