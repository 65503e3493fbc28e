/**
 * The provinces that are incomplete because of letters whose person isn't known, each for as long as a letter is open.
 * Letters and settlements may come again and in any order; a settled letter never marks again. What can't be remembered
 * is taken for open: this never says of a province that it is complete when it may not be.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { Position } from '#core/view/snapshot.ts';
import type { RecordClaim } from '#exchange/topics/claim-header.ts';
import { type ClaimFound, placeText, type RecordPlace, type SettlementNote } from '#exchange/topics/letters.ts';

/** Of letters, and of settlements, that are told apart; some 30 MB. */
const REMEMBERED_MAX = 250_000;

export class LetterMarks {
  readonly #max: number;
  readonly #open = new Map<ProvinceCode | null, Set<string>>();
  #openCount = 0;
  /** Provinces with more open letters than are remembered: marked until the process is started anew. */
  readonly #beyond = new Set<ProvinceCode | null>();
  /** Open letters that mark nobody unless they are claimed, by process and partition, each with its number. */
  readonly #failing = new Map<string, Map<string, number>>();
  #failingCount = 0;
  /** By process and partition, the numbers of those that are. */
  readonly #found = new Map<string, { readonly province: ProvinceCode; readonly ranges: ClaimFound[] }>();
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

  /** One that marks its province once it is found that it is claimed. */
  addFailing(place: RecordPlace, claim: RecordClaim): void {
    const name = nameOf({ ...claim, ...place });
    const letters = this.#failing.get(name) ?? new Map<string, number>();
    const letter = placeText(place);
    if (this.#settled.has(letter) || letters.has(letter)) return;
    this.#failing.set(name, letters.set(letter, claim.number));
    this.#failingCount += 1;
    if (this.#failingCount > this.#max) this.#forgetOne();
  }

  hasFailing(place: RecordPlace, claim: RecordClaim): boolean {
    return this.#failing.get(nameOf({ ...claim, ...place }))?.has(placeText(place)) === true;
  }

  addFound(found: ClaimFound): void {
    const name = nameOf(found);
    const known = this.#found.get(name) ?? { province: found.instance.slice(0, 2) as ProvinceCode, ranges: [] };
    this.#found.set(name, known);
    const last = known.ranges.at(-1);
    if (known.ranges.some(({ from, through }) => from <= found.from && found.through <= through)) return;
    // A process that goes on so is found again with each of its watermarks.
    if (last?.through === found.from - 1) known.ranges[known.ranges.length - 1] = { ...found, from: last.from };
    else known.ranges.push(found);
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
    for (const [name, letters] of this.#failing) {
      const number = letters.get(letter);
      if (number === undefined) continue;
      const found = this.#found.get(name);
      if (found !== undefined && isWithin(number, found.ranges)) this.#settles(found.province, at);
      letters.delete(letter);
      this.#failingCount -= 1;
      if (letters.size === 0) this.#failing.delete(name);
    }
  }

  /** Null stands for all provinces. */
  incompleteAt(partition: number, position: Position): (ProvinceCode | null)[] {
    const incomplete = new Set(this.#beyond);
    for (const [province, open] of this.#open) if (open.size > 0) incomplete.add(province);
    for (const [name, { province, ranges }] of this.#found) {
      for (const number of this.#failing.get(name)?.values() ?? []) {
        if (!isWithin(number, ranges)) continue;
        incomplete.add(province);
        break;
      }
    }
    for (const settling of this.#settling.values()) {
      const isPassed = (position.topics[settling.topic]?.nextOffset ?? 0) > settling.offset;
      if (settling.partition === partition && !isPassed) incomplete.add(settling.province);
    }
    return [...incomplete];
  }

  /** Of whatever process: where one was found claimed, its province stays marked. */
  #forgetOne(): void {
    const [name, letters] = this.#failing.entries().next().value as [string, Map<string, number>];
    const found = this.#found.get(name);
    if (found !== undefined) this.#beyond.add(found.province);
    letters.delete(letters.keys().next().value as string);
    this.#failingCount -= 1;
    if (letters.size === 0) this.#failing.delete(name);
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

function nameOf({ instance, epoch, topic, partition }: Omit<ClaimFound, 'from' | 'through'>): string {
  return `${instance}/${epoch}/${topic}/${partition}`;
}

function isWithin(number: number, ranges: readonly ClaimFound[]): boolean {
  return ranges.some(({ from, through }) => from <= number && number <= through);
}
