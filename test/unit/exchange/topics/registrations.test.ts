/** Which process is an instance: the highest epoch, the first of it, until somebody retires it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignedRecord } from '#exchange/topics/public-keys.ts';
import {
  decodeRegistration,
  type Registration,
  registrationRecord,
  Registrations,
  retirementRecord,
} from '#exchange/topics/registrations.ts';
import { publishedKeys, signingKey } from '#test/support/keys.ts';
import { SCHEMA_IDS, schemaSource } from '#test/unit/platform/kafka/support.ts';

const by = (epoch: number, process: string): Registration => ({ province: '43', instance: '43-a', epoch, process });
const SIGNATURES = publishedKeys();
const retirement = (epoch: number) => ({ instance: '43-a', epoch, by: 'li', why: 'moved' });
const isHeldBy = (registrations: Registrations, epoch: number, process: string): boolean =>
  registrations.isHeldBy({ instance: '43-a', epoch, process });

describe('an instance', () => {
  it('is the process that registered last, and no other any more', () => {
    const registrations = new Registrations();
    registrations.register(by(1, 'p'), 10);
    expect(isHeldBy(registrations, 1, 'p')).toBe(true);
    registrations.register(by(2, 'q'), 20);
    expect([isHeldBy(registrations, 1, 'p'), isHeldBy(registrations, 2, 'q')]).toEqual([false, true]);
    expect(registrations.of('43-a')).toMatchObject({ epoch: 2, registeredAtMs: 20 });
  });
  it('is the first of two processes that took the same epoch at once', () => {
    const registrations = new Registrations();
    registrations.register(by(1, 'p'), 10);
    registrations.register(by(1, 'q'), 11);
    expect([isHeldBy(registrations, 1, 'p'), isHeldBy(registrations, 1, 'q')]).toEqual([true, false]);
  });
  it('that is retired is nobody, until a process takes it up with a higher epoch', () => {
    const registrations = new Registrations();
    registrations.register(by(1, 'p'), 10);
    registrations.retire(retirement(1), 20);
    expect(isHeldBy(registrations, 1, 'p')).toBe(false);
    registrations.register(by(1, 'p'), 10);
    expect(registrations.of('43-a')?.retired).toMatchObject({ by: 'li', atMs: 20 });
    registrations.register(by(2, 'q'), 30);
    registrations.retire(retirement(1), 20);
    expect(isHeldBy(registrations, 2, 'q')).toBe(true);
  });
  it('of a version without epochs takes itself up again as it always did', () => {
    const registrations = new Registrations();
    registrations.register(by(0, ''), 10);
    registrations.retire(retirement(0), 20);
    registrations.register(by(0, ''), 30);
    expect(registrations.of('43-a')).toMatchObject({ retired: null, registeredAtMs: 30 });
  });
  it('is the same however often the topic is read', () => {
    const step = fc.record({ epoch: fc.integer({ min: 1, max: 4 }), process: fc.constantFrom('p', 'q', null) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const read = (registrations: Registrations): void =>
          steps.forEach(({ epoch, process }, at) =>
            process === null
              ? registrations.retire(retirement(epoch), at)
              : registrations.register(by(epoch, process), at),
          );
        const [once, twice] = [new Registrations(), new Registrations()];
        read(once);
        read(twice);
        const { epoch, process } = once.of('43-a') ?? { epoch: 0, process: '' };
        read(twice);
        expect(twice.of('43-a')?.epoch ?? 0).toBe(epoch);
        expect(twice.of('43-a')?.process ?? '').toBe(process);
      }),
    );
  });
});

describe('a record of producers', () => {
  it('says who registers, and who is retired', async () => {
    const registered = registrationRecord(SCHEMA_IDS, by(3, 'p'), signingKey('province-43'));
    await expect(decodeRegistration(registered, schemaSource(), SIGNATURES)).resolves.toEqual({
      registered: { ...by(3, 'p') },
    });
    const retired = retirementRecord(SCHEMA_IDS, retirement(3), signingKey('operator'));
    await expect(decodeRegistration(retired, schemaSource(), SIGNATURES)).resolves.toEqual({
      retired: { ...retirement(3) },
    });
    expect(retired.key?.toString()).toBe('43-a');
  });
  it('that another principal has signed, or nobody, counts for nothing', async () => {
    const saidBy = async (record: SignedRecord) =>
      Object.keys(await decodeRegistration(record, schemaSource(), SIGNATURES));
    const mine = by(3, 'p');
    expect(await saidBy(registrationRecord(SCHEMA_IDS, mine, signingKey('province-44')))).toEqual(['forged']);
    expect(await saidBy({ ...registrationRecord(SCHEMA_IDS, mine, signingKey('province-43')), headers: {} })).toEqual([
      'forged',
    ]);
    const other = registrationRecord(SCHEMA_IDS, { ...mine, instance: '44-a' }, signingKey('province-43'));
    expect(await saidBy(other)).toEqual(['forged']);
    expect(await saidBy(retirementRecord(SCHEMA_IDS, retirement(3), signingKey('province-43')))).toEqual(['forged']);
  });
  it('that is a tombstone, or something else, says nothing', async () => {
    await expect(
      decodeRegistration({ key: null, value: null, headers: {} }, schemaSource(), SIGNATURES),
    ).rejects.toThrow('wire format');
  });
});
