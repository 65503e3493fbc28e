/** A token is verified once and remembered until it ends or the keys change; what was refused is never remembered. */

import { beforeEach, describe, expect, it } from 'vitest';
import { KnownTokens } from '#platform/tokens/known-tokens.ts';
import type { TokenRefusal, VerifiedToken } from '#platform/tokens/verifier.ts';

const TOKEN = 'header.claims.signature';
const verified = (client: string, expiresAtMs = 1_000): VerifiedToken => ({
  ok: true,
  claims: { client },
  expiresAtMs,
  thumbprint: null,
});

let answer: VerifiedToken | TokenRefusal;
let asked: number;
let keysVersion: number;
let tokens: KnownTokens<{ readonly id: string }>;

beforeEach(() => {
  answer = verified('a');
  asked = 0;
  keysVersion = 1;
  tokens = new KnownTokens(
    {
      get keysVersion() {
        return keysVersion;
      },
      verify: async () => {
        asked += 1;
        return answer;
      },
    },
    ({ client }) => (typeof client === 'string' ? { id: client } : null),
  );
});

describe('a token that was verified', () => {
  beforeEach(async () => void (await tokens.verify(TOKEN, 0)));
  it('is remembered until it ends', () => {
    expect(tokens.remembered(TOKEN, 999)).toMatchObject({ caller: { id: 'a' } });
    expect(tokens.remembered(TOKEN, 1_000)).toBeNull();
    expect(asked).toBe(1);
  });
  it('is verified again once the keys have changed', () => {
    keysVersion = 2;
    expect(tokens.remembered(TOKEN, 0)).toBeNull();
  });
  it('makes no other token known', () => {
    expect(tokens.remembered(`${TOKEN}x`, 0)).toBeNull();
    expect(tokens.remembered(TOKEN.toUpperCase(), 0)).toBeNull();
  });
});

describe('a token that was refused', () => {
  it('is asked about again each time', async () => {
    answer = { ok: false, why: 'not-identified' };
    for (const times of [1, 2]) {
      expect(await tokens.verify(TOKEN, 0)).toEqual(answer);
      expect(tokens.remembered(TOKEN, 0)).toBeNull();
      expect(asked).toBe(times);
    }
  });
  it('is one whose claims are of no caller, too', async () => {
    answer = { ...verified(''), claims: {} };
    expect(await tokens.verify(TOKEN, 0)).toMatchObject({ ok: false, why: 'not-identified' });
    expect(tokens.remembered(TOKEN, 0)).toBeNull();
  });
  it('is one that is too long, unread', async () => {
    expect(await tokens.verify('x'.repeat(8_193), 0)).toEqual({ ok: false, why: 'not-identified' });
    expect(asked).toBe(0);
  });
});
