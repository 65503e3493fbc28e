/**
 * Sentences of one language as those of another. `{}` stands for what is filled in. Where that is a sentence of its own
 * that is known, it is translated too; it must never be changed otherwise.
 */

/** English and the other; where the order differs, `{2}` is what the second `{}` of the English was filled with. */
export type Lines = readonly (readonly [english: string, other: string])[];

interface Pattern {
  readonly form: RegExp;
  readonly other: string;
  /** How much of it is said whatever is filled in. */
  readonly fixedChars: number;
}

export type Translate = (text: string) => string | null;

/** @returns null for a text that is none of the lines */
export function translatorOf(lines: Lines): Translate {
  const fixed = new Map(lines.filter(([english]) => !english.includes('{}')));
  const patterns = lines
    .filter(([english]) => english.includes('{}'))
    .map(([english, other]) => patternOf(english, other))
    .toSorted((left, right) => right.fixedChars - left.fixedChars);
  const translate = (text: string, depth: number): string | null => {
    const known = fixed.get(text);
    if (known !== undefined || depth > DEPTH_MAX) return known ?? null;
    for (const { form, other } of patterns) {
      const filled = form.exec(text)?.slice(1);
      if (filled === undefined) continue;
      let next = 0;
      return other.replace(/\{(\d?)\}/g, (_, number: string) => {
        const part = filled[number === '' ? next++ : Number(number) - 1] ?? '';
        return translate(part, depth + 1) ?? part;
      });
    }
    return null;
  };
  return (text) => translate(text, 0);
}

/** A sentence within a sentence within one. */
const DEPTH_MAX = 2;

function patternOf(english: string, other: string): Pattern {
  const parts = english.split('{}');
  const form = new RegExp(`^${parts.map(escaped).join('(.*?)')}$`, 's');
  return { form, other, fixedChars: parts.join('').length };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
