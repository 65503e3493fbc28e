/** Who may be a principal, under which names alone, and how its certificate stands at an instant. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { DAY_MS } from '#core/field/time.ts';
import {
  CERTIFICATE_DAYS,
  isPrincipal,
  type Issued,
  kindOf,
  listens,
  newestOf,
  parsePrincipal,
  provinceOfPrincipal,
  provincePrincipal,
  RENEW_BEFORE_DAYS,
  STACK_PRINCIPALS,
  standingOf,
  validityAt,
} from '#exchange/identity/principals.ts';

const NOW = Date.UTC(2026, 10, 30);

const issued = (over: Partial<Issued> = {}): Issued => ({
  name: 'lookup',
  serial: '40',
  revokedAtMs: null,
  ...validityAt(NOW, CERTIFICATE_DAYS),
  ...over,
});

describe('a principal', () => {
  it('is a part, a service, a person, one of the 32 provinces, a gate or a laboratory', () => {
    expect(STACK_PRINCIPALS.map(kindOf).filter((kind) => kind === 'province')).toHaveLength(32);
    expect(
      ['broker', 'lookup', 'operator', 'province-43', 'gate-beijing-west', 'laboratory-changsha-1'].map((name) =>
        kindOf(parsePrincipal(name)),
      ),
    ).toEqual(['part', 'service', 'person', 'province', 'gate', 'laboratory']);
  });
  it('is told from a province and back', () => {
    for (const code of PROVINCE_CODES) expect(provinceOfPrincipal(provincePrincipal(code))).toBe(code);
    expect(provinceOfPrincipal('province-99')).toBeNull();
    expect(provinceOfPrincipal('lookup')).toBeNull();
  });
  it.each([
    'province-99',
    'province-43,CN=operator',
    'CN=operator',
    'operator ',
    'Operator',
    'gate-',
    'gate-A',
    'laboratory-',
    'laboratory-A',
    'gate-a--b',
    'gate-a/../ca',
    'gate-a\n',
    `gate-${'a'.repeat(40)}`,
    'toString',
    '*',
    '',
  ])('is not %j', (name) => {
    expect(isPrincipal(name)).toBe(false);
    expect(() => parsePrincipal(name)).toThrow('is no principal');
  });
  it('is never a name that means something else in a subject, a path, an ACL or a URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'gate-provnc43,=+/\\ *?.%\n"') }), (name) => {
        if (isPrincipal(name)) expect(name).toMatch(/^[a-z0-9-]+$/);
      }),
    );
  });
  it('listens unless it only ever asks', () => {
    expect(['broker', 'lookup', 'province-43'].map((name) => listens(parsePrincipal(name)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['operator', 'national', 'gate-a', 'laboratory-a'].map((name) => listens(parsePrincipal(name)))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('a certificate', () => {
  it('is due before it ends, ends at its instant, and stays revoked', () => {
    const { toMs } = issued();
    const dueMs = toMs - RENEW_BEFORE_DAYS * DAY_MS;
    expect([NOW, dueMs, dueMs + 1, toMs - 1, toMs].map((nowMs) => standingOf(issued(), nowMs))).toEqual([
      'valid',
      'valid',
      'due',
      'due',
      'ended',
    ]);
    expect(standingOf(issued({ revokedAtMs: NOW }), toMs)).toBe('revoked');
  });
  it('counts when it is the newest of its name', () => {
    const all = [issued({ serial: '41' }), issued({ name: 'broker' }), issued({ serial: '42' })];
    expect(newestOf(all).map(({ name, serial }) => `${name} ${serial}`)).toEqual(['broker 40', 'lookup 42']);
  });
});
