/**
 * The provinces that are incomplete because of letters whose person isn't known, each for as long as a letter is open.
 * Letters and settlements may come again and in any order; a settled letter never marks again. What can't be remembered
 * is taken for open: this never says of a province that it is complete when it may not be.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { Position } from '#core/view/snapshot.ts';
import { placeText, type RecordPlace, type SettlementNote } from '#exchange/topics/letters.ts';

/** Of letters, and of settlements, that are told apart; some 30 MB. */
const REMEMBERED_MAX = 250_000;

export class LetterMarks {
  readonly #max: number;
  readonly #open = new Map<ProvinceCode | null, Set<string>>();
  #openCount = 0;
  /** Provinces with more open letters than are remembered: marked until the process is started anew. */
  readonly #beyond = new Set<ProvinceCode | null>();
  readonly #settled = new Map<string, RecordPlace | null>();
  /** By province and by what settled its letters: there the mark ends with the commit that passes this offset. */
  readonly #settling = new Map<
    string,
    { readonly province: ProvinceCode | null; readonly topic: string; readonly partition: number; offset: number }
  >();

  constructor(max = REMEMBERED_MAX) {
    this.#max = max;
  }

  add(place: RecordPlace, province: ProvinceCode | null): void {
    const letter = placeText(place);
    const settledAt = this.#settled.get(letter);
    if (settledAt !== undefined) return this.#settles(province, settledAt);
    const open = this.#open.get(province) ?? new Set();
    this.#open.set(province, open);
    if (open.has(letter)) return;
    if (this.#openCount >= this.#max) return void this.#beyond.add(province);
    open.add(letter);
    this.#openCount += 1;
  }

  settle({ settlement, at }: SettlementNote): void {
    const letter = placeText(settlement.place);
    this.#settled.delete(letter);
    this.#settled.set(letter, at);
    if (this.#settled.size > this.#max) this.#settled.delete(this.#settled.keys().next().value as string);
    for (const [province, open] of this.#open) {
      if (!open.delete(letter)) continue;
      this.#openCount -= 1;
      this.#settles(province, at);
    }
  }

  /** Null stands for all provinces. */
  incompleteAt(partition: number, position: Position): (ProvinceCode | null)[] {
    const incomplete = new Set(this.#beyond);
    for (const [province, open] of this.#open) if (open.size > 0) incomplete.add(province);
    for (const settling of this.#settling.values()) {
      const isPassed = (position.topics[settling.topic]?.nextOffset ?? 0) > settling.offset;
      if (settling.partition === partition && !isPassed) incomplete.add(settling.province);
    }
    return [...incomplete];
  }

  // In the partition of a replay the event isn't in the view before the position has passed it.
  #settles(province: ProvinceCode | null, at: RecordPlace | null): void {
    if (at === null) return;
    const { topic, partition, offset } = at;
    const name = `${province}/${topic}/${partition}`;
    const known = this.#settling.get(name);
    if (known === undefined) this.#settling.set(name, { province, topic, partition, offset });
    else known.offset = Math.max(known.offset, offset);
  }
}
