/**
 * Where everything lies in Redis. All keys of a partition share its hash tag, so that view, position and freshness can
 * be read and written in one step, in a cluster too. The number in front is the view's generation: a rebuild fills the
 * next one beside the one that look-ups read.
 */

import { PERSON_KEY_BYTES } from '#core/field/identity.ts';
import type { Log } from '#exchange/topics/log.ts';
import { tagOf } from './hash-slot.ts';

/** 1 and up; never used twice in a partition. */
export type Generation = number;
export const FIRST_GENERATION: Generation = 1;

/** What lies beside the views of a generation: by this its keys end. */
export const BESIDE_VIEWS = ['position', 'freshness', 'withdrawals', 'counts', 'sightings'] as const;

export interface KeyParts {
  readonly generation: Generation;
  readonly partition: number;
  /** Null: of what lies beside the views. */
  readonly personKey: Buffer | null;
}

const BRACE = '}'.charCodeAt(0);
const ANY_KEY = /^(?:e(\d+):)?\d*\{\d+[A-Za-z]*\}/;

/** The keys of one edition of the log. */
export class ViewKeys {
  readonly #log: Log;
  readonly #form: RegExp;
  readonly #prefixes = new Map<string, Buffer>();

  constructor(log: Log) {
    this.#log = log;
    this.#form = new RegExp(`^${log.keyPrefix}(\\d+)\\{(\\d+)[A-Za-z]*\\}$`);
  }

  /** The person's view: `<generation>{<tag>}` and the 16 raw bytes of the key. */
  view(generation: Generation, partition: number, personKey: Buffer): Buffer {
    return Buffer.concat([this.#prefixOf(generation, partition), personKey]);
  }

  position(generation: Generation, partition: number): string {
    return this.#beside('position', generation, partition);
  }

  freshness(generation: Generation, partition: number): string {
    return this.#beside('freshness', generation, partition);
  }

  /** The withdrawals whose digest the freshness names. */
  withdrawals(generation: Generation, partition: number): string {
    return this.#beside('withdrawals', generation, partition);
  }

  /** What the log has said up to the position, by province and topic. */
  counts(generation: Generation, partition: number): string {
    return this.#beside('counts', generation, partition);
  }

  /** Which numbers of each process were seen up to the position. */
  sightings(generation: Generation, partition: number): string {
    return this.#beside('sightings', generation, partition);
  }

  /** How events fared lately on their way to the view, by province and topic. Of no generation. */
  timings(partition: number): string {
    return `${this.#log.keyPrefix}{${tagOf(partition)}}:timings`;
  }

  /** Which generation is live: the one that look-ups read. Absent: the first. */
  live(partition: number): string {
    return `${this.#log.keyPrefix}{${tagOf(partition)}}:generation`;
  }

  /** Which generation a rebuild fills. Absent: none; `abandoned 3`: none, and 3 was given up. */
  building(partition: number): string {
    return `${this.#log.keyPrefix}{${tagOf(partition)}}:building`;
  }

  /** For SCAN: all that belongs to a generation, views or not. Without a generation: of every one. */
  pattern(generation?: Generation): string {
    return `${this.#log.keyPrefix}${generation ?? '[0-9]*'}{*`;
  }

  /** What a key of a generation says; null for any other key. */
  parse(key: Buffer): KeyParts | null {
    const end = key.indexOf(BRACE) + 1;
    const [, generation, partition] = this.#form.exec(key.toString('latin1', 0, end)) ?? [];
    if (generation === undefined) return null;
    return {
      generation: Number(generation),
      partition: Number(partition),
      personKey: key.length === end + PERSON_KEY_BYTES ? key.subarray(end) : null,
    };
  }

  /** Whether a key belongs to an earlier edition of the log: a view, a position, a freshness or a pointer. */
  isOfFormerEdition(key: Buffer): boolean {
    const found = ANY_KEY.exec(key.toString('latin1'));
    return found !== null && Number(found[1] ?? 1) < this.#log.edition;
  }

  #beside(what: (typeof BESIDE_VIEWS)[number], generation: Generation, partition: number): string {
    return `${this.#log.keyPrefix}${generation}{${tagOf(partition)}}:${what}`;
  }

  #prefixOf(generation: Generation, partition: number): Buffer {
    const text = `${this.#log.keyPrefix}${generation}{${tagOf(partition)}}`;
    const known = this.#prefixes.get(text);
    if (known !== undefined) return known;
    const made = Buffer.from(text);
    this.#prefixes.set(text, made);
    return made;
  }
}

/** A generation's number as it is stored. */
export function parseGeneration(stored: string | Buffer | null | undefined): Generation {
  return stored === null || stored === undefined ? FIRST_GENERATION : Number(stored.toString());
}

const ABANDONED = /^abandoned (\d+)$/;

export function abandoned(generation: Generation): string {
  return `abandoned ${generation}`;
}

/** The generation that a rebuild fills; null for none, or one that was given up. */
export function parseBuilding(stored: string | Buffer | null | undefined): Generation | null {
  return stored === null || stored === undefined || ABANDONED.test(stored.toString())
    ? null
    : Number(stored.toString());
}

/** The highest number that the pointer to what is being built remembers; 0 for none. */
export function numberIn(stored: string | Buffer | null | undefined): Generation {
  const text = stored?.toString() ?? '0';
  return Number(ABANDONED.exec(text)?.[1] ?? text);
}
