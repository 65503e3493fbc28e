/** A caller is read from claims of the documented form alone: what isn't understood might be a restriction. */

import { describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { PURPOSES } from '#core/rules/purpose.ts';
import { callerOf } from '#exchange/identity/caller.ts';

const claims = (hutong: unknown, client_id: unknown = 'gate-44') => ({ client_id, hutong });

describe('a caller', () => {
  it('holds what its claim says and nothing else', () => {
    expect(callerOf(claims({ destinations: ['44', '45'], purposes: ['entry'], modes: ['single'] }))).toEqual({
      id: 'gate-44',
      provinces: new Set(),
      destinations: new Set(['44', '45']),
      purposes: new Set(['entry']),
      modes: new Set(['single']),
      isRelay: false,
      requestsPerMinute: null,
      peoplePerHour: null,
    });
  });
  it('holds all where its claim says so in a word', () => {
    const caller = callerOf(
      claims({ provinces: 'all', destinations: 'all', purposes: 'all', relay: true, peoplePerHour: 7 }),
    );
    expect(caller).toMatchObject({ isRelay: true, peoplePerHour: 7, requestsPerMinute: null });
    expect([...(caller?.provinces ?? [])]).toEqual(PROVINCE_CODES);
    expect([...(caller?.destinations ?? [])]).toEqual(PROVINCE_CODES);
    expect([...(caller?.purposes ?? [])]).toEqual(PURPOSES);
  });
  it('may hold nothing', () => {
    expect(callerOf(claims({}))).toMatchObject({ provinces: new Set(), modes: new Set() });
  });
  it.each([
    ['no claim', claims(undefined)],
    ['a claim that is a text', claims('all')],
    ['a claim that is a list', claims([])],
    ['a field that isn’t known, which might be a restriction', claims({ provinces: ['43'], until: '2022' })],
    ['a province that there isn’t', claims({ provinces: ['99'] })],
    ['a purpose that there isn’t', claims({ purposes: ['all'] })],
    ['a mode that there isn’t', claims({ modes: ['write'] })],
    ['a province twice', claims({ provinces: ['43', '43'] })],
    ['a relay that is a text', claims({ relay: 'yes' })],
    ['a limit of none', claims({ peoplePerHour: 0 })],
    ['no client', { hutong: {} }],
    ['a client without a name', claims({}, '')],
    ['a client whose name is a number', claims({}, 7)],
    ['a client whose name could be part of another text', claims({}, 'gate-44\nprovince-43')],
    ['a client that is no principal', claims({}, 'somebody')],
    ['a client whose name holds what Redis or a log would cut at', claims({}, 'gate:44')],
    ['a client whose name is too long', claims({}, `gate-${'g'.repeat(40)}`)],
  ])('is nobody with %s', (_what, given) => {
    expect(callerOf(given)).toBeNull();
  });
});
