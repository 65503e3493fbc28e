/** What a copy makes of watermarks that claim and are signed: only those that are founded, and their principal's. */

import { describe, expect, it } from 'vitest';
import { signatureHeaders } from '#exchange/keys/signatures.ts';
import { publishedKeys, signingKey } from '#test/support/keys.ts';
import { schemaSource } from '#test/unit/platform/kafka/support.ts';
import { type Message, registered, watermark, OWN_CLOCK_MS, exchange, throughOf } from './tail.ts';

describe('a watermark that claims', () => {
  const claiming = (throughMs: number, sequence: number, full: number, at = OWN_CLOCK_MS): Message => ({
    ...watermark('43-a', throughMs, 0, 1, { sequence, full, heads: [] }),
    timestamp: String(at),
  });
  it('is taken once the full one on which it builds is there', async () => {
    const { started, arrive } = exchange({});
    const tail = await started;
    await arrive('watermarks', claiming(500, 2, 1));
    expect(throughOf(tail)).toEqual({ '43-a': 0 });
    await arrive('watermarks', claiming(600, 3, 3), claiming(700, 4, 3));
    expect(throughOf(tail)).toEqual({ '43-a': 700 });
    await arrive('watermarks', claiming(800, 6, 5));
    expect(throughOf(tail)).toEqual({ '43-a': 700 });
  });
  it('and is old at the start is passed over unless it is full, for no signature of an hour’s is checked', async () => {
    const { started, arrive } = exchange({ watermarks: 4 });
    const old = OWN_CLOCK_MS - 200_000;
    await arrive('watermarks', claiming(500, 1, 1, old), claiming(600, 2, 1, old));
    await arrive('watermarks', claiming(700, 3, 3, old), claiming(800, 4, 3, old));
    const tail = await started;
    expect(throughOf(tail)).toEqual({ '43-a': 700 });
    await arrive('watermarks', claiming(900, 5, 3, old));
    expect(throughOf(tail)).toEqual({ '43-a': 900 });
  });
  it('under another’s signature claims nothing, and makes nobody behind', async () => {
    const { started, arrive } = exchange({}, schemaSource(), publishedKeys());
    const tail = await started;
    const sign = (message: Message, principal: string): Message => ({
      ...message,
      headers: signatureHeaders(signingKey(principal), message),
    });
    await arrive('watermarks', sign(claiming(500, 1, 1), 'province-44'), claiming(500, 1, 1));
    await arrive('producers', sign(registered('43-a', 9), 'province-44'), registered('43-a', 9));
    expect(throughOf(tail)).toEqual({});
    await arrive('watermarks', sign(claiming(500, 1, 1), 'province-43'));
    expect(throughOf(tail)).toEqual({ '43-a': 500 });
  });
});
