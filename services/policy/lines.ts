/**
 * On which line of a JSON text a value stands, for messages that lead a reader to the place. Reads text that JSON.parse
 * has taken, and nothing else.
 */

/** Line numbers from 1, by JSON pointer. */
export function linesOf(json: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let at = 0;
  let line = 1;

  const skip = (): void => {
    for (; at < json.length; at += 1) {
      if (json[at] === '\n') line += 1;
      else if (!/[\s,:]/.test(json[at] ?? '')) return;
    }
  };
  const readString = (): string => {
    const start = at;
    for (at += 1; json[at] !== '"' && at < json.length; at += 1) if (json[at] === '\\') at += 1;
    at += 1;
    return JSON.parse(json.slice(start, at)) as string;
  };
  const readValue = (pointer: string, ownLine: number): void => {
    lines.set(pointer, ownLine);
    if (json[at] === '{') readMembers(pointer);
    else if (json[at] === '[') readItems(pointer);
    else if (json[at] === '"') readString();
    else while (at < json.length && !/[\s,\]}]/.test(json[at] ?? '')) at += 1;
  };
  const readMembers = (pointer: string): void => {
    at += 1;
    for (skip(); json[at] !== '}' && at < json.length; skip()) {
      const keyLine = line;
      const key = readString();
      skip();
      readValue(`${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, keyLine);
    }
    at += 1;
  };
  const readItems = (pointer: string): void => {
    at += 1;
    let index = 0;
    for (skip(); json[at] !== ']' && at < json.length; skip()) {
      readValue(`${pointer}/${index}`, line);
      index += 1;
    }
    at += 1;
  };

  skip();
  readValue('', line);
  return lines;
}

/** The line of a pointer, or of the nearest thing around it where it isn't there itself. */
export function lineOf(lines: ReadonlyMap<string, number>, pointer: string): number {
  for (let around = pointer; around !== ''; around = around.slice(0, around.lastIndexOf('/'))) {
    const line = lines.get(around);
    if (line !== undefined) return line;
  }
  return lines.get('') ?? 1;
}
