/**
 * Cuts a file's lines into HL7 messages and checks the counts that its batches state (FHS, BHS, BTS, FTS; HL7 v2.5.1
 * 2.10.3). Holds one message at a time, of bounded size; what is too long is reported, never cut short.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import type { Line } from '#exchange/formats/lines.ts';
import { delimitersOf } from './message.ts';

export const HL7_MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

export type Hl7Item =
  | { readonly kind: 'message'; /** from 1 */ readonly number: number; readonly bytes: Uint8Array }
  | { readonly kind: 'oversize'; readonly number: number }
  | { readonly kind: 'file_fault'; /** `line 12` */ readonly at: string; readonly fault: FormatFault };

/** Lines end at a carriage return, a line feed, or where MLLP frames a message. */
export const isHl7LineBreak = (byte: number): boolean =>
  byte === 0x0d || byte === 0x0a || byte === 0x0b || byte === 0x1c;

export async function* splitMessages(
  lines: AsyncIterable<Line>,
  messageBytesMax = HL7_MESSAGE_BYTES_MAX,
): AsyncGenerator<Hl7Item> {
  let open: OpenMessage | null = null;
  let number = 0;
  let strayReported = false;
  const counts = { messages: 0, batches: 0 };
  const close = function* (): Generator<Hl7Item> {
    if (open !== null) yield open.item();
    open = null;
  };
  for await (const line of lines) {
    const id = segmentIdOf(line.bytes);
    if (id === 'MSH') {
      yield* close();
      open = new OpenMessage(++number, messageBytesMax);
      counts.messages++;
    } else if (id !== '') {
      yield* close();
      yield* batchSegment(id, line, counts);
      continue;
    }
    if (open !== null) open.add(line);
    else if (!strayReported && !isBlank(line.bytes)) {
      strayReported = true; // once per file: a file that isn't HL7 would list each of its lines
      yield fileFault(line, '', 'text that belongs to no message', 'each message begins with MSH');
    }
  }
  yield* close();
  if (number === 0)
    yield {
      kind: 'file_fault',
      at: 'end of file',
      fault: { field: 'MSH', reason: 'the file holds no message', hint: 'each message begins with MSH' },
    };
}

class OpenMessage {
  readonly #number: number;
  readonly #bytesMax: number;
  readonly #lines: Uint8Array[] = [];
  #bytes = 0;

  constructor(number: number, bytesMax: number) {
    this.#number = number;
    this.#bytesMax = bytesMax;
  }

  add(line: Line): void {
    this.#bytes += line.isTooLong ? Number.POSITIVE_INFINITY : line.bytes.length + 1;
    if (this.#bytes > this.#bytesMax) this.#lines.length = 0;
    else this.#lines.push(line.bytes, CARRIAGE_RETURN);
  }

  item(): Hl7Item {
    return this.#bytes > this.#bytesMax
      ? { kind: 'oversize', number: this.#number }
      : { kind: 'message', number: this.#number, bytes: Buffer.concat(this.#lines) };
  }
}

const CARRIAGE_RETURN = Buffer.from('\r');

/** The segments that begin or end a message, a batch or a file; '' for all others. */
function segmentIdOf(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  return /^(MSH|FHS|BHS)[^A-Za-z0-9\s]/.test(start) || /^(BTS|FTS)([^A-Za-z0-9]|$)/.test(start)
    ? start.slice(0, 3)
    : '';
}

function* batchSegment(id: string, line: Line, counts: { messages: number; batches: number }): Generator<Hl7Item> {
  if (id === 'BHS') counts.batches++;
  if (id === 'FHS' || id === 'BHS') counts.messages = 0;
  const stated = statedCount(line.bytes);
  if (id === 'BTS' && stated !== '') yield* countFault(line, 'BTS-1', stated, counts.messages, 'messages');
  // FTS-1 counts batches; files without batch headers exist, and say nothing reliable there.
  if (id === 'FTS' && stated !== '' && counts.batches > 0)
    yield* countFault(line, 'FTS-1', stated, counts.batches, 'batches');
  if (id === 'BTS') counts.messages = 0;
  if (id === 'FTS') counts.batches = 0;
}

function* countFault(line: Line, field: string, stated: string, found: number, what: string): Generator<Hl7Item> {
  if (Number(stated) === found) return;
  const said = /^\d{1,9}$/.test(stated) ? stated : 'no number';
  yield fileFault(
    line,
    field,
    `says ${said}, but ${found} ${what} came`,
    'the file may have been cut or joined: fetch it again and import it once more (what was accepted ' +
      'becomes a duplicate)',
  );
}

function statedCount(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, 256)).toString('latin1');
  const separator = delimitersOf(`MSH${text[3] ?? '|'}^~\\&`)?.field ?? '|';
  return (text.split(separator)[1] ?? '').trim();
}

function fileFault(line: Line, field: string, reason: string, hint: string): Hl7Item {
  return { kind: 'file_fault', at: `line ${line.number}`, fault: { field, reason, hint } };
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte <= 0x20);
}
