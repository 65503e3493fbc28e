/**
 * How many records of each kind each province has in the log, by what its instances have claimed under their
 * signatures, and since when there are no more. Pure. Signatures are costly: of the statements that build on a full one
 * only the last is asked about, so what is known of each process may be a minute old.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { type ClaimedHead, ClaimsRead, type Statement } from '#core/vouch/claims.ts';
import { kindOfTopic, SHARED_KINDS, type SharedKind } from '#exchange/topics/log.ts';

export interface KindSent {
  readonly records: number;
  /** When it was first claimed that there are so many; null: there are none. */
  readonly lastAtMs: number | null;
}
export type SentByKind = Readonly<Record<SharedKind, KindSent>>;

export interface Stated {
  readonly province: ProvinceCode;
  readonly instance: string;
  readonly epoch: number;
  readonly statement: Statement;
  readonly atMs: number;
  /** Whether it is signed by whom it is of. */
  readonly holds: () => boolean;
}

interface Process {
  readonly province: ProvinceCode;
  readonly read: ClaimsRead;
  readonly sent: Record<SharedKind, KindSent>;
  pending: Stated | null;
}

const NOTHING: KindSent = { records: 0, lastAtMs: null };
const noneOf = (): Record<SharedKind, KindSent> =>
  Object.fromEntries(SHARED_KINDS.map((kind) => [kind, NOTHING])) as Record<SharedKind, KindSent>;

export class Sent {
  readonly #processes = new Map<string, Process>();

  /** In the order of their topic. */
  take(stated: Stated): void {
    const process = this.#of(stated);
    if (stated.statement.sequence !== stated.statement.full) process.pending = stated;
    else if (stated.holds()) {
      process.pending = null;
      add(process, stated);
    }
  }

  /** All processes of a province together. */
  of(province: ProvinceCode): SentByKind {
    const all = noneOf();
    for (const process of this.#processes.values()) {
      if (process.province !== province) continue;
      const { pending } = process;
      process.pending = null;
      if (pending !== null && pending.holds()) add(process, pending);
      for (const kind of SHARED_KINDS) all[kind] = together(all[kind], process.sent[kind]);
    }
    return all;
  }

  #of({ province, instance, epoch }: Stated): Process {
    const name = `${province} ${instance} ${epoch}`;
    const known = this.#processes.get(name);
    if (known !== undefined) return known;
    const process = { province, read: new ClaimsRead(), sent: noneOf(), pending: null };
    this.#processes.set(name, process);
    return process;
  }
}

function add(process: Process, { statement, atMs }: Stated): void {
  const heads = process.read.take(statement);
  if (heads === null) return;
  const records = countsOf(heads.values());
  for (const kind of SHARED_KINDS) {
    const count = records.get(kind) ?? 0;
    if (count > process.sent[kind].records) process.sent[kind] = { records: count, lastAtMs: atMs };
  }
}

function countsOf(heads: Iterable<ClaimedHead>): ReadonlyMap<SharedKind, number> {
  const counts = new Map<SharedKind, number>();
  for (const { topic, number } of heads) {
    const kind = kindOfTopic(topic);
    if (kind !== null) counts.set(kind, (counts.get(kind) ?? 0) + number);
  }
  return counts;
}

const together = (a: KindSent, b: KindSent): KindSent => ({
  records: a.records + b.records,
  lastAtMs: a.lastAtMs === null || (b.lastAtMs ?? 0) > a.lastAtMs ? b.lastAtMs : a.lastAtMs,
});
