/**
 * One row under the header, by the sender's mapping, to one event as the door takes it; or all that is wrong with it.
 * It must never fill a field that the row leaves empty, nor give a word a meaning that the mapping doesn't.
 */

import { isPlaceholder } from '#core/events/event-texts.ts';
import { EVENT_LIMITS, type TestResult } from '#core/events/events.ts';
import type { DocumentType } from '#core/field/identity.ts';
import { parseDay } from '#core/field/time.ts';
import type { TestReportedJson } from '#exchange/formats/event-json.ts';
import type { FormatFault, Reading } from '#exchange/formats/format-fault.ts';
import type { Origins } from '#exchange/formats/location.ts';
import { SHARED } from '#exchange/formats/one-per-sample.ts';
import type { PersonDocumentJson } from '#exchange/formats/person-document-schema.ts';
import { poolSizeSaid, resultOfMember } from '#exchange/formats/result-rules.ts';
import { type Cell, EMPTY, sameForm, textOfCell } from './cell.ts';
import { AS_TEXT, isPowerOfTen, readNumber, saidByNumber } from './document-number.ts';
import type { Column, RESULT_READINGS, SheetMapping } from './mapping.ts';
import { readTime } from './time-text.ts';

export type RowReading =
  | { readonly kind: 'event'; readonly event: TestReportedJson; readonly notes: readonly FormatFault[] }
  | { readonly kind: 'refused' | 'ignored'; readonly faults: readonly FormatFault[] };

/** The row's cell under a column's name, and which field that is. */
export type CellOf = (name: string, field: Column) => Cell;

/** @param people of the row's tube, as far as it is known by other rows */
export function mapRow(mapping: SheetMapping, cellOf: CellOf, people = 1): RowReading {
  return new Row(mapping, cellOf, people).read();
}

/** Which column each property of an event comes from. */
export function originsOf({ columns }: SheetMapping): Origins {
  const { documentNumber, documentType, issuingCountry, birthDate: _b, sex: _s, ...others } = columns;
  const person = [documentNumber, documentType, issuingCountry].filter((name) => name !== undefined).join(', ');
  return Object.fromEntries([
    ['/person', person],
    ...Object.entries(others).map(([field, name]) => [`/${field}`, name as string]),
  ]);
}

type ResultReading = (typeof RESULT_READINGS)[number];

class Row {
  readonly #mapping: SheetMapping;
  readonly #cellOf: CellOf;
  readonly #people: number;
  readonly #faults: FormatFault[] = [];
  readonly #notes: FormatFault[] = [];
  /** Of the cells that were read: some are asked for several times. */
  readonly #texts = new Map<Column, string | null>();

  constructor(mapping: SheetMapping, cellOf: CellOf, people: number) {
    this.#mapping = mapping;
    this.#cellOf = cellOf;
    this.#people = people;
  }

  read(): RowReading {
    const { values, province, columns } = this.#mapping;
    const method = this.#worded('method', values.method);
    const reading = this.#worded('result', values.result) as ResultReading | null;
    if (method === 'ignored' || reading === 'ignored') {
      const field = (method === 'ignored' ? columns.method : columns.result) as string;
      const said = { field, reason: 'is none of this disease, by the mapping', hint: 'nothing to send' };
      return { kind: 'ignored', faults: [said] };
    }
    if (reading === 'no_result_yet')
      this.#fault('result', 'says that there is no result yet', 'send the row again when there is one');
    const status = reading === 'retracted' ? 'retracted' : this.#worded('status', values.status);
    const poolSize = this.#poolSize(status === 'retracted');
    const times = this.#times();
    const event = {
      type: 'TestReported',
      person: this.#person(),
      province,
      laboratory: this.#needed('laboratory'),
      sampleId: this.#needed('sampleId'),
      tubeId: this.#optional('tubeId'),
      run: this.#optional('run'),
      status,
      method,
      specimen: this.#specimen(),
      poolSize,
      ...times,
      result: reading === null ? null : this.#resultOf(reading, poolSize),
    };
    this.#checkSelf(event.person?.documentNumber ?? '');
    if (this.#faults.length > 0) return { kind: 'refused', faults: this.#faults };
    return { kind: 'event', event: event as TestReportedJson, notes: this.#notes };
  }

  #person(): PersonDocumentJson | null {
    const { constants, values, columns } = this.#mapping;
    const documentType = this.#worded('documentType', values.documentType) as DocumentType | null;
    const cell = this.#cell('documentNumber');
    if (cell.kind === 'text' && isPlaceholder(textOfCell(cell))) return this.#empty('documentNumber');
    const number = this.#take(readNumber(cell, documentType, columns.documentNumber));
    const issuingCountry = this.#optional('issuingCountry') ?? constants?.issuingCountry;
    if (number === null || documentType === null) return null;
    return { documentType, ...(issuingCountry === undefined ? {} : { issuingCountry }), documentNumber: number };
  }

  #times() {
    const time = (field: 'sampledAt' | 'testedAt' | 'reportIssuedAt' | 'accessionedOn', kinds: string) => {
      const cell = this.#cell(field);
      if (cell.kind === 'text' && isPlaceholder(textOfCell(cell))) return null;
      const read = readTime(cell, this.#mapping);
      if (read.kind === 'fault') return this.#fault(field, read.reason, read.hint);
      if (kinds.includes(read.kind)) return read.iso;
      const [reason, hint] =
        read.kind === 'date' ? ['has no time of day', 'send the minute too'] : ['is more than a day', 'send the day'];
      return this.#fault(field, reason as string, hint as string);
    };
    const sampledAt = time('sampledAt', 'date time');
    const reportIssuedAt = time('reportIssuedAt', 'time');
    // Without it nobody can tell which of two results is the newer: a column that is there must be filled.
    for (const field of ['sampledAt', 'reportIssuedAt'] as const) if (this.#isBlank(field)) this.#empty(field);
    return {
      sampledAt,
      accessionedOn: time('accessionedOn', 'date'),
      testedAt: time('testedAt', 'time'),
      reportIssuedAt,
    };
  }

  /** Null: not pooled, as far as the row says. What is taken back need not say how many samples its pool had. */
  #poolSize(isTakenBack: boolean): number | null {
    const { values, constants } = this.#mapping;
    const written = this.#text('poolSize');
    const meant = written === null ? undefined : wordIn(values.poolSize, written);
    const size =
      meant ?? (written === null ? (constants?.poolSize ?? null) : /^\d{1,3}$/.test(written) ? Number(written) : NaN);
    if (isTakenBack) return isSize(size) ? size : null;
    if (size === 'pooled') return this.#fault('poolSize', ...NO_SIZE);
    if (size !== null && !isSize(size))
      return this.#fault('poolSize', `is no number from 1 to ${EVENT_LIMITS.poolSizeMax}`, 'write how many are pooled');
    const said = this.#sizeInWords(size);
    return said === undefined ? null : this.#sizeFor(said);
  }

  /** The words for the result, the test and the sample may say it too. Undefined: they make it unclear. */
  #sizeInWords(size: number | null): number | null | undefined {
    const texts = WORDED_OF_POOL.map((field) => [field, this.#text(field) ?? ''] as const);
    const said = poolSizeSaid(
      size,
      texts.map(([, text]) => text),
    );
    const isVague = (said ?? 1) === 1 && /混|pool/i.test(this.#text('result') ?? '');
    if (typeof said !== 'string' && !isVague) return said;
    const field = texts.find(([, text]) => poolSizeSaid(null, [text]) !== null)?.[0] ?? 'result';
    const [reason, hint] = said === 'contradiction' ? OTHER_SIZE : NO_SIZE;
    this.#fault(field, reason, hint);
    return undefined;
  }

  /** Whom else the tube or the sample's number stands for must fit it. */
  #sizeFor(size: number | null): number | null {
    if (this.#people > 1 && (size === null || size === 1))
      return this.#mapping.columns.tubeId === undefined
        ? this.#fault('sampleId', SHARED.reason, SHARED.hint)
        : this.#fault('tubeId', ...NO_SIZE);
    if (size !== null && this.#people > size) return this.#fault('poolSize', ...TOO_SMALL);
    return size;
  }

  /** A positive pool says of none of its members that it is theirs; a negative one does of each. */
  #resultOf(reading: ResultReading, poolSize: number | null): TestResult {
    if (reading === 'retracted') return 'invalid';
    const result = resultOfMember(reading as TestResult, poolSize);
    if (result !== reading)
      this.#note('result', 'is of a pool: for each of its people it is indeterminate', 'send each one’s single test');
    return result;
  }

  #specimen(): string | null {
    return this.#isBlank('specimen') ? null : this.#worded('specimen', this.#mapping.values.specimen);
  }

  /** What the row says of the person besides must fit the number: else one of the two is another's. */
  #checkSelf(number: string): void {
    const isSexSaid = this.#text('sex') !== null;
    const isBirthSaid = this.#text('birthDate') !== null || this.#cell('birthDate').kind === 'clock';
    if (!isSexSaid && !isBirthSaid) return;
    const said = saidByNumber(number);
    const sex = isSexSaid ? this.#worded('sex', this.#mapping.values.sex) : null;
    if (said !== null && sex !== null && sex !== said.sex) this.#fault('sex', ...NOT_OF_NUMBER);
    if (!isBirthSaid) return;
    const born = readTime(this.#cell('birthDate'), this.#mapping);
    if (born.kind === 'fault') this.#fault('birthDate', born.reason, born.hint);
    else if (said !== null && parseDay(born.iso.slice(0, 10)) !== said.birthDay)
      this.#fault('birthDate', ...NOT_OF_NUMBER);
  }

  /** A word by the mapping, or the mapping's constant. */
  #worded(field: Column, meanings: Readonly<Record<string, string>> | undefined): string | null {
    const constant = this.#constant(field);
    if (constant !== undefined) return constant;
    const written = this.#text(field);
    if (written === null) return this.#mapping.columns[field] === undefined ? null : this.#empty(field);
    const meant = wordIn(meanings, written);
    return (
      meant ?? this.#fault(field, 'is a word that the mapping doesn’t have', 'add it to `values`, or mend the row')
    );
  }

  #needed(field: Column): string | null {
    return this.#constant(field) ?? (this.#isBlank(field) ? this.#empty(field) : this.#optional(field));
  }

  /** A name or number that must come as it is: digits that a spreadsheet has cut would name another. */
  #optional(field: Column): string | null {
    const text = this.#text(field);
    const isLongNumber = this.#cell(field).kind === 'number' && (text?.replace(/\D/g, '').length ?? 0) > 15;
    return text !== null && (isLongNumber || isPowerOfTen(text)) ? this.#fault(field, ...CUT_DIGITS) : text;
  }

  #constant(field: Column): string | undefined {
    return (this.#mapping.constants as Readonly<Record<string, string | undefined>> | undefined)?.[field];
  }

  #cell(field: Column): Cell {
    const name = this.#mapping.columns[field];
    return name === undefined ? EMPTY : this.#cellOf(name, field);
  }

  /** Null where the cell is empty or holds a placeholder: neither fills a field. */
  #text(field: Column): string | null {
    const known = this.#texts.get(field);
    if (known !== undefined) return known;
    const written = textOfCell(this.#cell(field)).normalize('NFKC').trim();
    // `-` and `+` are results where the mapping says so.
    const isWord = field === 'result' && wordIn(this.#mapping.values.result, written) !== undefined;
    const text = isPlaceholder(written) && !isWord ? null : written;
    this.#texts.set(field, text);
    return text;
  }

  #isBlank(field: Column): boolean {
    return (
      this.#mapping.columns[field] !== undefined && this.#cell(field).kind !== 'clock' && this.#text(field) === null
    );
  }

  #take<T>(read: Reading<T>): T | null {
    if (read.ok) return read.value;
    this.#faults.push(read.fault);
    return null;
  }

  #empty(field: Column): null {
    return this.#fault(field, 'is empty', 'fill it: nothing is assumed');
  }

  #fault(field: Column, reason: string, hint: string): null {
    this.#faults.push({ field: this.#mapping.columns[field] ?? field, reason, hint });
    return null;
  }

  #note(field: Column, reason: string, hint: string): void {
    this.#notes.push({ field: this.#mapping.columns[field] ?? field, reason, hint });
  }
}

function isSize(size: number | 'pooled' | null): size is number {
  return typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= EVENT_LIMITS.poolSizeMax;
}

/** Whose words may say that samples were pooled: 新冠核酸（10合1混检）. */
const WORDED_OF_POOL = ['result', 'method', 'specimen'] as const;

const NO_SIZE = ['is of a pool whose size isn’t said', 'send how many samples are in the tube'] as const;
const OTHER_SIZE = ['says another size of the pool than stands beside it', 'send one size'] as const;
const TOO_SMALL = ['is less than the tube has people', 'read again how many were pooled, and whose samples'] as const;
const CUT_DIGITS = ['was made a number by a spreadsheet, which has cut its digits', AS_TEXT] as const;
const NOT_OF_NUMBER = ['contradicts the document’s number', 'read the row again: it may be another person’s'] as const;

/** Words by their form: asked for every cell, and made once a mapping. */
const FORMS = new WeakMap<object, ReadonlyMap<string, unknown>>();

function wordIn<T>(meanings: Readonly<Record<string, T>> | undefined, written: string): T | undefined {
  if (meanings === undefined) return undefined;
  let known = FORMS.get(meanings);
  if (known === undefined) {
    known = new Map(Object.entries(meanings).map(([word, is]) => [sameForm(word), is]));
    FORMS.set(meanings, known);
  }
  // Mostly it is written in that very form.
  return (known.get(written) ?? known.get(sameForm(written))) as T | undefined;
}
