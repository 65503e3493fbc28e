/**
 * Cuts a file's bytes into HL7 messages and checks the envelopes around them (envelope.ts). Holds one message at a
 * time, of bounded size; what is too long is reported, never cut short. It says how sure a message's end is, because a
 * file that was cut looks like a shorter one.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { Envelope } from './envelope.ts';
import { type Break, LineCutter, type RawLine } from './raw-lines.ts';
import type { Ending, Standing } from './standing.ts';

export const HL7_MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

export type Hl7Item =
  | (Standing & {
      readonly kind: 'message';
      /** from 1 */
      readonly number: number;
      /** with the line breaks as they came */
      readonly bytes: Uint8Array;
    })
  | { readonly kind: 'oversize'; readonly number: number }
  | { readonly kind: 'file_fault'; /** `line 12` */ readonly at: string; readonly fault: FormatFault };

export async function* splitMessages(
  chunks: AsyncIterable<Uint8Array>,
  messageBytesMax = HL7_MESSAGE_BYTES_MAX,
): AsyncGenerator<Hl7Item> {
  const splitter = new Splitter(messageBytesMax);
  for await (const chunk of chunks) yield* splitter.push(chunk);
  yield* splitter.end();
}

/** What may stand before a segment's name unseen: blanks, a byte order mark, a zero-width character. */
const UNSEEN = /^(?:[\s\0]|\u00ef\u00bb\u00bf|\u00e2\u0080[\u008b-\u008f]|\u00e2\u0081\u00a0)+/;
const HEADER = /^(MSH|FHS|BHS)[^A-Za-z0-9\s]/i;
const TRAILER = /^(BTS|FTS)(?:[^A-Za-z0-9]|$)/;
/** Nobody's text holds this: its marks would be escaped there. */
const HEADER_IN_LINE = Buffer.from('MSH|^~\\&');
const START_BYTES = 64;
/** A line with more is none that lost its breaks, and its remainder is refused as one message. */
const HEADERS_IN_LINE_MAX = 100;

class Splitter {
  readonly #cutter: LineCutter;
  readonly #bytesMax: number;
  readonly #envelope = new Envelope();
  #items: Hl7Item[] = [];
  #open: OpenMessage | null = null;
  #number = 0;
  #strayReported = false;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#cutter = new LineCutter(bytesMax);
  }

  push(chunk: Uint8Array): readonly Hl7Item[] {
    for (const line of this.#cutter.push(chunk)) this.#line(line);
    return this.#taken();
  }

  end(): readonly Hl7Item[] {
    const last = this.#cutter.end();
    if (last !== null) this.#line(last);
    this.#close(last === null || last.end !== 'none' || isBlank(last.bytes) ? 'line' : 'open');
    const at = 'end of file';
    for (const fault of this.#envelope.end()) this.#items.push({ kind: 'file_fault', at, fault });
    if (this.#number === 0) this.#items.push({ kind: 'file_fault', at, fault: NO_MESSAGE });
    return this.#taken();
  }

  #taken(): readonly Hl7Item[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  #line(line: RawLine): void {
    if (line.bytes.length > 0) this.#filled(line);
    else this.#open?.add(line);
    if (line.end === 'fs') this.#close('proven');
  }

  /** Two messages, or a log's entry and a message, may stand in one line: the first of them ends without a break. */
  #filled(line: RawLine): void {
    let from = 0;
    for (let headers = 1; ; headers++) {
      const at = line.bytes.indexOf(HEADER_IN_LINE, from + 1);
      if (at < 0) break;
      if (headers > HEADERS_IN_LINE_MAX)
        return this.#segment({ ...line, bytes: line.bytes.subarray(from), isTooLong: true });
      const before = line.bytes.subarray(from, at);
      if (!isBlank(before)) {
        this.#segment({ ...line, bytes: before, end: 'none', isTooLong: false });
        this.#close('open');
      }
      from = at;
    }
    this.#segment(from === 0 ? line : { ...line, bytes: line.bytes.subarray(from) });
  }

  #segment(line: RawLine): void {
    const start = line.bytes.toString('latin1', 0, START_BYTES).replace(UNSEEN, '');
    const id = (HEADER.exec(start) ?? TRAILER.exec(start))?.[1]?.toUpperCase() ?? '';
    if (id === 'MSH') this.#begin(line);
    else if (id !== '') this.#enclose(id, start, line);
    else if (this.#open === null) this.#stray(line);
    else this.#open.add(line);
  }

  #begin(line: RawLine): void {
    const isDoubtful = this.#open?.mayHoldAsText(line) ?? false;
    if (isDoubtful && this.#open !== null) this.#open.isDoubtful = true;
    this.#close('proven');
    this.#open = new OpenMessage(++this.#number, this.#bytesMax, isDoubtful);
    this.#envelope.message();
    this.#open.add(line);
  }

  #enclose(id: string, start: string, line: RawLine): void {
    this.#close('proven');
    for (const fault of this.#envelope.segment(id, start)) this.#fault(line, fault);
  }

  #stray(line: RawLine): void {
    if (this.#strayReported || isBlank(line.bytes)) return;
    this.#strayReported = true; // once per file: a file that isn't HL7 would list each of its lines
    this.#fault(line, {
      field: '',
      reason: 'text that belongs to no message',
      hint: 'each message begins with MSH; leave out what a log or a mail has put around it',
    });
  }

  #fault(line: RawLine, fault: FormatFault): void {
    this.#items.push({ kind: 'file_fault', at: `line ${line.number}`, fault });
  }

  #close(ending: Ending): void {
    if (this.#open !== null) this.#items.push(this.#open.item(ending));
    this.#open = null;
  }
}

class OpenMessage {
  readonly #number: number;
  readonly #bytesMax: number;
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;
  #firstBreak: Break | null = null;
  #lastBreak: Break = 'none';
  #isInFreeText = false;
  isDoubtful: boolean;

  constructor(number: number, bytesMax: number, isDoubtful: boolean) {
    this.#number = number;
    this.#bytesMax = bytesMax;
    this.isDoubtful = isDoubtful;
  }

  add(line: RawLine): void {
    const breakBytes = BREAK_BYTES[line.end];
    this.#bytes += line.isTooLong ? Number.POSITIVE_INFINITY : line.bytes.length + breakBytes.length;
    if (this.#bytes > this.#bytesMax + 1) this.#parts.length = 0;
    else this.#parts.push(line.bytes, breakBytes);
    this.#firstBreak ??= line.end;
    this.#lastBreak = line.end;
    if (line.bytes.length > 3) this.#isInFreeText = FREE_TEXT.test(line.bytes.toString('latin1', 0, START_BYTES));
  }

  /** A line break of another kind within a note may be the note's own, and what follows its text. */
  mayHoldAsText({ number }: RawLine): boolean {
    return number > 1 && this.#isInFreeText && this.#lastBreak !== this.#firstBreak && this.#lastBreak !== 'none';
  }

  item(ending: Ending): Hl7Item {
    return this.#bytes > this.#bytesMax + 1
      ? { kind: 'oversize', number: this.#number }
      : {
          kind: 'message',
          number: this.#number,
          bytes: Buffer.concat(this.#parts),
          ending,
          isDoubtful: this.isDoubtful,
        };
  }
}

const FREE_TEXT = /^(?:NTE|OBX[^A-Za-z0-9][^|]*\|(?:TX|FT))/;

const BREAK_BYTES: Readonly<Record<Break, Uint8Array>> = {
  cr: Buffer.from('\r'),
  lf: Buffer.from('\n'),
  crlf: Buffer.from('\r\n'),
  vt: Buffer.from('\r'),
  fs: Buffer.from('\r'),
  none: Buffer.alloc(0),
};

const NO_MESSAGE: FormatFault = {
  field: 'MSH',
  reason: 'the file holds no message',
  hint: 'each message begins with MSH',
};

function isBlank(bytes: Buffer): boolean {
  return bytes.length <= START_BYTES
    ? bytes.toString('latin1').replace(UNSEEN, '') === ''
    : bytes.every((byte) => byte <= 0x20);
}
