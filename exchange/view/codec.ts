/**
 * A person's view to bytes and back: one byte with the schema's version, then Avro. Equal views give equal bytes. A
 * view written by an older version is read through that version's schema; one by a newer is refused, never guessed.
 */

import avro, { type Resolver, type Type } from 'avsc';
import type { PersonView } from '#core/view/view.ts';
import { readVersions } from '#exchange/topics/schemas.ts';
import { HutongError } from '#platform/errors.ts';
import { fromFormerBytes, LAST_WITH_ONE_BOUND } from './former-views.ts';

const TEXTS = readVersions('view/person-view');
const VERSION = TEXTS.length;
const typeOf = (text: string): Type => avro.Type.forSchema(JSON.parse(text) as avro.Schema);
const CURRENT: Type = typeOf(TEXTS[VERSION - 1] as string);
/** By version, from the first that has a bound for each publisher on: what such a one lacks has a default. */
const RESOLVERS: ReadonlyMap<number, Resolver | undefined> = new Map(
  TEXTS.slice(LAST_WITH_ONE_BOUND).map((text, index) => {
    const version = LAST_WITH_ONE_BOUND + 1 + index;
    return [version, version === VERSION ? undefined : CURRENT.createResolver(typeOf(text))];
  }),
);

export function encodeView(view: PersonView): Buffer {
  const body = CURRENT.toBuffer(view);
  const bytes = Buffer.allocUnsafe(body.length + 1);
  bytes[0] = VERSION;
  body.copy(bytes, 1);
  return bytes;
}

/** @throws HutongError VIEW_UNREADABLE */
export function decodeView(bytes: Buffer): PersonView {
  const version = bytes[0] ?? 0;
  if (version < 1 || version > VERSION)
    throw unreadable(`it has version ${version}, this program reads 1 to ${VERSION}`);
  try {
    return version <= LAST_WITH_ONE_BOUND
      ? fromFormerBytes(version, bytes.subarray(1))
      : (CURRENT.fromBuffer(bytes.subarray(1), RESOLVERS.get(version), false) as PersonView);
  } catch (cause) {
    throw unreadable('its bytes do not decode', cause);
  }
}

function unreadable(why: string, cause?: unknown): HutongError {
  return new HutongError('VIEW_UNREADABLE', `a stored view is unreadable: ${why}`, {
    retriable: false,
    cause,
    hint: 'run the newest version everywhere; rebuild the view from the log if that does not mend it',
  });
}
