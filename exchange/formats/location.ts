/**
 * Where in a file something stands, for a person who has to mend it. Only data: file, position, field; never content.
 */

/** Where an event's property came from: `/sampledAt` → `SPM-17`. */
export type Origins = Readonly<Record<string, string>>;

export interface Location {
  /** As it was named on the command line. */
  readonly file: string;
  /** `line 12`, or `message 2 (MSH-10 612092)`. */
  readonly at: string;
  /** A result within a message: `OBX 2`; '' for the whole. */
  readonly within: string;
}

/** An event on its way to the door. */
export interface Outgoing {
  readonly json: string;
  readonly location: Location;
  /** For an event made from HL7: which field each property came from. */
  readonly origins: Origins;
}

export function describeLocation({ file, ...place }: Location): string {
  return `${file}: ${describePlace(place)}`;
}

/** Within its file. */
export function describePlace({ at, within }: Omit<Location, 'file'>): string {
  return within === '' ? at : `${at}, ${within}`;
}

/** The field of the file behind a pointer such as `/person/documentNumber`; null where the file has the event. */
export function originOf(pointer: string, origins: Origins): string | null {
  return origins[`/${pointer.split('/')[1] ?? ''}`] ?? null;
}

/** That field, with the pointer; the pointer alone for NDJSON. */
export function describePointer(pointer: string, origins: Origins): string {
  const origin = originOf(pointer, origins);
  return origin === null ? pointer : `${origin} (${pointer})`;
}
