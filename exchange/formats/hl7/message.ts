/**
 * The fields of HL7 v2: delimiters, repetitions, components, escapes (HL7 v2.5.1 chapter 2). It never throws, whatever
 * the text, and knows nothing of what the fields mean. Each field is taken apart once, however often it's asked for.
 *
 * An own reader because the libraries tried don't fit: README.md has a table of what they make of which input.
 */

export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  /** Since v2.7: what a sender puts at the end of a text that it has cut; null: its header names none. */
  readonly truncation: string | null;
}

const DEFAULT_DELIMITERS: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
  truncation: null,
};

/** One repetition of a field. */
export class Field {
  readonly #raw: string;
  readonly #delimiters: Delimiters;
  /** Null until one is asked for. */
  #components: readonly string[] | null = null;
  /** Without their escapes, as far as they were asked for. */
  #texts: (string | undefined)[] | null = null;

  constructor(raw: string, delimiters: Delimiters) {
    this.#raw = raw;
    this.#delimiters = delimiters;
  }

  /** A whole component without its escapes; an `&` that someone forgot to escape stays part of it. '' when absent. */
  text(component = 1): string {
    if (this.#raw === '') return '';
    const texts = (this.#texts ??= []);
    return (texts[component] ??= plain(this.#component(component), this.#delimiters));
  }

  /** One subcomponent of a component. '' when absent. */
  part(component: number, subcomponent: number): string {
    if (this.#raw === '') return '';
    const parts = this.#component(component).split(this.#delimiters.subcomponent);
    return plain(parts[subcomponent - 1] ?? '', this.#delimiters);
  }

  #component(component: number): string {
    this.#components ??= this.#raw.split(this.#delimiters.component);
    return this.#components[component - 1] ?? '';
  }
}

export class Segment {
  readonly id: string;
  readonly #fields: readonly string[];
  readonly #delimiters: Delimiters;
  readonly #read: (readonly Field[] | undefined)[] = [];

  constructor(id: string, fields: readonly string[], delimiters: Delimiters) {
    this.id = id;
    this.#fields = fields;
    this.#delimiters = delimiters;
  }

  /** The number of the last field that the segment has, filled or not. */
  get lastField(): number {
    return this.#fields.length - 1;
  }

  /** How long a field is as it was written. */
  charsOf(field: number): number {
    return this.#fields[field]?.length ?? 0;
  }

  /** The repetitions of a field, by its number in the standard; one empty repetition when it's absent. */
  repetitions(field: number): readonly Field[] {
    const known = this.#read[field];
    if (known !== undefined) return known;
    const whole = this.#fields[field] ?? '';
    if (whole === '') return ABSENT;
    const { repetition } = this.#delimiters;
    const raws = whole.includes(repetition) ? whole.split(repetition) : [whole];
    const read = raws.map((raw) => new Field(raw, this.#delimiters));
    this.#read[field] = read;
    return read;
  }

  /** A component of a field's first repetition. */
  text(field: number, component = 1): string {
    return this.#first(field).text(component);
  }

  part(field: number, component: number, subcomponent: number): string {
    return this.#first(field).part(component, subcomponent);
  }

  #first(field: number): Field {
    return this.repetitions(field)[0] ?? EMPTY_FIELD;
  }
}

const EMPTY_FIELD = new Field('', DEFAULT_DELIMITERS);
const ABSENT: readonly Field[] = [EMPTY_FIELD];

/** Stands for a segment that a message lacks: all its fields are empty. */
export function absentSegment(id: string): Segment {
  return new Segment(id, [], DEFAULT_DELIMITERS);
}

/** @param line from the segment's name on */
export function segmentOf(line: string, delimiters: Delimiters): Segment {
  const fields = line.split(delimiters.field);
  // MSH-1 is the separator itself, so the header's fields count from one further left.
  if (fields[0] === 'MSH') fields.splice(1, 0, delimiters.field);
  return new Segment(line.slice(0, 3), fields, delimiters);
}

/** MSH-1 and MSH-2, which has a fifth character since v2.7. */
export function delimitersOf(header: string): Delimiters | null {
  const field = header[3];
  if (field === undefined || !isMark(field)) return null;
  const marks = header.slice(4, 9).split(field)[0] ?? '';
  const given = marks.split('');
  if (given.length === 0 || !given.every(isMark)) return null;
  const [component = '^', repetition = '~', escape = '\\', subcomponent = '&', truncation = null] = given;
  const needed = [field, component, repetition, escape, subcomponent];
  return new Set(needed).size === 5 ? { field, component, repetition, escape, subcomponent, truncation } : null;
}

function isMark(character: string): boolean {
  return /^[!-/:-@[-`{-~]$/.test(character);
}

/**
 * Without escapes and surrounding blanks; the explicit null `""` (v2.5.1, 2.5.3) reads as absent. What its sender has
 * cut ends in a character that can't be read: half a number or name is none.
 */
function plain(raw: string, delimiters: Delimiters): string {
  if (raw === '') return '';
  const { escape, truncation } = delimiters;
  const text = raw.includes(escape) ? unescape(raw, delimiters) : raw;
  if (truncation !== null && raw.endsWith(truncation)) return `${text.slice(0, -1).trim()}\uFFFD`;
  return text === '""' ? '' : text.trim();
}

function unescape(raw: string, delimiters: Delimiters): string {
  const parts = raw.split(delimiters.escape);
  // An even number of parts means a last escape that nobody closed: it is text.
  const closed = parts.length % 2 === 1 ? parts : [...parts.slice(0, -2), parts.slice(-2).join(delimiters.escape)];
  return closed.map((part, index) => (index % 2 === 0 ? part : meaningOf(part, delimiters))).join('');
}

function meaningOf(sequence: string, delimiters: Delimiters): string {
  switch (sequence) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'T':
      return delimiters.subcomponent;
    case 'R':
      return delimiters.repetition;
    case 'E':
      return delimiters.escape;
    case 'P':
      return delimiters.truncation ?? '#';
    case 'H':
    case 'N':
      return ''; // highlighting on and off
    case '.br':
    case '.sp':
      return '\n';
    default:
      // Another set of characters: what stands there isn't what these bytes say.
      if (/^[CM](?:[0-9A-Fa-f]{2}){2,3}$/.test(sequence)) return '\uFFFD';
      if (/^X([0-9A-Fa-f]{2})+$/.test(sequence)) return Buffer.from(sequence.slice(1), 'hex').toString('utf8');
      return `${delimiters.escape}${sequence}${delimiters.escape}`;
  }
}
