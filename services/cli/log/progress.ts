/** Where the copying of the log is and where it ends, by topic and partition, with a bar. */

import type { KnownEdition } from '#exchange/topics/editions.ts';
import type { Log } from '#exchange/topics/log.ts';
import { HutongError } from '#platform/errors.ts';
import type { Admin } from '#platform/kafka/client.ts';
import { endsOf, type PartitionEnds } from '#platform/kafka/ends.ts';
import { startBar } from '#services/cli/shared/bar.ts';
import type { ConnectedLog } from '#services/cli/shared/connected.ts';

export class Progress {
  readonly #open: Map<string, { next: number; readonly high: number }>;
  readonly #bar: ReturnType<typeof startBar>;
  readonly #done = Promise.withResolvers<void>();
  #moves = 0;

  /** @param open by `<topic> <partition>`: what comes next, and where the copying ends */
  constructor(open: Map<string, { next: number; readonly high: number }>) {
    this.#open = open;
    const total = [...open.values()].reduce((sum, { next, high }) => sum + high - next, 0);
    this.#bar = startBar('copying', '{value} of {total} records', total);
    this.#done.promise.catch(() => undefined); // whoever waits gets it
  }

  /**
   * From what is committed, or noted where that was forgotten, to the end that the log has now.
   * @param beginsAnew whatever was copied before is gone
   * @throws HutongError ALREADY_RUNNING
   */
  static async begin(
    { admin, log }: Pick<ConnectedLog, 'admin' | 'log'>,
    groupId: string,
    { copiedTo }: KnownEdition,
    beginsAnew: boolean,
  ): Promise<Progress> {
    const committed = await committedTo(admin, log, groupId);
    const nextOf = ({ topic, partition, low }: PartitionEnds): number =>
      beginsAnew
        ? low
        : Math.max(low, committed[`${topic} ${partition}`] ?? -1, copiedTo[`${topic} ${partition}`] ?? -1);
    const ends = await endsOf(admin, log.topics);
    // Where the group would begin elsewhere: it has forgotten what is noted, or remembers what is gone.
    await commitBeginning(
      admin,
      log,
      groupId,
      ends.filter((end) => nextOf(end) !== (committed[`${end.topic} ${end.partition}`] ?? end.low)),
      nextOf,
    );
    return new Progress(
      new Map(
        ends
          .filter((end) => end.high > nextOf(end))
          .map((end) => [`${end.topic} ${end.partition}`, { next: nextOf(end), high: end.high }]),
      ),
    );
  }

  get isDone(): boolean {
    return this.#open.size === 0;
  }

  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Changes whenever something was passed. */
  get moves(): number {
    return this.#moves;
  }

  fail(error: unknown): void {
    this.#done.reject(error);
  }

  /** @param place `<topic> <partition>` */
  passed(place: string, nextOffset: number): void {
    const known = this.#open.get(place);
    if (known === undefined || nextOffset <= known.next) return;
    this.#moves += 1;
    this.#bar.increment(Math.min(nextOffset, known.high) - known.next);
    known.next = nextOffset;
    if (nextOffset >= known.high) this.#open.delete(place);
    if (this.isDone) this.#done.resolve();
  }

  /**
   * What the group has committed is passed, whoever did it: another run that shares the partitions, or this one, if it
   * lost its partition right after the commit.
   */
  async reconcile(admin: Admin, log: Log, groupId: string): Promise<void> {
    for (const [place, offset] of Object.entries(await committedTo(admin, log, groupId))) this.passed(place, offset);
  }

  stop(): void {
    this.#bar.stop();
  }
}

/** By `<topic> <partition>`; empty where nothing is committed, or all is forgotten. */
export async function committedTo(admin: Admin, { topics }: Log, groupId: string): Promise<Record<string, number>> {
  const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
  return Object.fromEntries(
    committed.flatMap(({ topic, partitions }) =>
      partitions
        .filter(({ offset }) => Number(offset) >= 0)
        .map(({ partition, offset }) => [`${topic} ${partition}`, Number(offset)]),
    ),
  );
}

async function commitBeginning(
  admin: Admin,
  { topics }: Log,
  groupId: string,
  ends: readonly PartitionEnds[],
  nextOf: (end: PartitionEnds) => number,
): Promise<void> {
  for (const topic of topics) {
    const partitions = ends
      .filter((end) => end.topic === topic)
      .map((end) => ({ partition: end.partition, offset: String(nextOf(end)) }));
    if (partitions.length === 0) continue;
    await admin.setOffsets({ groupId, topic, partitions }).catch((cause: unknown) => {
      throw new HutongError('ALREADY_RUNNING', 'where the copying begins could not be noted', {
        retriable: true,
        cause,
        hint: 'another hutong log republish may be at work: wait for its end',
      });
    });
  }
}
