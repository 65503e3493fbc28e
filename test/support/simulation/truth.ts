/**
 * What the log says and the producers took, noted as it was written: what every view, watermark, mark and dead letter
 * of a simulation is held against. It never looks at anything that the materialiser made.
 */

import type { PersonEvent } from '#core/events/events.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import type { Leak } from '#core/keys/leak.ts';
import { firstDayKept } from '#core/view/retention.ts';
import type { Freshness, Position } from '#core/view/snapshot.ts';
import type { SettledRecord } from '#core/view/unreadable.ts';
import type { Withdrawer } from '#core/withdrawals/withdrawal.ts';
import type { RecordPlace, Settlement } from '#exchange/topics/letters.ts';
import type { UnreadableReason } from '#exchange/topics/records.ts';
import { oracleBytes } from '#exercises/oracle/oracle.ts';
import { LOG } from '#test/support/first-edition.ts';
import type { Latent } from './people.ts';

/** A record of a shared topic: of a person, or of nobody known. */
export interface Logged {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The key's bytes in latin1; null: it marks a province. */
  readonly person: string | null;
  /** Null: it can't be read. */
  readonly event: PersonEvent | null;
  readonly reason: UnreadableReason | null;
  /** That a record of nobody known marks; null: all of them. */
  readonly province: ProvinceCode | null;
  /** Which record it says that it is, by `<instance> <epoch> <number>`; null where its tag holds. */
  readonly forged: string | null;
  readonly latent: Latent | null;
  /** What it settles in the view of its person. */
  readonly settles: SettledRecord | null;
  /** Of what bears the key that is stolen; undefined of all else. */
  readonly appendedAtMs?: number;
}

/** That a letter was replayed or discarded. */
export interface Settled {
  readonly place: RecordPlace;
  readonly settlement: Settlement;
  /** The record that settles it; null: its note alone does. */
  readonly at: RecordPlace | null;
}

/** What was rightly said of withdrawals, each by its id. */
export interface SaidInTruth {
  readonly withdrawn: { readonly id: string; readonly by: Withdrawer }[];
  readonly undone: { readonly id: string; readonly by: Withdrawer }[];
}

/** An event that an instance took, from then on. */
export interface Accepted {
  readonly province: ProvinceCode;
  readonly instance: string;
  readonly atMs: number;
  readonly topic: string;
  readonly partition: number;
  /** Of its first copy; null while it is under way. */
  offset: number | null;
}

/** What a partition has read. */
export interface Below {
  readonly partition: number;
  readonly position: Position;
  readonly watermarks: Freshness['watermarks'];
}

/** A record that a process wrote itself under a tag that fails. */
export interface Botched {
  readonly instance: string;
  readonly epoch: number;
  /** When it was taken. */
  readonly atMs: number;
  /**
   * By a watermark of that process. What it wrote just before another took its place is claimed by none, or `late`: by
   * one that it wrote when it didn't know yet. Whether that is heeded depends on who reads what first.
   */
  claimed: 'no' | 'late' | 'in time';
}

export class Truth {
  readonly accepted: Accepted[] = [];
  readonly logged: Logged[] = [];
  readonly settled: Settled[] = [];
  /** By `nameOfBotched`. */
  readonly botched = new Map<string, Botched>();
  /** The key that is revoked, once it is. */
  leak: Leak | null = null;
  readonly saidOfWithdrawals: SaidInTruth = { withdrawn: [], undone: [] };
  readonly #byPerson = new Map<string, Logged[]>();
  readonly #bytes = new Map<string, Buffer | null>();

  note(logged: Logged): void {
    this.logged.push(logged);
    if (logged.person === null) return;
    const of = this.#byPerson.get(logged.person);
    if (of === undefined) this.#byPerson.set(logged.person, [logged]);
    else of.push(logged);
  }

  /** The people with records in a partition. */
  peopleOf(partition: number): readonly string[] {
    return [...this.#byPerson].flatMap(([person, [first]]) => (first?.partition === partition ? [person] : []));
  }

  /** Whether it is withdrawn with the key that it bears. */
  isStolen({ appendedAtMs }: Logged): boolean {
    return this.leak !== null && appendedAtMs !== undefined && appendedAtMs >= this.leak.sinceMs;
  }

  /**
   * The view's bytes at a position: the fold of exactly what lies below it. Null where there is nothing.
   * @param isOut without what is withdrawn with a key
   */
  bytesAt(person: string, position: Position | null, isOut: boolean): Buffer | null {
    if (position === null) return null;
    const records = this.#byPerson.get(person) ?? [];
    const below = records.filter((record) => isBelow(record, position) && !(isOut && this.isStolen(record)));
    const acceptedUpToMs = below.length === 0 ? 0 : this.acceptedUpTo((below[0] as Logged).partition, position, isOut);
    const name =
      `${person} ${below.map(({ topic, offset }) => `${topic[0]}${offset}`).join()} ` +
      `${firstDayKept(acceptedUpToMs)}`;
    let bytes = this.#bytes.get(name);
    if (bytes === undefined) {
      const unreadable = below.filter(({ reason }) => reason !== null).map(({ topic, offset }) => ({ topic, offset }));
      bytes = oracleBytes(
        below.flatMap(({ event }) => event ?? []),
        unreadable,
        below.flatMap(({ settles }) => settles ?? []),
        acceptedUpToMs,
      );
      this.#bytes.set(name, bytes);
    }
    return bytes;
  }

  /** The latest acceptance among the events of a partition below a position; 0 without any. */
  acceptedUpTo(partition: number, position: Position, isOut: boolean): number {
    let latestMs = 0;
    for (const record of this.logged)
      if (
        record.partition === partition &&
        record.event !== null &&
        record.event.acceptedAtMs > latestMs &&
        isBelow(record, position) &&
        !(isOut && this.isStolen(record))
      )
        latestMs = record.event.acceptedAtMs;
    return latestMs;
  }

  /** What an instance, or with null all of the province's, took before a time and isn't below the position. */
  missingBefore(
    atMs: number,
    province: ProvinceCode,
    instance: string | null,
    partition: number,
    position: Position,
  ): Accepted | undefined {
    return this.accepted.find(
      (accepted) =>
        accepted.atMs < atMs &&
        accepted.partition === partition &&
        accepted.province === province &&
        (instance === null || accepted.instance === instance) &&
        (accepted.offset === null || !isBelow({ topic: accepted.topic, offset: accepted.offset }, position)),
    );
  }

  /** By a watermark of a process; late: another had begun. */
  claims(by: Pick<Botched, 'instance' | 'epoch'>, throughMs: number, isLate: boolean): void {
    for (const botched of this.botched.values())
      if (botched.instance === by.instance && botched.epoch === by.epoch && botched.atMs < throughMs)
        if (botched.claimed !== 'in time') botched.claimed = isLate ? 'late' : 'in time';
  }

  /**
   * The provinces that records of nobody known mark: those below the position, or of all partitions.
   * @param withLate whether what is claimed late marks too: that it may, and need not
   */
  marks(below: Below | null, withLate = false): ReadonlySet<ProvinceCode | null> {
    const counted = this.logged.filter(
      (record) =>
        record.person === null &&
        record.reason !== null &&
        !this.#isSettled(record, below) &&
        (below === null || (record.partition === below.partition && isBelow(record, below.position))) &&
        this.#isClaimed(record, below?.watermarks ?? null, withLate),
    );
    return new Set(counted.map(({ province }) => province));
  }

  /** Whose tag fails marks only if its process wrote that record itself so, once a watermark in force says so. */
  #isClaimed(record: Logged, watermarks: Freshness['watermarks'] | null, withLate: boolean): boolean {
    if (record.forged === null) return true;
    const botched = this.botched.get(nameOfBotched(record));
    if (botched === undefined || botched.claimed === 'no') return false;
    if (botched.claimed === 'late' && !withLate) return false;
    const throughMs = watermarks?.find(({ instance }) => instance === botched.instance)?.throughMs ?? 0;
    return watermarks === null || botched.atMs < throughMs;
  }

  // In the partition of a replay it counts once the position has passed that.
  #isSettled(record: RecordPlace, below: Below | null): boolean {
    return this.settled.some(
      ({ place, at }) =>
        isSame(place, record) &&
        (below === null || at === null || at.partition !== below.partition || isBelow(at, below.position)),
    );
  }

  /** @param isOut what is withdrawn with a key bears a tag that fails, and marks nobody */
  loggedBelow(partition: number, position: Position, isOut: boolean): readonly Logged[] {
    return this.logged
      .filter((record) => record.partition === partition && isBelow(record, position))
      .map((record) =>
        isOut && this.isStolen(record)
          ? { ...record, person: null, event: null, reason: 'bad_tag', forged: 'with a stolen key' }
          : record,
      );
  }

  at(place: RecordPlace): Logged {
    return this.logged.find((logged) => isSame(logged, place)) as Logged;
  }

  /** What settles letters and lies below a position: each must be noted. */
  settledBelow(partition: number, position: Position): readonly Settled[] {
    return this.settled.filter(({ at }) => at !== null && at.partition === partition && isBelow(at, position));
  }

  /** By `<topic>/<partition>/<offset>`, why it is a dead letter. */
  letters(): ReadonlyMap<string, UnreadableReason> {
    return new Map(
      this.logged.flatMap(({ topic, partition, offset, reason }) =>
        reason === null ? [] : [[`${topic}/${partition}/${offset}`, reason] as const],
      ),
    );
  }
}

export function nameOfBotched({ forged, topic, partition }: Pick<Logged, 'forged' | 'topic' | 'partition'>): string {
  return `${forged} ${topic} ${partition}`;
}

function isSame(a: RecordPlace, b: RecordPlace): boolean {
  return a.topic === b.topic && a.partition === b.partition && a.offset === b.offset;
}

function isBelow({ topic, offset }: { readonly topic: string; readonly offset: number }, position: Position): boolean {
  return offset < (position.topics[topic]?.nextOffset ?? 0);
}

export function offsetsOf(position: Position | null): readonly number[] {
  return LOG.topics.map((topic) => position?.topics[topic]?.nextOffset ?? 0);
}
