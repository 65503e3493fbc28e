/**
 * What processes of instances have claimed, and what of it is there: claims and records in, a verdict for each
 * partition of each process out. It reads nothing itself.
 */

import { type Claim, ClaimsRead, type HeadsByPlace, type Statement } from '#core/vouch/claims.ts';
import { type Found, judgeClaims, type Verdict } from '#core/vouch/verdict.ts';
import type { TagCheck, Verdict as TagVerdict } from '#exchange/keys/check.ts';
import { digestOf } from '#exchange/keys/tags.ts';
import { claimOf } from '#exchange/topics/claim-header.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';

export interface Judgement extends Verdict {
  readonly instance: string;
  readonly epoch: number;
  readonly topic: string;
  readonly partition: number;
}

interface Process {
  readonly instance: string;
  readonly epoch: number;
  readonly read: ClaimsRead;
  /** By `<topic> <partition>`. */
  readonly claims: Map<string, Claim[]>;
  readonly found: Map<string, Found[]>;
}

export class Vouched {
  readonly #processes = new Map<string, Process>();
  readonly #tags: TagCheck | null;
  /** Statements whose full one isn't there. */
  unfounded = 0;

  /** @param tags null: no key is at hand, and no tag is looked at */
  constructor(tags: TagCheck | null) {
    this.#tags = tags;
  }

  /** Under a signature that holds, in the order of their topic. */
  claim(instance: string, epoch: number, statement: Statement): void {
    const process = this.#of(instance, epoch);
    const heads: HeadsByPlace | null = process.read.take(statement);
    if (heads === null) this.unfounded += 1;
    for (const [place, head] of heads ?? []) push(process.claims, place, head);
  }

  /** A record of a shared topic; one that says nothing of an instance is passed over. */
  record(record: IncomingRecord): void {
    const claim = claimOf(record.headers);
    if (claim === null) return;
    const { instance, epoch, attempt, number } = claim;
    push(this.#of(instance, epoch).found, `${record.topic} ${record.partition}`, {
      attempt,
      number,
      offset: record.offset,
      digest: digestOf(record),
      isDoubtful: this.#tags !== null && !isOf(instance, this.#tags.verdictOf(record)),
    });
  }

  /** Of each partition about which a process has claimed something, or where a record says that it is of one. */
  judgements(): readonly Judgement[] {
    return [...this.#processes.values()].flatMap(({ instance, epoch, claims, found }) =>
      [...new Set([...claims.keys(), ...found.keys()])].flatMap((place) => {
        const [topic = '', partition] = place.split(' ');
        const verdict = judgeClaims(found.get(place) ?? [], claims.get(place) ?? []);
        const { claimedAndThere, claimedAndMissing, thereAndUnclaimed, contradicts } = verdict;
        const isEmpty = claimedAndThere + claimedAndMissing.length + thereAndUnclaimed.length === 0 && !contradicts;
        return isEmpty ? [] : [{ instance, epoch, topic, partition: Number(partition), ...verdict }];
      }),
    );
  }

  #of(instance: string, epoch: number): Process {
    const name = `${instance} ${epoch}`;
    const known = this.#processes.get(name);
    if (known !== undefined) return known;
    const process = { instance, epoch, read: new ClaimsRead(), claims: new Map(), found: new Map() };
    this.#processes.set(name, process);
    return process;
  }
}

/** By its tag: another province may write under its own key that a record is of this instance. */
function isOf(instance: string, verdict: TagVerdict): boolean {
  if (!verdict.holds) return false;
  return verdict.province === null || instance.startsWith(`${verdict.province}-`);
}

function push<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else list.push(value);
}
