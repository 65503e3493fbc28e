/**
 * Reads one HL7 v2 message: delimiters, segments, repetitions, components, escapes (HL7 v2.5.1 chapter 2). It never
 * throws, whatever the text, and knows nothing of what the fields mean.
 *
 * An own reader because the libraries tried don't fit: the maintained one is a network client of 43 MB whose paths lose
 * the order of segments, by which a result finds its order and its specimen; the others are unmaintained or GPL.
 */

export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
}

const DEFAULT_DELIMITERS: Delimiters = { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' };

/** One repetition of a field. */
export class Field {
  readonly #components: readonly string[];
  readonly #delimiters: Delimiters;

  constructor(raw: string, delimiters: Delimiters) {
    this.#components = raw.split(delimiters.component);
    this.#delimiters = delimiters;
  }

  /** A whole component without its escapes; an `&` that someone forgot to escape stays part of it. '' when absent. */
  text(component = 1): string {
    return plain(this.#components[component - 1] ?? '', this.#delimiters);
  }

  /** One subcomponent of a component. '' when absent. */
  part(component: number, subcomponent: number): string {
    const parts = (this.#components[component - 1] ?? '').split(this.#delimiters.subcomponent);
    return plain(parts[subcomponent - 1] ?? '', this.#delimiters);
  }
}

export class Segment {
  readonly id: string;
  readonly #fields: readonly string[];
  readonly #delimiters: Delimiters;

  constructor(id: string, fields: readonly string[], delimiters: Delimiters) {
    this.id = id;
    this.#fields = fields;
    this.#delimiters = delimiters;
  }

  /** The repetitions of a field, by its number in the standard; one empty repetition when it's absent. */
  repetitions(field: number): readonly Field[] {
    return (this.#fields[field] ?? '')
      .split(this.#delimiters.repetition)
      .map((raw) => new Field(raw, this.#delimiters));
  }

  /** A component of a field's first repetition. */
  text(field: number, component = 1): string {
    return this.#first(field).text(component);
  }

  part(field: number, component: number, subcomponent: number): string {
    return this.#first(field).part(component, subcomponent);
  }

  #first(field: number): Field {
    return this.repetitions(field)[0] ?? new Field('', this.#delimiters);
  }
}

/** Stands for a segment that a message lacks: all its fields are empty. */
export function absentSegment(id: string): Segment {
  return new Segment(id, [], DEFAULT_DELIMITERS);
}

/** The segments of a message in their order, or null when its header doesn't say how to read it. */
export function parseMessage(text: string): readonly Segment[] | null {
  const delimiters = delimitersOf(text);
  if (delimiters === null) return null;
  return segmentTexts(text, delimiters.field).map((line) => {
    const fields = line.split(delimiters.field);
    // MSH-1 is the separator itself, so the header's fields count from one further left.
    const numbered = fields[0] === 'MSH' ? ['MSH', delimiters.field, ...fields.slice(1)] : fields;
    return new Segment(line.slice(0, 3), numbered, delimiters);
  });
}

/** MSH-1 and MSH-2. A fifth character in MSH-2 (truncation, since v2.7) has no bearing on what is read here. */
export function delimitersOf(header: string): Delimiters | null {
  const field = header[3];
  if (field === undefined || !isMark(field)) return null;
  const marks = header.slice(4, 9).split(field)[0] ?? '';
  const given = marks.split('');
  if (given.length === 0 || !given.every(isMark)) return null;
  const [component = '^', repetition = '~', escape = '\\', subcomponent = '&'] = given;
  const delimiters = { field, component, repetition, escape, subcomponent };
  return new Set(Object.values(delimiters)).size === 5 ? delimiters : null;
}

function isMark(character: string): boolean {
  return /^[!-/:-@[-`{-~]$/.test(character);
}

/** Lines that don't start like a segment continue the one before: somebody's text held a line break. */
function segmentTexts(text: string, separator: string): readonly string[] {
  const segments: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const startsSegment = /^[A-Z][A-Z0-9]{2}$/.test(line.slice(0, 3)) && (line.length === 3 || line[3] === separator);
    if (startsSegment) segments.push(line);
    else if (line.trim() !== '' && segments.length > 0) segments.push(`${segments.pop()}\n${line}`);
  }
  return segments;
}

/** Without escapes and surrounding blanks; the explicit null `""` (v2.5.1, 2.5.3) reads as absent. */
function plain(raw: string, delimiters: Delimiters): string {
  const text = raw.includes(delimiters.escape) ? unescape(raw, delimiters) : raw;
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
      return '#';
    case 'H':
    case 'N':
      return ''; // highlighting on and off
    case '.br':
    case '.sp':
      return '\n';
    default:
      if (/^X([0-9A-Fa-f]{2})+$/.test(sequence)) return Buffer.from(sequence.slice(1), 'hex').toString('utf8');
      return `${delimiters.escape}${sequence}${delimiters.escape}`;
  }
}
