/**
 * The places at which a simulated instance of the materialiser can be composed differently: a planted bug is a variant,
 * and the program as it is, is the variant that changes nothing.
 */

import type { Revocations } from '#core/keys/revocations.ts';
import type { DeadLetterSink } from '#exchange/fold/dead-letters.ts';
import type { ExchangeState } from '#exchange/fold/exchange-tail.ts';
import { PartitionWorker, type WorkerOptions } from '#exchange/fold/partition-worker.ts';
import { RecordTags, type TagCheck } from '#exchange/keys/check.ts';
import type { SignatureCheck } from '#exchange/topics/public-keys.ts';
import type { SchemaSource } from '#exchange/topics/registry.ts';
import type { ViewStore } from '#exchange/view/store.ts';
import { RING } from '#test/support/keys.ts';
import type { SimProcess } from './process.ts';
import { BY_NAME } from './producers.ts';
import type { CommitMode } from './redis.ts';

export interface Variant {
  readonly commit: CommitMode;
  store(store: ViewStore): ViewStore;
  deadLetters(sink: DeadLetterSink, process: SimProcess): DeadLetterSink;
  /** @param revocations as the instance knows them at each moment */
  tags(revocations: Pick<Revocations, 'refuses'>): TagCheck;
  readonly signatures: SignatureCheck;
  schemas(schemas: SchemaSource): SchemaSource;
  exchange(state: ExchangeState): ExchangeState;
  worker(options: WorkerOptions): PartitionWorker;
  /** Whether what was fetched is held against where it should have been fetched from. */
  readonly checksFetchedOffset: boolean;
  readonly tellsOfControlRecords: boolean;
  /** Whether an instance that takes a partition waits until it knows of the exchange what the one before it knew. */
  readonly catchesUp: boolean;
}

export const AS_IT_IS: Variant = {
  commit: 'whole',
  tags: (revocations) => new RecordTags(RING, null, revocations),
  signatures: BY_NAME,
  store: (store) => store,
  deadLetters: (sink) => sink,
  schemas: (schemas) => schemas,
  exchange: (state) => state,
  worker: (options) => new PartitionWorker(options),
  checksFetchedOffset: true,
  tellsOfControlRecords: true,
  catchesUp: true,
};

/** A store that does some things otherwise. */
export function storeOtherwise(store: ViewStore, changed: Partial<ViewStore>): ViewStore {
  return {
    loadPartition: (partition) => store.loadPartition(partition),
    readViews: (...given) => store.readViews(...given),
    commit: (step) => store.commit(step),
    ...changed,
  };
}

/** An exchange that says some things otherwise. */
export function exchangeOtherwise(state: ExchangeState, changed: Partial<ExchangeState>): ExchangeState {
  return {
    freshnessAt: (...given) => state.freshnessAt(...given),
    markIncomplete: (...given) => state.markIncomplete(...given),
    markFound: (found) => state.markFound(found),
    claimed: (...given) => state.claimed(...given),
    hasLetter: (record) => state.hasLetter(record),
    caughtUp: () => state.caughtUp(),
    ...changed,
  };
}

/** Dead letters of which some are written otherwise. */
export function lettersOtherwise(sink: DeadLetterSink, changed: Partial<DeadLetterSink>): DeadLetterSink {
  return {
    write: (letter) => sink.write(letter),
    note: (note) => sink.note(note),
    claimed: (found) => sink.claimed(found),
    ...changed,
  };
}
