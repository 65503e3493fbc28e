/**
 * Events that can't be as they say, kept beside who sends them until somebody has looked. Only their owner can read
 * them, and they are gone after the time that was stated. None may be sent by itself, nor wait inside the exchange.
 */

import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FormatFault } from '#exchange/formats/format-fault.ts';
import type { Outgoing } from '#exchange/formats/location.ts';
import { replaceFile } from '#platform/replace-file.ts';

/** So many are kept; more of them are a clock that is wrong, or a file. */
const KEPT_MAX = 10_000;
/** So often at most all are counted again where it was full: it may be asked for each of a million events. */
const COUNT_AGAIN_MS = 60_000;

export interface Kept extends Outgoing {
  readonly id: string;
  readonly why: FormatFault & { readonly code?: string };
  readonly keptAtMs: number;
  readonly expiresAtMs: number;
}

interface Counted {
  count: number;
  readonly atMs: number;
}

export class Quarantine {
  readonly #folder: string;
  readonly #nowMs: () => number;
  readonly #keptMax: number;
  #counted: Counted | null = null;

  /** Nothing is made or read before it is asked; what has expired is gone from then on. */
  constructor(folder: string, nowMs: () => number, keptMax = KEPT_MAX) {
    this.#folder = folder;
    this.#nowMs = nowMs;
    this.#keptMax = keptMax;
  }

  /** @returns false where it is full. The same event is kept once. */
  keep({ json, location, origins }: Outgoing, why: Kept['why'], keepMs: number): boolean {
    const id = this.#idOf(json);
    // It isn't kept the longer for coming again.
    if (this.get(id) !== null) return true;
    const keptAtMs = this.#nowMs();
    this.#counted = this.#countAt(keptAtMs);
    if (this.#counted.count >= this.#keptMax) return false;
    this.#write({ id, json, location, origins, why, keptAtMs, expiresAtMs: keptAtMs + keepMs });
    this.#counted.count += 1;
    return true;
  }

  /** The oldest first. */
  list(): readonly Kept[] {
    this.#prepare();
    const all = readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => this.get(name.slice(0, -'.json'.length)) ?? []);
    return all.toSorted((left, right) => left.keptAtMs - right.keptAtMs || (left.id < right.id ? -1 : 1));
  }

  /** Null where there is none, or none any more. */
  get(id: string): Kept | null {
    if (!/^[0-9a-f]{12}$/.test(id)) return null;
    let kept: Kept;
    try {
      kept = JSON.parse(readFileSync(this.#fileOf(id), 'utf8')) as Kept;
    } catch {
      return null;
    }
    if (kept.expiresAtMs > this.#nowMs()) return kept;
    this.discard(id);
    return null;
  }

  discard(id: string): void {
    rmSync(this.#fileOf(id), { force: true });
  }

  /** Kept on, with another reason. */
  again(kept: Kept, why: Kept['why']): void {
    this.#write({ ...kept, why });
  }

  /** What expires, and what another process settles, makes room again. */
  #countAt(nowMs: number): Counted {
    const known = this.#counted;
    if (known !== null && (known.count < this.#keptMax || nowMs < known.atMs + COUNT_AGAIN_MS)) return known;
    return { count: this.list().length, atMs: nowMs };
  }

  #write(kept: Kept): void {
    this.#prepare();
    replaceFile(this.#fileOf(kept.id), JSON.stringify(kept), 0o600);
  }

  #fileOf(id: string): string {
    return join(this.#folder, `${id}.json`);
  }

  #prepare(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Under a key of this folder's own, so that nobody finds a person by an id that was printed. */
  #idOf(json: string): string {
    this.#prepare();
    const file = join(this.#folder, 'id-key');
    try {
      writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    return createHmac('sha256', readFileSync(file)).update(json).digest('hex').slice(0, 12);
  }
}

export function quarantineIn(runDir: string, nowMs: () => number): Quarantine {
  return new Quarantine(join(runDir, 'quarantine'), nowMs);
}
