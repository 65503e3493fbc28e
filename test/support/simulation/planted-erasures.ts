/** Workers that take erasures when they shouldn't: never used by a service. */

import type { Position } from '#core/view/snapshot.ts';
import { type Chunk, PartitionWorker } from '#exchange/fold/partition-worker.ts';
import type { LoadedPartition } from '#exchange/view/store.ts';
import { LOG } from '#test/support/first-edition.ts';

/** It begins with whatever comes first. */
export class BeginsWithAnything extends PartitionWorker {
  override begin(loaded: LoadedPartition, start: Position): void {
    super.begin(loaded, start, 0);
  }
}

/** It reads the erasures first when it begins; those that come later wait until nothing else does. */
export class TakesErasuresLast extends PartitionWorker {
  #erasures: Chunk[] = [];
  #erasuresEnd = 0;

  override begin(loaded: LoadedPartition, start: Position, erasuresEnd: number): void {
    [this.#erasures, this.#erasuresEnd] = [[], erasuresEnd];
    super.begin(loaded, start, erasuresEnd);
  }
  override offer(chunk: Chunk): void {
    if (chunk.topic !== LOG.topicOf.erasures || super.expectedOffset(LOG.topicOf.erasures) < this.#erasuresEnd)
      super.offer(chunk);
    else this.#erasures.push(chunk);
  }
  override tick(): void {
    if (this.queued === 0) for (const chunk of this.#erasures.splice(0)) super.offer(chunk);
    super.tick();
  }
  override expectedOffset(topic: string): number {
    return (
      (topic === LOG.topicOf.erasures ? this.#erasures.at(-1)?.nextOffset : undefined) ?? super.expectedOffset(topic)
    );
  }
}
