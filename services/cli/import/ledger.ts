/**
 * What the door has accepted of each file, kept on the sender's side by the file's content. So an import that broke off
 * goes on where it was, a file that comes twice is told, and one can be taken back. It must never hold anything of what
 * a file says: only the numbers of its results.
 */

import { createHash } from 'node:crypto';
import { appendFileSync, createReadStream, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DAY_MS } from '#core/field/time.ts';
import { type Range, Ranges } from './ranges.ts';

/** So long an entry is kept after the last change to it. */
const LEDGER_DAYS_MAX = 90;

interface Header {
  readonly file: string;
  /** SHA-256 of its bytes as they lie on disk. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** What else decides what the file's results are, and who took them: mapping, province, door. */
  readonly how: string;
  readonly startedAt: string;
}

type Line =
  | { readonly accepted: readonly Range[]; readonly sure: number }
  | { readonly takenBack: readonly Range[] }
  | { readonly endedAt: string; readonly read: number; readonly sure: number };

/** Of one file. */
export class Entry {
  readonly header: Header;
  readonly accepted = new Ranges();
  readonly takenBack = new Ranges();
  endedAt: string | null = null;
  /** Results that have been read, and those of them that the file’s last record can’t hold. */
  read = 0;
  sure = 0;
  readonly #path: string;
  #waiting: { readonly accepted: Ranges; readonly takenBack: Ranges } | null = null;

  constructor(path: string, header: Header, lines: readonly Line[]) {
    this.#path = path;
    this.header = header;
    for (const line of lines) this.#take(line);
  }

  /** @returns the number of the next result in the file, from 1 */
  readOne(isOfNewRecord: boolean): number {
    if (isOfNewRecord) this.sure = this.read;
    this.read += 1;
    return this.read;
  }

  /** Another import of the file begins. */
  begin(): void {
    this.read = 0;
    this.sure = 0;
  }

  accept(number: number): void {
    this.accepted.add(number);
    this.takenBack.delete(number);
    this.#wait().accepted.add(number);
  }

  takeBack(number: number): void {
    this.accepted.delete(number);
    this.takenBack.add(number);
    this.#wait().takenBack.add(number);
  }

  end(at: string): void {
    this.flush();
    this.endedAt = at;
    this.#write({ endedAt: at, read: this.read, sure: this.sure });
  }

  /** Whatever is answered in one reply is one line. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) return;
    if (waiting.accepted.count > 0) this.#write({ accepted: waiting.accepted.toJSON(), sure: this.sure });
    if (waiting.takenBack.count > 0) this.#write({ takenBack: waiting.takenBack.toJSON() });
  }

  #wait(): { readonly accepted: Ranges; readonly takenBack: Ranges } {
    if (this.#waiting === null) {
      this.#waiting = { accepted: new Ranges(), takenBack: new Ranges() };
      queueMicrotask(() => this.flush());
    }
    return this.#waiting;
  }

  #write(line: Line): void {
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  }

  #take(line: Line): void {
    if ('sure' in line) this.sure = Math.max(this.sure, line.sure);
    if ('read' in line) this.read = line.read;
    if ('endedAt' in line) this.endedAt = line.endedAt;
    if ('accepted' in line) move(line.accepted, this.takenBack, this.accepted);
    if ('takenBack' in line) move(line.takenBack, this.accepted, this.takenBack);
  }
}

function move(moved: readonly Range[], from: Ranges, to: Ranges): void {
  for (const [first, last] of moved) {
    from.deleteRange(first, last);
    to.addRange(first, last);
  }
}

export class Ledger {
  readonly #folder: string;
  readonly #how: string;
  /** By the entry's name; none is ever another, and a folder of many files asks for all with each. */
  readonly #headers = new Map<string, Header>();

  /** @param how all that decides what a file's results are; two that differ have entries of their own */
  constructor(folder: string, how: unknown, nowMs: number) {
    this.#folder = folder;
    this.#how = sha256(JSON.stringify(how));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of this.#names())
      if (statSync(join(folder, name)).mtimeMs < nowMs - LEDGER_DAYS_MAX * DAY_MS) rmSync(join(folder, name));
  }

  /**
   * The entry of a file, a new one where there is none. Where a shorter file was sent before that this one begins with,
   * what was accepted of it is accepted of this one: but for its last record, which may have been cut.
   * @param recordIsLine in this format, so that one with a line's end is whole
   * @param otherPath of a file without which its results aren't what they are
   */
  async open(path: string, startedAt: string, recordIsLine: boolean, otherPath: string | null = null): Promise<Entry> {
    const other = otherPath === null ? '' : (await digestOf(otherPath, [])).digest;
    const how = sha256(`${this.#how} ${other}`);
    const headers = this.#names().flatMap((name) => this.#headerOf(name) ?? []);
    const { digest, sizeBytes, longest } = await digestOf(
      path,
      headers.filter((header) => header.how === how),
    );
    const header = { file: basename(path), digest, sizeBytes, how, startedAt };
    const file = this.#fileOf(digest, how);
    const known = this.#read(file);
    if (known !== null) return known;
    const before = longest === null ? null : this.#read(this.#fileOf(longest.digest, how));
    appendFileSync(file, `${JSON.stringify(header)}\n`, { mode: 0o600 });
    if (before !== null) {
      const sure = recordIsLine && longest?.endsLine === true ? Math.max(before.sure, before.read) : before.sure;
      before.accepted.deleteRange(sure + 1, Infinity);
      appendFileSync(file, `${JSON.stringify({ accepted: before.accepted.toJSON(), sure: 0 } satisfies Line)}\n`);
    }
    return this.#read(file) as Entry;
  }

  #fileOf(digest: string, how: string): string {
    return join(this.#folder, `${sha256(`${digest} ${how}`).slice(0, 32)}.jsonl`);
  }

  #names(): readonly string[] {
    return readdirSync(this.#folder).filter((name) => name.endsWith('.jsonl'));
  }

  /** Null where its first line was cut. */
  #headerOf(name: string): Header | null {
    const known = this.#headers.get(name);
    if (known !== undefined) return known;
    const [first = ''] = readFileSync(join(this.#folder, name), 'utf8').split('\n', 1);
    const header = parsed(first);
    if (!isHeader(header)) return null;
    this.#headers.set(name, header);
    return header;
  }

  #read(file: string): Entry | null {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return null;
    }
    // A line that was being written when the machine stopped is none: what it told of is sent again.
    const [header, ...lines] = text.split('\n').map(parsed);
    if (!isHeader(header)) {
      rmSync(file);
      return null;
    }
    if (!text.endsWith('\n')) appendFileSync(file, '\n');
    return new Entry(file, header, lines.filter((line) => line !== null) as unknown as Line[]);
  }
}

function parsed(line: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}

function isHeader(line: unknown): line is Header {
  return typeof (line as Partial<Header> | null | undefined)?.digest === 'string';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A file of before, with which a longer one begins. */
interface Beginning {
  readonly digest: string;
  readonly endsLine: boolean;
}

/** In one pass, also of each beginning that has the length of a file of before. */
async function digestOf(
  path: string,
  before: readonly Header[],
): Promise<{ readonly digest: string; readonly sizeBytes: number; readonly longest: Beginning | null }> {
  const lengths = [...new Set(before.map(({ sizeBytes }) => sizeBytes))].toSorted((left, right) => left - right);
  const hash = createHash('sha256');
  let read = 0;
  let lastByte: number | undefined;
  let longest: Beginning | null = null;
  const beginnings = (upTo: number, part: Uint8Array): void => {
    for (const length of lengths.splice(0, lengths.filter((one) => one < upTo).length)) {
      const end = part.subarray(0, length - read);
      const digest = hash.copy().update(end).digest('hex');
      const last = end.at(-1) ?? lastByte;
      const endsLine = last === 0x0a || last === 0x0d;
      if (length > 0 && before.some((one) => one.digest === digest)) longest = { digest, endsLine };
    }
  };
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
    beginnings(read + part.length, part);
    hash.update(part);
    lastByte = part.at(-1);
    read += part.length;
  }
  return { digest: hash.digest('hex'), sizeBytes: read, longest };
}
