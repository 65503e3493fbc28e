/**
 * JSON as people write it by hand: read as strictly as JSON.parse does, and besides refused where a reader and a
 * program would see two different things (a name that is there twice, bytes that are no UTF-8). Says where everything
 * stands, and how to mend what is wrong. Pure.
 */

import { isUtf8 } from 'node:buffer';
import { type JSONPath, printParseErrorCode, visit } from 'jsonc-parser';
import type { Fault } from '#core/terms/fault.ts';

/** Both from 1; columns count UTF-16 units. */
export interface Location {
  readonly line: number;
  readonly column: number;
}

/** By JSON pointer; of a member that of its name. */
export type Locations = ReadonlyMap<string, Location>;

export type JsonFault = Fault & Location;

export type JsonRead =
  | { readonly value: unknown; readonly locations: Locations }
  | { readonly faults: readonly JsonFault[] };

type Words = Pick<Fault, 'detail' | 'mend'>;

/** No rule, case or history comes near it; and no file makes the parser run out of stack. */
const DEPTH_MAX = 64;
const OPTIONS = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false } as const;

export function readJson(bytes: Uint8Array): JsonRead {
  if (!isUtf8(bytes)) return { faults: [utf8Fault(bytes)] };
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (text.startsWith('\uFEFF'))
    return {
      faults: [
        {
          pointer: '',
          line: 1,
          column: 1,
          detail: 'begins with a byte order mark',
          mend: 'save the file as UTF-8 without one',
        },
      ],
    };
  const { locations, faults } = look(text);
  if (faults.length > 0) return { faults };
  try {
    return { value: JSON.parse(text) as unknown, locations };
  } catch (error) {
    // The parser takes a little more than JSON is.
    return {
      faults: [
        {
          pointer: '',
          line: 1,
          column: 1,
          detail: 'is not JSON',
          mend: error instanceof Error ? error.message : String(error),
        },
      ],
    };
  }
}

/** The location of a pointer, or of the nearest thing around it where it isn't there itself. */
export function locationOf(locations: Locations, pointer: string): Location {
  for (let around = pointer; around !== ''; around = around.slice(0, around.lastIndexOf('/'))) {
    const location = locations.get(around);
    if (location !== undefined) return location;
  }
  return locations.get('') ?? { line: 1, column: 1 };
}

/** A line break is never part of a longer sequence, so the lines can be looked at one by one. */
function utf8Fault(bytes: Uint8Array): JsonFault {
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(0x0a); end >= 0 && isUtf8(bytes.subarray(start, end)); end = bytes.indexOf(0x0a, start))
    [line, start] = [line + 1, end + 1];
  const end = bytes.indexOf(0x0a, start);
  const column = new TextDecoder().decode(bytes.subarray(start, end < 0 ? undefined : end)).indexOf('\uFFFD') + 1;
  return {
    pointer: '',
    line,
    column,
    detail: 'is not UTF-8',
    mend: 'save the file as UTF-8, and look whether the text there is still what it was',
  };
}

/** What is found wrong first ends the look: what follows is mostly wrong because of it. */
class Stop extends Error {}

function look(text: string): { readonly locations: Locations; readonly faults: readonly JsonFault[] } {
  const locations = new Map<string, Location>();
  const faults: JsonFault[] = [];
  const stop = (words: Words, pointer: string, location: Location): never => {
    faults.push({ pointer, ...location, ...words });
    throw new Stop(words.detail);
  };
  const value = (line: number, column: number, path: JSONPath): void => {
    const pointer = pointerOf(path);
    if (!locations.has(pointer)) locations.set(pointer, { line, column });
    if (path.length > DEPTH_MAX)
      stop({ detail: `is nested more than ${DEPTH_MAX} deep`, mend: 'write it flatter' }, pointer, { line, column });
  };
  try {
    visit(
      text,
      {
        onObjectBegin: (_offset, _length, line, column, path) => value(line + 1, column + 1, path()),
        onArrayBegin: (_offset, _length, line, column, path) => value(line + 1, column + 1, path()),
        onLiteralValue: (_value, _offset, _length, line, column, path) => value(line + 1, column + 1, path()),
        onObjectProperty: (name, _offset, _length, line, column, path) => {
          const pointer = pointerOf([...path(), name]);
          const first = locations.get(pointer);
          if (first !== undefined) {
            faults.push({
              pointer,
              line: line + 1,
              column: column + 1,
              detail: `is there twice, first on line ${first.line}`,
              mend: 'keep one of the two',
            });
            // Those of the second aren't twice.
            for (const inner of locations.keys()) if (inner.startsWith(`${pointer}/`)) locations.delete(inner);
          }
          locations.set(pointer, { line: line + 1, column: column + 1 });
        },
        onError: (code, offset, _length, line, column) =>
          stop(wordsOf(printParseErrorCode(code), text, offset), '', { line: line + 1, column: column + 1 }),
      },
      OPTIONS,
    );
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  return { locations, faults };
}

function pointerOf(path: JSONPath): string {
  let pointer = '';
  for (const segment of path) pointer += `/${typeof segment === 'string' ? escaped(segment) : segment}`;
  return pointer;
}

/** Hardly a name holds either mark, and this is asked for each name of each rule. */
const escaped = (name: string): string => (/[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name);

/** What input methods and word processors write instead of JSON's own marks. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '‘': '"',
  '’': '"',
  '「': '"',
  '」': '"',
  "'": '"',
  '，': ',',
  '、': ',',
  '：': ':',
  '［': '[',
  '］': ']',
  '｛': '{',
  '｝': '}',
};

const NO_VALUE: Words = {
  detail: 'has something else where a value is wanted',
  mend: 'write a text in "…", a number, true, false, null, {…} or […]',
};
const OPEN_TEXT: Words = {
  detail: 'a text isn’t closed on its line',
  mend: 'close it with ", and write a line break within it as \\n, a tab as \\t',
};
const ESCAPE: Words = { detail: 'has an escape that JSON doesn’t know', mend: 'write \\\\ for a backslash' };
const COMMENT: Words = { detail: 'has a comment', mend: 'take it out: JSON has none; `note` is for remarks on a rule' };
const WORDS: Readonly<Record<string, Words>> = {
  InvalidSymbol: {
    detail: 'has something that JSON doesn’t know',
    mend: 'write names and texts in "…", else a number, true, false, null, {…} or […]',
  },
  PropertyNameExpected: {
    detail: 'has something else where a name in "…" is wanted',
    mend: 'write the name of the field in "…"',
  },
  ColonExpected: { detail: 'has something else where a colon is wanted', mend: 'put a : between name and value' },
  CommaExpected: {
    detail: 'has something else where a comma is wanted',
    mend: 'put a comma before it, or close what was opened',
  },
  EndOfFileExpected: {
    detail: 'goes on after its end',
    mend: 'take out what follows, or the bracket that closes too early',
  },
  InvalidCommentToken: COMMENT,
  UnexpectedEndOfComment: COMMENT,
  UnexpectedEndOfString: OPEN_TEXT,
  InvalidCharacter: OPEN_TEXT,
  InvalidUnicode: ESCAPE,
  InvalidEscapeCharacter: ESCAPE,
};

function wordsOf(code: string, text: string, offset: number): Words {
  if (text.trim() === '') return { detail: 'is empty', mend: 'write the JSON, or remove the file' };
  const next = text[offset];
  if (next === undefined)
    return { detail: 'ends too early', mend: 'add what is missing: something that was opened isn’t closed' };
  const meant = LOOKALIKES[next];
  if (meant !== undefined) return { detail: `has ${next} where JSON wants its own mark`, mend: `write ${meant}` };
  if ((next === '}' || next === ']') && text.slice(0, offset).trimEnd().endsWith(','))
    return { detail: 'has a comma with nothing after it', mend: 'take the comma out' };
  if (next === ',' && /[{[,:]\s*$/.test(text.slice(0, offset)))
    return { detail: 'has a comma with nothing before it', mend: 'take the comma out, or add what is missing' };
  return WORDS[code] ?? NO_VALUE;
}
