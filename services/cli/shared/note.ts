/** What an operator says of what it does, by `--by` and `--why`: checked before anything is read or written. */

import { InvalidArgumentError } from 'commander';

const NOTE_CHARS_MAX = 200;

export function parseNote(text: string): string {
  if (text.trim() === '' || text.length > NOTE_CHARS_MAX)
    throw new InvalidArgumentError(`It is a text of 1 to ${NOTE_CHARS_MAX} characters.`);
  return text;
}
