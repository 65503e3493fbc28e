/**
 * JSON as people write it by hand: read as strictly as JSON.parse does, and besides refused where a reader and a program
 * would see two different things (a key that is there twice, bytes that are no UTF-8). Says where everything stands, and
 * how to mend what is wrong. Pure.
 */
import { isUtf8 } from 'node:buffer';
import type { FaultFound } from './faults.ts';

/** Both from 1; columns count UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** By JSON pointer; of a member the place of its key. */
export type Places = ReadonlyMap<string, Place>;

export type JsonFault = FaultFound & Place;

export type JsonRead = { readonly value: unknown; readonly places: Places } | { readonly faults: readonly JsonFault[] };

/** No rule, case or history comes near it; and no file makes the reader run out of stack. */
const DEPTH_MAX = 64;
const SPACE = /[ \t\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const WORD = /(?:true|false|null)(?!\w)/y;
// oxlint-disable-next-line no-control-regex -- the characters that JSON wants escaped
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
/** What input methods and word processors write instead of JSON's own marks. */
const LOOKALIKES: Readonly<Record<string, string>> = { '“': '"', '”': '"', '‘': '"', '’': '"', '「': '"', '」': '"', "'": '"', '，': ',', '、': ',', '：': ':', '［': '[', '］': ']', '｛': '{', '｝': '}' };

export function readJson(bytes: Uint8Array): JsonRead {
  if (!isUtf8(bytes)) return { faults: [utf8Fault(bytes)] };
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const scan = new Scan(text);
  const stop = scan.whole();
  if (stop !== null || scan.twice.length > 0) return { faults: [...scan.twice, ...(stop === null ? [] : [stop])] };
  return { value: JSON.parse(text) as unknown, places: scan.places };
}

/** The place of a pointer, or of the nearest thing around it where it isn't there itself. */
export function placeOf(places: Places, pointer: string): Place {
  for (let around = pointer; around !== ''; around = around.slice(0, around.lastIndexOf('/'))) {
    const place = places.get(around);
    if (place !== undefined) return place;
  }
  return places.get('') ?? { line: 1, column: 1 };
}

/** A line break is never part of a longer sequence, so the lines can be looked at one by one. */
function utf8Fault(bytes: Uint8Array): JsonFault {
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(0x0a); end >= 0 && isUtf8(bytes.subarray(start, end)); end = bytes.indexOf(0x0a, start)) [line, start] = [line + 1, end + 1];
  const end = bytes.indexOf(0x0a, start);
  const column = new TextDecoder().decode(bytes.subarray(start, end < 0 ? undefined : end)).indexOf('\uFFFD') + 1;
  return { pointer: '', line, column, detail: 'is not UTF-8', mend: 'save the file as UTF-8, and look whether the text there is still what it was' };
}

/** Ends the reading; caught in `whole`, and nowhere else. */
class Stop extends Error {
  readonly fault: JsonFault;
  constructor(fault: JsonFault) {
    super(fault.detail);
    this.fault = fault;
  }
}

class Scan {
  readonly places = new Map<string, Place>();
  readonly twice: JsonFault[] = [];
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** What keeps the text from being JSON; null: nothing. */
  whole(): JsonFault | null {
    try {
      if (this.#text.startsWith('\uFEFF')) this.#stop('', 'begins with a byte order mark', 'save the file as UTF-8 without one');
      this.#space();
      if (this.#at >= this.#text.length) this.#stop('', 'is empty', 'write the JSON, or remove the file');
      this.#value('', this.#here(), 0);
      this.#space();
      if (this.#at < this.#text.length) this.#stop('', 'goes on after its end', 'take out what follows, or the bracket that closes too early');
      return null;
    } catch (error) {
      if (error instanceof Stop) return error.fault;
      throw error;
    }
  }

  #value(pointer: string, place: Place, depth: number): void {
    this.places.set(pointer, place);
    const next = this.#text[this.#at];
    if (depth > DEPTH_MAX) this.#stop(pointer, `is nested more than ${DEPTH_MAX} deep`, 'write it flatter');
    if (next === '{') this.#members(pointer, depth);
    else if (next === '[') this.#items(pointer, depth);
    else if (next === '"') this.#string(pointer);
    else if (!this.#take(NUMBER) && !this.#take(WORD)) this.#unexpected(pointer, 'a value', 'write a text in "…", a number, true, false, null, {…} or […]');
  }

  #members(pointer: string, depth: number): void {
    const seen = new Map<string, Place>();
    this.#list(pointer, '}', () => {
      const place = this.#here();
      if (this.#text[this.#at] !== '"') this.#unexpected(pointer, 'a name in "…"', 'write the name of the field in "…"');
      const key = this.#string(pointer);
      const inner = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const first = seen.get(key);
      if (first !== undefined) this.twice.push({ pointer: inner, ...place, detail: `is there twice, first on line ${first.line}`, mend: 'keep one of the two' });
      seen.set(key, place);
      this.#space();
      if (this.#text[this.#at] !== ':') this.#unexpected(inner, 'a colon', 'put a : between name and value');
      this.#at += 1;
      this.#space();
      this.#value(inner, place, depth + 1);
    });
  }

  #items(pointer: string, depth: number): void {
    let index = 0;
    this.#list(pointer, ']', () => {
      this.#value(`${pointer}/${index}`, this.#here(), depth + 1);
      index += 1;
    });
  }

  #list(pointer: string, close: '}' | ']', one: () => void): void {
    this.#at += 1;
    this.#space();
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      one();
      this.#space();
      const next = this.#text[this.#at];
      if (next !== ',' && next !== close) this.#unexpected(pointer, `a comma or ${close}`, `put a comma before it, or close with ${close}`);
      const comma = this.#here();
      this.#at += 1;
      if (next === close) return;
      this.#space();
      if (this.#text[this.#at] === close) throw new Stop({ pointer, ...comma, detail: 'has a comma with nothing after it', mend: 'take the comma out' });
    }
  }

  #string(pointer: string): string {
    const start = this.#at;
    const opened = this.#here();
    this.#at += 1;
    for (;;) {
      this.#take(PLAIN_TEXT);
      if (this.#text[this.#at] === '"') {
        this.#at += 1;
        return JSON.parse(this.#text.slice(start, this.#at)) as string;
      }
      if (this.#text[this.#at] !== '\\') throw new Stop({ pointer, ...opened, detail: 'a text isn’t closed on its line', mend: 'close it with ", and write a line break within it as \\n, a tab as \\t' });
      if (!this.#take(ESCAPE)) this.#stop(pointer, 'has an escape that JSON doesn’t know', 'write \\\\ for a backslash');
    }
  }

  #space(): void {
    this.#take(SPACE);
    while (this.#text[this.#at] === '\n') {
      this.#at += 1;
      this.#line += 1;
      this.#lineStart = this.#at;
      this.#take(SPACE);
    }
  }

  /** Whether it stands here; then it has been passed. */
  #take(form: RegExp): boolean {
    form.lastIndex = this.#at;
    const found = form.test(this.#text);
    if (found) this.#at = form.lastIndex;
    return found;
  }

  #here(): Place {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #unexpected(pointer: string, wanted: string, mend: string): never {
    const next = this.#text[this.#at];
    if (next === undefined) return this.#stop(pointer, `ends where ${wanted} is wanted`, 'add what is missing: something that was opened isn’t closed');
    if (next === '/' || next === '#') return this.#stop(pointer, 'has a comment', 'take it out: JSON has none; `note` is for remarks on a rule');
    const meant = LOOKALIKES[next];
    if (meant !== undefined) return this.#stop(pointer, `has ${next} where ${wanted} is wanted`, `write ${meant}`);
    return this.#stop(pointer, `has something else where ${wanted} is wanted`, mend);
  }

  #stop(pointer: string, detail: string, mend: string): never {
    throw new Stop({ pointer, ...this.#here(), detail, mend });
  }
}
