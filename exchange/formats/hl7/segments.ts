/**
 * The segments of one message. What looks like a segment is one, or a fault, or (within a note) text that is noted: a
 * line is never put silently into the segment before it, for it might be somebody's positive result.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import type { MessageSpot } from '#exchange/formats/reader.ts';
import { type Delimiters, delimitersOf, type Segment, segmentOf } from './message.ts';
import { namesVirusTest } from './observation.ts';

/** More than any report has; beyond it a message is refused before anything is done with it. */
export const SEGMENTS_MAX = 10_000;

export interface LineFault {
  /** Counted from the message's first, without blank ones. */
  readonly spot: Extract<MessageSpot, { kind: 'line' }>;
  /** `line 5` */
  readonly within: string;
  readonly fault: FormatFault;
}

export interface MessageSegments {
  readonly segments: readonly Segment[];
  /** Lines that might be a result and can't be read: none of the message's results may be taken then. */
  readonly broken: readonly LineFault[];
  /** What was overlooked. */
  readonly noted: readonly LineFault[];
  /** Lines that look like an observation, and are a text's. */
  readonly setAside: readonly LineFault[];
  /** The beginning of a segment's name at the very end: the input was cut there. */
  readonly hasFragment: boolean;
}

/** The segments in their order; null when the header doesn't say how to read them, or there are too many. */
export function readSegments(text: string, isOpen = false): MessageSegments | 'no-delimiters' | 'too-many' {
  const header = text.replace(UNSEEN, '');
  const delimiters = delimitersOf(header);
  if (delimiters === null) return 'no-delimiters';
  const pieces = piecesOf(header);
  if (pieces === null) return 'too-many';
  const reader = new SegmentReader(delimiters, terminatorsOf(pieces, delimiters));
  pieces.forEach((piece, index) => reader.add(piece, isOpen && index === pieces.length - 1));
  return reader.done();
}

/** As `readSegments`, for who needs no more than the segments. */
export function parseMessage(text: string): readonly Segment[] | null {
  const read = readSegments(text);
  return typeof read === 'string' ? null : read.segments;
}

interface Piece {
  readonly text: string;
  /** The break before it. */
  readonly after: string;
  readonly number: number;
}

const UNSEEN = /^[\s\0\u200b-\u200f\u2060\ufeff]+/;

function piecesOf(text: string): readonly Piece[] | null {
  const pieces: Piece[] = [];
  let after = '';
  let start = 0;
  for (const { 0: lineBreak, index } of text.matchAll(/\r\n|\r|\n/g)) {
    if (!add(text.slice(start, index))) return null;
    after = after === '' || start < index ? lineBreak : after === lineBreak ? after : '\r';
    start = index + lineBreak.length;
  }
  return add(text.slice(start)) ? pieces : null;

  function add(line: string): boolean {
    if (line.trim() === '' || line.replace(UNSEEN, '') === '') return true;
    pieces.push({ text: line, after, number: pieces.length + 1 });
    return pieces.length <= SEGMENTS_MAX;
  }
}

/** The kinds of line break by which this message ends segments: those that ever do so outside a note. */
function terminatorsOf(pieces: readonly Piece[], delimiters: Delimiters): ReadonlySet<string> {
  const kinds = new Set(pieces.slice(1, 2).map(({ after }) => after));
  let isFreeText = false;
  for (const { text, after } of pieces) {
    const isSegment = isProper(text, delimiters);
    if (isSegment && !isFreeText) kinds.add(after);
    if (isSegment && (!isFreeText || kinds.has(after))) isFreeText = holdsFreeText(text, delimiters);
  }
  return kinds;
}

function isProper(line: string, { field }: Delimiters): boolean {
  return /^[A-Z][A-Z0-9]{2}$/.test(line.slice(0, 3)) && (line.length === 3 || line[3] === field);
}

function holdsFreeText(line: string, { field }: Delimiters): boolean {
  return (
    line.startsWith('NTE') || (line.startsWith('OBX') && /^(TX|FT)$/.test(line.slice(0, 64).split(field)[2] ?? ''))
  );
}

class SegmentReader {
  readonly #delimiters: Delimiters;
  readonly #terminators: ReadonlySet<string>;
  readonly #lines: string[] = [];
  readonly #broken: LineFault[] = [];
  readonly #noted: LineFault[] = [];
  readonly #setAside: LineFault[] = [];
  #hasFragment = false;

  constructor(delimiters: Delimiters, terminators: ReadonlySet<string>) {
    this.#delimiters = delimiters;
    this.#terminators = terminators;
  }

  add({ text, after, number }: Piece, isCut: boolean): void {
    const host = this.#lines.at(-1);
    if (host === undefined) {
      this.#begin(text, number);
      return;
    }
    if (!this.#terminators.has(after)) return this.#continue(text, number, host);
    const tidy = text.replace(UNSEEN, '');
    if (isProper(tidy, this.#delimiters)) {
      if (isCut && tidy.length <= 3) this.#hasFragment = true;
      else this.#segment(tidy, number);
      return;
    }
    if (isCut && tidy.length <= 3 && !tidy.includes(this.#delimiters.field)) this.#hasFragment = true;
    else if (holdsFreeText(host, this.#delimiters) && !this.#mayBeSegment(tidy)) this.#append(text);
    else this.#broken.push(faultAt(number, this.#faultOf(tidy)));
  }

  done(): MessageSegments {
    return {
      segments: this.#lines.map((line) => segmentOf(line, this.#delimiters)),
      broken: this.#broken,
      noted: this.#noted,
      setAside: this.#setAside,
      hasFragment: this.#hasFragment,
    };
  }

  #begin(text: string, number: number): void {
    if (!text.startsWith('MSH')) this.#broken.push(faultAt(number, LOWER_CASE));
    this.#lines.push(`MSH${text.slice(3)}`);
    this.#lookForJoined(text, number);
  }

  #segment(line: string, number: number): void {
    this.#lines.push(line);
    const id = line.slice(0, 3);
    if (KNOWN.has(id)) {
      if (DECIDING.has(id)) this.#lookForJoined(line, number);
    } else if (!id.startsWith('Z')) {
      if (namesVirusTest(line)) this.#broken.push(faultAt(number, unknownSegment(id)));
      else this.#noted.push(faultAt(number, unknownSegment(id)));
    }
  }

  /** A line break within a field, as the message ends its segments otherwise. */
  #continue(text: string, number: number, host: string): void {
    const tidy = text.replace(UNSEEN, '');
    if (isProper(tidy, this.#delimiters) || NAMED.test(tidy.normalize('NFKC'))) {
      if (holdsFreeText(host, this.#delimiters))
        (OBSERVATION.test(tidy) ? this.#setAside : this.#noted).push(faultAt(number, READ_AS_TEXT));
      else this.#broken.push(faultAt(number, this.#faultOf(tidy)));
    }
    this.#append(text);
  }

  #append(text: string): void {
    this.#lines.push(`${this.#lines.pop()}\n${text}`);
  }

  #mayBeSegment(tidy: string): boolean {
    return tidy.includes(this.#delimiters.field) || NAMED.test(tidy.normalize('NFKC'));
  }

  /** Where the end of a segment was lost, the next one stands within a field. */
  #lookForJoined(line: string, number: number): void {
    if (line.startsWith('MSH') && OTHER_ENDS.test(line))
      return void this.#broken.push(faultAt(number, OTHER_LINE_ENDS));
    const { field } = this.#delimiters;
    // Behind its own name; most lines hold none.
    if (['OBX', 'OBR', 'SPM'].every((name) => line.indexOf(name, 3) < 0)) return;
    for (const { index } of line.matchAll(JOINED)) {
      const [setId, type] = line
        .slice(index + 3, index + 24)
        .split(field)
        .slice(1, 3);
      if (
        index > 3 &&
        line[index + 3] === field &&
        /^\d{0,4}$/.test(setId ?? '') &&
        (setId !== '' || type !== undefined)
      )
        return void this.#broken.push(faultAt(number, TWO_IN_ONE));
    }
  }

  #faultOf(tidy: string): FormatFault {
    if (/^[a-z][a-z0-9]{2}/i.test(tidy) && isProper(tidy.slice(0, 3).toUpperCase() + tidy.slice(3), this.#delimiters))
      return LOWER_CASE;
    return BROKEN_LINE;
  }
}

function faultAt(line: number, fault: FormatFault): LineFault {
  return { spot: { kind: 'line', line }, within: `line ${line}`, fault };
}

const DECIDING = new Set(['MSH', 'PID', 'ORC', 'OBR', 'OBX', 'SPM']);
const JOINED = /OBX|OBR|SPM/g;
const OTHER_ENDS = /(?:[\u0085\u2028\u2029\f]|\\[rn]|<CR>)\s*(?:PID|PV1|ORC|OBR|OBX|SFT)/i;
/** The name of a segment with something other than a letter behind it. */
const NAMED = /^\W?\s*(?:MSH|PID|ORC|OBR|OBX|SPM)(?![A-Za-z])/i;
const OBSERVATION = /^OBX(?![A-Za-z])/i;
/** All that ORU^R01 may hold in v2.3 to v2.8, and what senders add from other messages. */
const KNOWN: ReadonlySet<string> = new Set(
  (
    'MSH SFT UAC DSP PID PD1 NTE NK1 ARV PV1 PV2 PRT OH1 OH2 OH3 OH4 PDA ROL ORC OBR CTD OBX FT1 CTI SPM SAC DEV ' +
    'TQ1 TQ2 DSC AL1 IAM DG1 DRG PR1 GT1 IN1 IN2 IN3 ACC EVN MRG CON BLG CM0 ADD RXA RXR PRB GOL VAR'
  ).split(' '),
);

const LOWER_CASE: FormatFault = {
  field: '',
  reason: 'begins with a segment’s name that is not in capital letters',
  hint: 'write segment names in capital letters, such as OBX',
};
const BROKEN_LINE: FormatFault = {
  field: '',
  reason: 'is no segment, and might be part of a result',
  hint: 'begin each line with a segment’s name and the separator; write a line break within a text as \\.br\\',
};
const TWO_IN_ONE: FormatFault = {
  field: '',
  reason: 'holds the beginning of another segment',
  hint: 'end each segment with a carriage return',
};
const OTHER_LINE_ENDS: FormatFault = {
  field: '',
  reason: 'holds the whole message: its segments end neither with a carriage return nor with a line feed',
  hint: 'end each segment with a carriage return',
};
const READ_AS_TEXT: FormatFault = {
  field: '',
  reason: 'looks like a segment but stands within a text, as the message ends its segments otherwise; it is left out',
  hint: 'write a line break within a text as \\.br\\',
};

function unknownSegment(id: string): FormatFault {
  return {
    field: '',
    reason: `begins with ${id}, which is no segment of ORU^R01; it is left out`,
    hint: 'if a line break has cut the line before it, write that break as \\.br\\',
  };
}
