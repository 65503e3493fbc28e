/** Which lines a sample changes: every nth line of code, counted over all files. It reads no file itself. */

export interface Text {
  readonly file: string;
  readonly text: string;
}

/** Lines on which nothing can be changed: blank ones, comments, imports, types, and those that only close something. */
const NOTHING_TO_CHANGE = /^\s*(\*|\/\/|\/\*|import|export (type|interface)|\}|$)/;

/** Each line as Stryker takes it: a file with the first and the last place that may be changed. */
export function sampleOf(texts: readonly Text[], every: number): string[] {
  const lines = texts.flatMap(({ file, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ line, place: `${file}:${index + 1}:0-${index + 1}:${line.length}` }))
      .filter(({ line }) => !NOTHING_TO_CHANGE.test(line)),
  );
  return lines.filter((_, index) => index % every === 0).map(({ place }) => place);
}
