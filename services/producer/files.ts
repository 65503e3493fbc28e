/**
 * `POST /v1/files`: a file as its sender has it, to an answer for each record, with its place in the file. What the
 * reader can't take is refused by itself; all else goes the way of `POST /v1/events`, by the same judgement.
 */

import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import type { ProvinceCode } from '#core/field/regions.ts';
import { describeFault, type FormatFault } from '#exchange/formats/format-fault.ts';
import type { EventBytes } from '#exchange/formats/json/split.ts';
import { describePlace, describePointer, originOf } from '#exchange/formats/location.ts';
import type { Item } from '#exchange/formats/reader.ts';
import type { Caller } from '#exchange/identity/caller.ts';
import type { Format } from '#exchange/readers/readers.ts';
import type { SenderProfiles } from '#exchange/readers/sender-profiles.ts';
import type { Metrics } from '#platform/metrics.ts';
import { type Problem, problemOf } from '#platform/problems.ts';
import { choice } from '#platform/schema.ts';
import type { Acceptance } from './acceptance.ts';
import { rawEventsOf } from './body.ts';
import type { EventResult } from './door.ts';
import type { FileReading, Reading } from './file-reading.ts';

export const FILE_LIMITS = {
  /** As it comes, and as it is unpacked. */
  bytesMax: 4 * 1024 * 1024,
  recordsMax: 10_000,
} as const;

/** The types under which files come; what a file is, its content tells. */
export const FILE_TYPES = [
  'application/octet-stream',
  'application/fhir+json',
  'application/json',
  'application/hl7-v2',
  'x-application/hl7-v2+er7',
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/x-ndjson',
  'application/gzip',
  'application/zstd',
] as const;

const OUTCOMES = ['accepted', 'refused', 'duplicate', 'unavailable', 'ignored'] as const;
type Outcome = (typeof OUTCOMES)[number];

export const FilesAnswer = Type.Object(
  {
    ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, Type.Integer()])),
    results: Type.Array(
      Type.Object({
        place: Type.String({
          description: 'where it stands in the file: row 12, line 3, message 2 (MSH-10 C-1), OBX 1',
        }),
        outcome: choice(OUTCOMES, 'as of an event that is reported; ignored: nothing of this exchange, by design'),
        eventId: Type.Optional(Type.String()),
        field: Type.Optional(Type.String({ description: 'column, field or JSON pointer that is wrong' })),
        code: Type.Optional(Type.String()),
        detail: Type.Optional(Type.String()),
        hint: Type.Optional(Type.String()),
        notes: Type.Optional(Type.Array(Type.String(), { description: 'what was overlooked in an event' })),
      }),
    ),
  },
  { title: 'FilesAnswer', description: 'What became of each record; of HL7 message by message.' },
);

type EventItem = Extract<Item, { kind: 'event' }>;

/** Where a record is, in the words of its format, for who answers in that format. */
export interface Spot {
  /** `Bundle.entry[3].resource`; '' for the whole. */
  readonly within: string;
  /** The field that is wrong; null where none is named. */
  readonly field: string | null;
}

export interface RecordResult {
  /** Not in the answer of `POST /v1/files`, which says the same in `place` and `field`. */
  readonly spot: Spot;
  /** `row 12`, `line 1, Bundle.entry[3].resource` */
  readonly place: string;
  readonly outcome: Outcome;
  readonly eventId?: string;
  /** As its reader says it, with the pointer of the event's field behind it where the door refused that. */
  readonly field?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly notes?: readonly string[];
}

export interface FilesAnswered {
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly results: readonly RecordResult[];
}

/** Has the door take bodies of these types as they are, and no others. */
export function takeFilesAs(types: readonly string[], app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    [...types],
    { parseAs: 'buffer', bodyLimit: FILE_LIMITS.bytesMax },
    async (_request: unknown, body: Buffer) => body,
  );
}

/** Of such a body; empty where there was none. */
export const fileIn = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

export class Files {
  readonly #reading: Pick<FileReading, 'read'>;
  readonly #profiles: Pick<SenderProfiles, 'of'>;
  readonly #acceptance: Pick<Acceptance, 'acceptAll'>;
  readonly #metrics: Metrics;

  constructor(
    reading: Pick<FileReading, 'read'>,
    profiles: Pick<SenderProfiles, 'of'>,
    acceptance: Pick<Acceptance, 'acceptAll'>,
    metrics: Metrics,
  ) {
    this.#reading = reading;
    this.#profiles = profiles;
    this.#acceptance = acceptance;
    this.#metrics = metrics;
  }

  /** @param format null: by the content */
  async take(
    body: Buffer,
    caller: Caller,
    traceparent: string,
    format: Format | null = null,
  ): Promise<FilesAnswered | Problem> {
    if (body.length === 0) return NO_RECORDS;
    const profile = await this.#profiles.of(caller.id);
    if (profile?.ok === false) return problemOf('no-profile', { detail: UNUSABLE_PROFILE });
    const read = await this.#reading.read(body, profile?.value ?? null, format);
    if (!read.ok) return PROBLEM_OF[read.why];
    if (read.items.length === 0) return NO_RECORDS;
    this.#countUnread(read.items, profile?.value.settings.province ?? 'unknown');
    const results = await this.#acceptance.acceptAll(await rawEventsOf(bytesOf(read.items)), caller, traceparent);
    return answerOf(read.items, results);
  }

  /** What becomes no event is refused by no judge, who counts those that he refuses. */
  #countUnread(items: readonly Item[], province: ProvinceCode | 'unknown'): void {
    const unread = items.filter(isUnread).length;
    if (unread === 0) return;
    this.#metrics.counter('hutong_events_total').inc({ province, outcome: 'refused' }, unread);
    this.#metrics.counter('hutong_events_refused_total').inc({ province, problem: UNREAD }, unread);
  }
}

/** Among the problems, for a record of a file that became no event. */
const UNREAD = 'unread';
const isUnread = ({ kind }: Item): boolean => kind === 'refused' || kind === 'file_fault';

/** Of the events among the items, of one at a time. */
function* bytesOf(items: readonly Item[]): Generator<EventBytes> {
  for (const item of items) if (item.kind === 'event') yield { bytes: Buffer.from(item.json) };
}

function answerOf(items: readonly Item[], events: readonly EventResult[]): FilesAnswered {
  const counts = { accepted: 0, refused: 0, duplicate: 0, unavailable: 0, ignored: 0 };
  const results: RecordResult[] = [];
  // Notes come before the event that they are of.
  const notes: string[] = [];
  let event = 0;
  for (const item of items) {
    if (item.kind === 'note') {
      notes.push(...item.faults.map(describeFault));
      continue;
    }
    const result =
      item.kind === 'event' ? ofEvent(item, events[event++] as EventResult, notes.splice(0)) : unread(item);
    counts[result.outcome] += 1;
    results.push(result);
  }
  return { counts, results };
}

function ofEvent(item: EventItem, result: EventResult, notes: readonly string[]): RecordResult {
  const { index: _index, line: _line, pointer, ...said } = result;
  return {
    spot: { within: item.within, field: pointer === undefined ? null : originOf(pointer, item.origins) },
    place: describePlace(item),
    ...said,
    ...(pointer === undefined ? {} : { field: describePointer(pointer, item.origins) }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

function unread(item: Exclude<Item, EventItem>): RecordResult {
  if (item.kind === 'file_fault')
    return { spot: spotOf('', [item.fault]), place: item.at, outcome: 'refused', ...told([item.fault]) };
  const outcome = item.kind === 'ignored' ? 'ignored' : 'refused';
  return { spot: spotOf(item.within, item.faults), place: describePlace(item), outcome, ...told(item.faults) };
}

function spotOf(within: string, [first]: readonly FormatFault[]): Spot {
  return { within, field: first === undefined || first.field === '' ? null : first.field };
}

function told([first, ...others]: readonly FormatFault[]): Pick<RecordResult, 'field' | 'detail' | 'hint' | 'notes'> {
  if (first === undefined) return {};
  return {
    ...(first.field === '' ? {} : { field: first.field }),
    detail: first.reason,
    hint: first.hint,
    ...(others.length === 0 ? {} : { notes: others.map(describeFault) }),
  };
}

const NO_RECORDS = problemOf('batch-size', { detail: 'no records', hint: 'send a file with records' });
const UNUSABLE_PROFILE = 'the profile of the caller can’t be used';
const { bytesMax, recordsMax } = FILE_LIMITS;
const SMALLER = `send files of at most ${bytesMax} bytes and ${recordsMax} records, or use hutong import`;
const tooLarge = (detail: string): Problem =>
  problemOf('unusable-request', { status: 413, title: 'the file is too large', detail, hint: SMALLER });
const noFormat = (detail: string, hint: string): Problem =>
  problemOf('unusable-request', { status: 415, title: 'the file is in no format that is known', detail, hint });

const PROBLEM_OF: Readonly<Record<Extract<Reading, { ok: false }>['why'], Problem>> = {
  damaged: problemOf('unusable-request', { title: 'the file can’t be unpacked', hint: 'pack it again' }),
  'too-long': tooLarge('it has more bytes, packed or unpacked, than one request may'),
  'too-many': tooLarge('it has more records than one request may'),
  'too-costly': tooLarge('it takes longer, or more memory, to read than one file may'),
  failed: problemOf('internal', { detail: 'the file could not be read' }),
  overloaded: problemOf('overloaded', {
    detail: 'as many files as may are waiting to be read',
    hint: 'send it again after Retry-After; nothing of it was taken',
  }),
  'no-format': noFormat('it looks like none of them', 'send NDJSON, HL7 v2, FHIR, CSV or XLSX'),
  'no-mapping': noFormat(
    'it looks like no message, and the caller’s profile has no mapping for spreadsheets',
    'ask who runs the exchange to put one into the profile: hutong import --propose-mapping makes it',
  ),
  'no-profile': problemOf('no-profile'),
};
