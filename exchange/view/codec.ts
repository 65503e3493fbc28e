/**
 * A person's view to bytes and back: one byte with the schema's version, then Avro. Equal views give equal bytes. A
 * view written by an older version is read through that version's schema; one by a newer is refused, never guessed.
 */

import avro, { type Resolver, type Type } from 'avsc';
import type { PersonView, TestRegister, UnreadableBounds } from '#core/view/view.ts';
import { logOf } from '#exchange/topics/log.ts';
import { readVersions } from '#exchange/topics/schemas.ts';
import { HutongError } from '#platform/errors.ts';

const TYPES: readonly Type[] = readVersions('view/person-view').map((text) => avro.Type.forSchema(JSON.parse(text)));
const VERSION = TYPES.length;
const CURRENT = TYPES[VERSION - 1] as Type;
const RESOLVERS: readonly (Resolver | undefined)[] = TYPES.map((type) =>
  type === CURRENT ? undefined : CURRENT.createResolver(type),
);

type StoredTest = Omit<TestRegister, 'issuedAtMaxMs'> & { readonly issuedAfterMs: number };
type StoredView = Omit<PersonView, 'datedTests' | 'undatedTests'> & {
  datedTests: StoredTest[];
  undatedTests: StoredTest[];
};

export function encodeView(view: PersonView): Buffer {
  const body = CURRENT.toBuffer({
    ...view,
    datedTests: view.datedTests.map(toStored),
    undatedTests: view.undatedTests.map(toStored),
  });
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
    const stored = CURRENT.fromBuffer(bytes.subarray(1), RESOLVERS[version - 1], false) as StoredView;
    if (version < FIRST_WITH_BOUNDS && wasCut(bytes))
      Object.assign(stored, { unreadable: [], unreadableBounds: CUT_ANYWHERE });
    return Object.assign(stored, {
      datedTests: stored.datedTests.map(fromStored),
      undatedTests: stored.undatedTests.map(fromStored),
    });
  } catch (cause) {
    throw unreadable('its bytes do not decode', cause);
  }
}

/**
 * Versions 1 and 2 said only that some unreadable records were cut, not where: none of them can be known to be settled,
 * and the person stays marked until the view is rebuilt. The topics' plain names do for that in every edition.
 */
const FIRST_WITH_BOUNDS = 3;
const CUT_ANYWHERE: readonly UnreadableBounds[] = logOf(1)
  .topics.toSorted()
  .map((topic) => ({ topic, settledThrough: -1, cutThrough: 2 ** 52 }));

/** Their last field is that flag, which Avro writes as one byte. */
const wasCut = (bytes: Buffer): boolean => bytes.at(-1) === 1;

function toStored({ issuedAtMaxMs, ...register }: TestRegister): StoredTest {
  return { ...register, issuedAfterMs: issuedAtMaxMs - register.issuedAtMs };
}

// The schema's delta, where it is 0, costs one byte; the rest of the program never sees it.
function fromStored({ issuedAfterMs, ...register }: StoredTest): TestRegister {
  return { ...register, issuedAtMaxMs: register.issuedAtMs + issuedAfterMs };
}

function unreadable(why: string, cause?: unknown): HutongError {
  return new HutongError('VIEW_UNREADABLE', `a stored view is unreadable: ${why}`, {
    retriable: false,
    cause,
    hint: 'run the newest version everywhere; rebuild the view from the log if that does not mend it',
  });
}
