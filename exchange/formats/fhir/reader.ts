/** A file of FHIR R4 resources, read document by document. */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { type JsonFault, readJson } from '#exchange/formats/json/read.ts';
import type { FormatReader, Item, MappingSettings } from '#exchange/formats/reader.ts';
import { type Document, splitDocuments } from './documents.ts';
import { mapDocument, type Told } from './map-document.ts';
import { fhirPathOf } from './schema.ts';
import { isUnread } from './unread.ts';

/** A bundle of a few thousand reports. */
export const FHIR_DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;

export const fhir = {
  title: 'FHIR R4',
  // A line of JSON may be of anything: the beginning of the whole file tells.
  begins: () => false,
  holds: (start: string): boolean => /^[\s\u200b\ufeff\u00ef\u00bb\u00bf]*[[{]/.test(start) && RESOURCE.test(start),
  needsMapping: true,
  read: readFhir,
} as const satisfies FormatReader;

/** No event of the door has such a field. */
const RESOURCE = /"resourceType"\s*:/;

async function* readFhir(chunks: AsyncIterable<Uint8Array>, mapping: MappingSettings): AsyncGenerator<Item> {
  let isEmpty = true;
  for await (const document of splitDocuments(chunks, FHIR_DOCUMENT_BYTES_MAX)) {
    isEmpty = false;
    yield* itemsOf(document, mapping);
  }
  if (isEmpty) yield { kind: 'file_fault', at: 'end of file', fault: EMPTY };
}

async function* itemsOf(document: Document, mapping: MappingSettings): AsyncGenerator<Item> {
  const at = `line ${document.line}`;
  const told = await documentTold(document, mapping);
  for (const one of told)
    if (one.kind === 'event')
      yield { kind: 'event', at, within: one.within, json: JSON.stringify(one.event), origins: one.origins };
    else yield { ...one, at };
}

/** What a document comes to, also one that can't be read. */
export async function documentTold(
  document: Document,
  mapping: MappingSettings,
  pause?: () => Promise<void>,
): Promise<readonly Told[]> {
  if (document.kind !== 'whole') return [{ kind: 'refused', within: '', faults: [UNREAD[document.kind]] }];
  const read = readJson(document.bytes, isUnread);
  await pause?.();
  if (read.ok) return mapDocument(read.value, mapping, pause);
  return [
    { kind: 'refused', within: '', faults: [{ ...NO_JSON[read.why], field: fhirPathOf(read.pointer).slice(1) }] },
  ];
}

const WHOLE_HINT = 'send the document whole, from its first bracket to the one that closes it';

const UNREAD: Readonly<Record<'cut' | 'too_long' | 'text', FormatFault>> = {
  cut: { field: '', reason: 'ends before the bracket that closes it: it was cut', hint: WHOLE_HINT },
  too_long: {
    field: '',
    reason: `is longer than ${FHIR_DOCUMENT_BYTES_MAX} bytes`,
    hint: 'send it in several bundles',
  },
  text: {
    field: '',
    reason: 'is text that belongs to no document',
    hint: 'send each resource whole, as JSON and not as XML, and nothing around it',
  },
};

const NOT_JSON: FormatFault = { field: '', reason: 'is not JSON', hint: WHOLE_HINT };

const NO_JSON: Readonly<Record<JsonFault, FormatFault>> = {
  'not-json': NOT_JSON,
  'event-too-long': UNREAD.too_long,
  'not-utf8': { field: '', reason: 'is not UTF-8', hint: 'write the document as UTF-8' },
  'duplicate-name': { field: '', reason: 'has this name twice in one object', hint: 'write each element once' },
  'broken-character': { field: '', reason: 'holds one half of a character', hint: 'write the text again, as UTF-8' },
};

const EMPTY: FormatFault = {
  field: '',
  reason: 'the file holds no FHIR resource',
  hint: 'check that it is the right one',
};
