/** The table of rights on the registry, as a pure decision. The real one is asked in an integration test. */

import { describe, expect, it } from 'vitest';
import { mayOnRegistry } from '#exchange/topics/registry-access.ts';

const API = '/apis/ccompat/v7';
const OWN = '/apis/registry/v3';
const FULL = '{"compatibility":"FULL_TRANSITIVE"}';
const may = (principal: string, method: string, path: string, body = '') =>
  mayOnRegistry(principal, { method, path, body });

describe('on the registry', () => {
  it('every principal reads, and only the operator registers', () => {
    for (const principal of ['province-43', 'materialiser', 'lookup', 'operator']) {
      expect(may(principal, 'GET', `${API}/schemas/ids/7`)).toBe(true);
      expect(may(principal, 'GET', `${API}/subjects/cn.hutong.events.TestReported/versions/latest?deleted=true`)).toBe(
        true,
      );
      expect(may(principal, 'POST', `${API}/subjects/a`)).toBe(true);
      expect(may(principal, 'POST', `${API}/subjects/a/versions`)).toBe(principal === 'operator');
      expect(may(principal, 'POST', `${OWN}/admin/import?requireEmptyRegistry=false`)).toBe(principal === 'operator');
    }
  });
  it('who is no principal does nothing', () => {
    for (const name of ['', 'province-00', 'Operator', 'operator ', 'anybody'])
      expect(may(name, 'GET', `${API}/schemas/ids/7`)).toBe(false);
  });
  it('nobody deletes, whatever the path', () => {
    for (const path of [`${API}/subjects/a`, `${API}/subjects/a/versions/1?permanent=true`, `${OWN}/groups/default`])
      expect([may('operator', 'DELETE', path), may('operator', 'GET', path)]).toEqual([false, true]);
  });
  it('nobody makes it less than compatible with all', () => {
    expect(may('operator', 'PUT', `${API}/config`, FULL)).toBe(true);
    expect(may('operator', 'PUT', `${API}/config/a`, FULL)).toBe(true);
    expect(may('province-43', 'PUT', `${API}/config/a`, FULL)).toBe(false);
    for (const body of [
      '',
      '{}',
      '{"compatibility":"NONE"}',
      '{"compatibility":"NONE","compatibility":"FULL_TRANSITIVE"}',
    ])
      expect(may('operator', 'PUT', `${API}/config`, body)).toBe(false);
  });
  it.each([
    `${API}/subjects/../../../registry/v3/admin/export`,
    `${API}/subjects/%2e%2e/%2E%2E/x`,
    `${API}/subjects/a%2f..%2fversions`,
    `${API}/subjects/a;b=c`,
    `${API}//subjects`,
    `/x${API}/subjects`,
    `http://elsewhere${API}/subjects`,
    `${API}/subjects/a%00`,
  ])('a path that two could read differently is refused: %s', (path) => {
    expect(may('operator', 'GET', path)).toBe(false);
    expect(may('operator', 'POST', path)).toBe(false);
  });
});
