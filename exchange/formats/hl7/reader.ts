/** A file of HL7 v2 messages, read message by message. */

import type { FormatReader, Item, MappingSettings } from '#exchange/formats/reader.ts';
import { mapMessage } from './map-message.ts';
import { HL7_MESSAGE_BYTES_MAX, splitMessages } from './split.ts';
import type { Standing } from './standing.ts';

export const hl7 = {
  title: 'HL7 v2',
  // In any case, and behind a log's words: what is wrong with it is then told as what it is.
  begins: (line: string): boolean =>
    /^[\u200b-\u200f\u2060\ufeff]*(MSH|FHS|BHS)[^A-Za-z0-9\s]/i.test(line) || line.includes('MSH|^~\\&'),
  needsMapping: true,
  read: readHl7,
} as const satisfies FormatReader;

const TOO_LONG = {
  field: '',
  reason: `is longer than ${HL7_MESSAGE_BYTES_MAX} bytes`,
  hint: 'send it without attached documents',
};

async function* readHl7(chunks: AsyncIterable<Uint8Array>, mapping: MappingSettings): AsyncGenerator<Item> {
  for await (const item of splitMessages(chunks)) {
    if (item.kind === 'message') yield* itemsOf(item.number, item.bytes, mapping, item);
    else if (item.kind === 'file_fault') yield { kind: 'file_fault', at: item.at, fault: item.fault };
    else yield { kind: 'refused', at: `message ${item.number}`, within: '', faults: [TOO_LONG] };
  }
}

function* itemsOf(number: number, bytes: Uint8Array, mapping: MappingSettings, standing: Standing): Generator<Item> {
  const { controlId, notes, refused, ignored, events, spots } = mapMessage(bytes, mapping, standing);
  const at = `message ${number} (${controlId === '' ? 'no MSH-10' : `MSH-10 ${controlId}`})`;
  for (const { within, faults } of notes) yield { kind: 'note', at, within, faults };
  for (const { within, faults } of refused) yield { kind: 'refused', at, within, spot: spots.get(within), faults };
  for (const { within, faults } of ignored) yield { kind: 'ignored', at, within, faults };
  for (const { within, event, origins } of events)
    yield { kind: 'event', at, within, spot: spots.get(within), json: JSON.stringify(event), origins };
}
