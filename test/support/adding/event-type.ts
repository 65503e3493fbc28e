/**
 * An event type, `ContactRecorded`, as somebody adds it by the list in DESIGN.md. It is made up, and a twin of
 * `ExposureRecorded`: each piece is the one that stands there, under other names.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#platform/folders.ts';
import type { TemporaryTree } from '#test/support/temporary-tree.ts';

const VIEW_SCHEMAS = 'schemas/view/person-view';
const VIEW_VERSION = readdirSync(join(ROOT, VIEW_SCHEMAS)).length;

/** The copy that is written to. */
interface Copy {
  readonly tree: TemporaryTree;
  readonly textOf: (file: string) => string;
  /** Writes behind a piece of a file, a text or all from it up to and with another, the same with the twin's names. */
  readonly twin: (file: string, from: string, upTo?: string) => void;
}

/** The names of the type that stands there in place of the twin's. */
const renamed = (text: string): string =>
  text
    .replaceAll('ExposureRecorded', 'ContactRecorded')
    .replaceAll('exposureRecorded', 'contactRecorded')
    .replaceAll('Exposure', 'Contact')
    .replaceAll('exposure', 'contact')
    .replaceAll('EXPOSURES', 'CONTACTS');

function copyIn(tree: TemporaryTree): Copy {
  const textOf = (file: string): string => readFileSync(join(tree.root, file), 'utf8');
  const twin = (file: string, from: string, upTo = ''): void => {
    const text = textOf(file);
    const start = text.indexOf(from);
    const end = text.indexOf(upTo, start + from.length);
    if (start < 0 || end < 0) throw new RangeError(`${file} doesn't hold ${start < 0 ? from : upTo}`);
    const piece = text.slice(start, end + upTo.length);
    tree.write(file, text.slice(0, start) + piece + renamed(piece) + text.slice(end + upTo.length));
  };
  return { tree, textOf, twin };
}

/** @returns the version of the view that it adds */
export function addEventType(tree: TemporaryTree): number {
  const copy = copyIn(tree);
  inCore(copy);
  onKafka(copy);
  atTheDoor(copy);
  inTheOracle(copy);
  inTheTests(copy);
  return VIEW_VERSION + 1;
}

function inCore({ tree, twin }: Copy): void {
  const events = 'core/events/events.ts';
  twin(events, 'export interface ExposureRecorded', '\n}\n');
  tree.replace(events, '| CodeAssigned | ExposureRecorded;', '| CodeAssigned | ExposureRecorded | ContactRecorded;');
  twin('core/events/event-rules.ts', '  type ExposureRecorded,\n');
  twin('core/events/event-rules.ts', '  ExposureRecorded: ', '\n');
  twin('core/events/event-rules.ts', 'function exposureFault(', '\n}\n');
  twin('core/events/event-rules.ts', "    case 'ExposureRecorded':", ';\n');
  twin('core/events/event-texts.ts', '  ExposureRecorded: ', '\n');
  const view = 'core/view/view.ts';
  twin(view, '  exposuresMax: ', '\n');
  twin(view, 'export interface ExposureRegister', '\n}\n');
  twin(view, '  readonly exposures: ', 'DayCut[];\n');
  twin(view, '  exposures: [],\n', '  exposuresCuts: [],\n');
  const lists = 'core/view/lists.ts';
  twin(lists, '  ExposureRegister,\n');
  twin(lists, 'export const EXPOSURES', '\n};\n');
  twin(lists, 'function orderOfExposures', '\n}\n');
  const registers = 'core/view/registers.ts';
  twin(registers, '  ExposureRecorded,\n');
  tree.replace(registers, 'ExposureRegister, SamplingRegister', 'ExposureRegister, ContactRegister, SamplingRegister');
  twin(registers, 'export function exposureRegisterOf', '\n}\n');
  twin(registers, '  ExposureRecorded: fieldsOf', '}),\n');
  const merge = 'core/view/merge.ts';
  twin(merge, '  EXPOSURES,\n');
  tree.replace(merge, 'import { codeRegisterOf,', 'import { contactRegisterOf, codeRegisterOf,');
  twin(merge, '  ExposureRegister,\n');
  twin(merge, "    case 'ExposureRecorded':", ';\n');
  twin(merge, 'function mergeExposure', '\n}\n');
  twin(view, "  'exposures',\n", "  'exposuresCuts',\n");
  twin('core/view/erasure.ts', '    exposures: only', 'exposuresCuts),\n');
}

function onKafka(copy: Copy): void {
  const { tree, textOf, twin } = copy;
  tree.write('schemas/events/contact-recorded/v1.avsc', renamed(textOf('schemas/events/exposure-recorded/v1.avsc')));
  tree.write(`${VIEW_SCHEMAS}/v${VIEW_VERSION + 1}.avsc`, textOf(`${VIEW_SCHEMAS}/v${VIEW_VERSION}.avsc`));
  twinOfViewFields(copy);
  twin('exchange/topics/schemas.ts', "  'ExposureRecorded',\n");
  tree.replace(
    'exchange/topics/schemas.ts',
    "  ExposureRecorded: 'events/exposure-recorded',\n",
    "  ExposureRecorded: 'events/exposure-recorded',\n  ContactRecorded: 'events/contact-recorded',\n",
  );
  twin('exchange/topics/records.ts', '  ExposureRecorded: ', '\n');
}

interface AvroField {
  readonly name: string;
}

/** Each in the place in which the view lists it. What an older version lacks has a default. */
function twinOfViewFields({ tree, textOf }: Copy): void {
  const file = `${VIEW_SCHEMAS}/v${VIEW_VERSION + 1}.avsc`;
  const schema = JSON.parse(textOf(file)) as { fields: AvroField[] };
  const isTwin = ({ name }: AvroField): boolean => name.startsWith('exposures');
  const twins = schema.fields.filter(isTwin).map((field) => JSON.parse(renamed(JSON.stringify(field))) as AvroField);
  const last = schema.fields.findLastIndex(isTwin);
  schema.fields.splice(last + 1, 0, ...twins.map((field) => ({ ...field, default: [] })));
  tree.write(file, JSON.stringify(schema));
}

function atTheDoor({ twin }: Copy): void {
  const form = 'exchange/formats/event-json.ts';
  twin(form, 'export const ExposureRecordedJson', '\n);\n');
  twin(form, '  ExposureRecorded: ExposureRecordedJson,\n');
  const parsed = 'exchange/intake/event-from-json.ts';
  twin(parsed, "    case 'ExposureRecorded':", ';\n');
  twin(parsed, 'function exposureRecorded(', '\n}\n');
}

function inTheOracle({ tree, twin }: Copy): void {
  const oracle = 'exercises/oracle/oracle.ts';
  twin(oracle, '  exposuresOf,\n');
  twin(oracle, '  const exposures = ', ';\n');
  twin(oracle, '    ...exposures,\n');
  tree.replace(oracle, `const SCHEMA_VERSION = ${VIEW_VERSION};`, `const SCHEMA_VERSION = ${VIEW_VERSION + 1};`);
  tree.replace(oracle, `person-view/v${VIEW_VERSION}.avsc`, `person-view/v${VIEW_VERSION + 1}.avsc`);
  const registers = 'exercises/oracle/oracle-registers.ts';
  twin(registers, '  ExposureRecorded,\n');
  twin(registers, '  exposures: 32,\n');
  twin(registers, 'export function exposuresOf', '\n}\n');
}

function inTheTests({ twin }: Copy): void {
  const histories = 'test/support/histories.ts';
  twin(histories, 'const exposureRecorded = ', ');\n');
  twin(histories, '  { weight: 2, arbitrary: exposureRecorded },\n');
  twin(histories, '    ExposureRecorded: fc.oneof', '    ),\n');
  twin('test/support/any-view.ts', ' ExposureRegister,');
  twin('test/support/any-view.ts', 'export const anyExposure', '  }));\n');
  twin('test/support/any-view.ts', '  exposures: fc.oneof', 'exposuresCuts: mostlyNone(fc.record(cutDay), 8),\n');
}

/**
 * A program of the copy: one event goes from the door's JSON through Kafka's form and the merge into the stored view,
 * and it prints what comes out.
 */
export function journey(): string {
  const { fields } = JSON.parse(readFileSync(join(ROOT, VIEW_SCHEMAS, `v${VIEW_VERSION}.avsc`), 'utf8')) as {
    fields: readonly AvroField[];
  };
  return `
import { merge } from '#core/view/merge.ts';
import { EMPTY_VIEW } from '#core/view/view.ts';
import { logOf } from '#exchange/topics/log.ts';
import { decodeRecord, encodeEvent, tagged } from '#exchange/topics/records.ts';
import { CURRENT, RECORD_NAMES } from '#exchange/topics/schemas.ts';
import { decodeView, encodeView } from '#exchange/view/codec.ts';
import { oracleBytes } from '#exercises/oracle/oracle.ts';
import { eventFromJson } from '#exchange/intake/event-from-json.ts';
import { recordKey, TAGS as tags } from '#test/support/keys.ts';

const acceptedAtMs = 1_660_000_100_000;
const eventId = '01900000-0000-7000-8000-000000000000';
const stay = { riskArea: '430100', level: 'high', from: '2022-08-08T08:00+08:00' };
const json = { type: 'ContactRecorded', eventId, province: '43', contactId: 'C1', ...stay };
const event = eventFromJson(json, { eventId, acceptedAtMs, producerInstance: '43-a' });
const log = logOf(1);
const schemaIds = Object.fromEntries(RECORD_NAMES.map((name, id) => [name, id]));
const untagged = encodeEvent(Buffer.alloc(16, 7), event, { log, schemaIds, partitions: 1, keyVersion: 1 });
const record = { ...tagged(recordKey('province-43'), untagged), offset: 0, appendedAtMs: acceptedAtMs };
const writers = RECORD_NAMES.map((name) => ({ name, type: CURRENT[name].type }));
const schemas = { cached: (id) => writers[id] };
const read = decodeRecord(record, { log, partitions: 1, schemas, tags });
const view = merge(EMPTY_VIEW, read.event);
// Of nobody: each of its lists, and its one number, is a zero byte.
const former = Buffer.concat([Buffer.from([${VIEW_VERSION}]), Buffer.alloc(${fields.length})]);
console.log(
  JSON.stringify({
    contacts: decodeView(encodeView(view)).contacts.map(({ contactId }) => contactId),
    isAsTheOracleSays: encodeView(view).equals(oracleBytes([event])),
    changesTwice: merge(view, event) !== view,
    contactsOfAFormerView: decodeView(former).contacts,
  }),
);
`;
}
