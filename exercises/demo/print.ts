/**
 * What the demo prints: headings, aligned facts, answers. Plain when the output is no terminal. Decides nothing.
 */

import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const WIDTH = 100;
const LABEL = 24;

/** Styled for a terminal only, and never where NO_COLOR is set. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

let headings = 0;

export function heading(text: string): void {
  headings += 1;
  say();
  say(styled('bold', `${headings}  ${text}`));
}

/** A label and what is to be said of it, folded into lines under one another. */
export function fact(label: string, text: string): void {
  const [first = '', ...more] = folded(text, WIDTH - LABEL - 3);
  say(`   ${padded(label, LABEL)}${first}`);
  for (const line of more) say(`   ${' '.repeat(LABEL)}${line}`);
}

export function check(passed: boolean, label: string, text: string): void {
  fact(`${passed ? styled('green', '✓') : styled(['bold', 'red'], '✗')} ${label}`, text);
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** Seconds as milliseconds where there are few. */
export function latency(valueSeconds: number | null): string {
  if (valueSeconds === null) return 'not measured';
  return valueSeconds < 1
    ? `${(valueSeconds * 1_000).toPrecision(valueSeconds < 0.01 ? 2 : 3)} ms`
    : `${valueSeconds.toFixed(2)} s`;
}

/** Chinese characters are two columns wide. */
export function columns(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text))
    width += /[\u1100-\u115f\u2e80-\uffdc]/.test(character) ? 2 : 1;
  return width;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(1, width - columns(text)));
}

/** At blanks, and between Chinese characters. */
export function folded(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(/[\u2e80-\uffdc]|[^\s\u2e80-\uffdc]+|\s+/g) ?? []) {
    if (columns(line + piece.trimEnd()) > width && line !== '' && !/^[，。；：）、]$/.test(piece)) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  if (line.trimEnd() !== '') lines.push(line.trimEnd());
  return lines;
}
