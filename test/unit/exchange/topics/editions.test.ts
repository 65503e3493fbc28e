/** What is noted of an edition of the log: one plan, whoever else notes one; and whose secrets fit its keys. */

import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { secretFingerprint } from '#core/field/identity.ts';
import {
  copiedRecord,
  cutOffRecord,
  EditionBook,
  type EditionPlan,
  type KnownEdition,
  planFor,
  planRecord,
} from '#exchange/topics/editions.ts';
import { keyFaultOf } from '#exchange/topics/republication.ts';

const SECRETS = [randomBytes(32), randomBytes(32), randomBytes(32)];
const plan = (given: Partial<EditionPlan> = {}): EditionPlan =>
  planFor({ edition: 2, partitions: 6, keyVersion: 2, withoutErased: false, ...given }, SECRETS);
let book: EditionBook;
let next: number;
const note = ({ value }: { readonly value: Buffer | null }): void => book.take(next++, value);

beforeEach(() => {
  book = new EditionBook();
  next = 0;
});

describe('the plan of an edition', () => {
  it('is the first that was noted: of two runs that begin at once, the second has to keep to it', () => {
    note(planRecord(plan(), null));
    note(planRecord(plan({ keyVersion: null }), null));
    expect(book.of(2)).toEqual({ plan: plan(), at: 0, copiedTo: {} });
    expect(book.of(3)).toBeNull();
  });
  it('takes the place of the one that it names, and of no other; what was copied by that one counts no more', () => {
    note(planRecord(plan(), null));
    const first = book.of(2) as KnownEdition;
    note(copiedRecord(first, { 'tests 0': 5, 'codes 1': 2 }));
    note(copiedRecord(first, { 'tests 0': 9 }));
    expect(book.of(2)?.copiedTo).toEqual({ 'tests 0': 9, 'codes 1': 2 });
    note(planRecord(plan({ partitions: 12 }), first));
    note(planRecord(plan({ partitions: 24 }), first));
    note(copiedRecord(first, { 'tests 0': 99 }));
    expect(book.of(2)).toEqual({ plan: plan({ partitions: 12 }), at: 3, copiedTo: {} });
  });
  it('is the same when a reader is told of the notes again', () => {
    const records = [
      planRecord(plan(), null),
      planRecord(plan({ partitions: 12 }), { plan: plan(), at: 0, copiedTo: {} }),
    ];
    for (const record of records) note(record);
    const before = book.of(2);
    records.forEach(({ value }, offset) => book.take(offset, value));
    expect(book.of(2)).toEqual(before);
  });
  it('holds no secret', () => {
    const text = planRecord(plan({ keyVersion: 3 }), null).value?.toString() ?? '';
    for (const secret of SECRETS) expect(text).not.toContain(secret.toString('hex').slice(0, 16));
    expect(text).toContain(secretFingerprint(SECRETS[2] as Buffer));
  });
});

describe('the secrets of a process', () => {
  it('must be those of the plan, all of them and no more: with others it finds nobody', () => {
    note(planRecord(plan(), null));
    const [first, second, third] = SECRETS as [Buffer, Buffer, Buffer];
    expect(keyFaultOf(book, 2, [first, second])).toBeNull();
    expect(keyFaultOf(book, 2, [first])).toContain('its key version is 2, and there are 1');
    expect(keyFaultOf(book, 2, [first, second, third])).toContain('there are 3');
    expect(keyFaultOf(book, 2, [first, third])).toBe('secret 2 is another');
  });
  it('are those of the edition before where the keys stayed as they were, and anyone’s where nothing is noted', () => {
    expect(keyFaultOf(book, 3, [])).toBeNull();
    note(planRecord(plan(), null));
    note(planRecord(plan({ edition: 3, keyVersion: null }), null));
    expect(keyFaultOf(book, 3, SECRETS.slice(0, 2))).toBeNull();
    expect(keyFaultOf(book, 3, SECRETS)).toContain('there are 3');
  });
});

describe('from where on records bear tags', () => {
  it('is what was stated first of the edition, and says nothing of another or of its plan', () => {
    expect(book.cutOffOf(1)).toBeNull();
    note(cutOffRecord(1, { 'tests 0': 41 }));
    note(cutOffRecord(1, { 'tests 0': 99 }));
    note(cutOffRecord(2, {}));
    expect([book.cutOffOf(1), book.cutOffOf(2), book.cutOffOf(3)]).toEqual([{ 'tests 0': 41 }, {}, null]);
    expect(book.of(1)).toBeNull();
    note(planRecord(plan(), null));
    expect(book.of(2)?.plan).toEqual(plan());
  });
});
