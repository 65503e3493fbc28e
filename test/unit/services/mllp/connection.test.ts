/** One connection by MLLP, without a socket: what is answered when, and what ends it. */

import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '#services/mllp/acknowledgement.ts';
import { Connection, type ConnectionOptions, type Line } from '#services/mllp/connection.ts';

const VT = '\u000b';
const END = '\u001c\r';
const MESSAGE = 'MSH|^~\\&|LIS|A|||20220801||ORU^R01|C-1|P|2.5.1';
const TAKEN: Verdict = { code: 'AA', troubles: [] };

function open(changes: Partial<ConnectionOptions> = {}) {
  const [mine, theirs] = duplexPair();
  const idle: (() => void)[] = [];
  const line = Object.assign(theirs, { setTimeout: (_ms: number, onIdle: () => void) => idle.push(onIdle) }) as Line;
  const taken: string[] = [];
  const answered: string[] = [];
  let noFrames = 0;
  const connection = new Connection(line, {
    limits: { frameBytesMax: 1_000, frameMs: 60_000, idleMs: 60_000 },
    take: async (message) => {
      taken.push(message.toString());
      return TAKEN;
    },
    hold: () => true,
    now: () => 0,
    newControlId: () => 'A1',
    onAnswered: ({ code }) => answered.push(code),
    onNoFrame: () => noFrames++,
    ...changes,
  });
  const gone = connection.run();
  let said = '';
  mine.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
  return { mine, theirs: line, connection, gone, taken, answered, idle, said: () => said, noFrames: () => noFrames };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a connection', () => {
  it('answers each frame, in their order', async () => {
    const { mine, gone, taken, said } = open();
    mine.write(`${VT}${MESSAGE}${END}${VT}${MESSAGE.replace('C-1', 'C-2')}${END}`);
    mine.end();
    await gone;
    await turn();
    expect(taken).toHaveLength(2);
    expect(said().match(/MSA\|AA\|C-\d/g)).toEqual(['MSA|AA|C-1', 'MSA|AA|C-2']);
    expect(said().startsWith(VT) && said().endsWith(END)).toBe(true);
  });
  it('takes nothing of a frame that the connection’s end cut', async () => {
    const { mine, gone, taken, answered, noFrames } = open();
    mine.write(`${VT}${MESSAGE}`);
    mine.end();
    await gone;
    expect([taken, answered, noFrames()]).toEqual([[], [], 1]);
  });
  it('ends where a frame doesn’t come to its end in time', async () => {
    const { mine, gone, taken } = open({ limits: { frameBytesMax: 1_000, frameMs: 20, idleMs: 60_000 } });
    mine.write(`${VT}${MESSAGE}`);
    await gone;
    expect(taken).toEqual([]);
  });
  it('rejects a cut frame and goes on with the next', async () => {
    const { mine, gone, taken, answered } = open();
    mine.write(`${VT}${MESSAGE}${VT}${MESSAGE}${END}`);
    mine.end();
    await gone;
    expect([taken.length, answered]).toEqual([1, ['AR', 'AA']]);
  });
  it.each([
    ['bytes outside of frames', `${MESSAGE}\r`],
    ['a frame that is too long', `${VT}${'x'.repeat(2_000)}`],
  ])('rejects %s, and ends', async (_, bytes) => {
    const { mine, gone, answered } = open();
    mine.write(bytes);
    await gone;
    expect(answered).toEqual(['AR']);
  });
  it('gives way where all connections hold too much', async () => {
    const { mine, gone, answered } = open({ hold: (bytes) => bytes <= 0 });
    mine.write(`${VT}${MESSAGE}`);
    await gone;
    expect(answered).toEqual(['AR']);
  });
  it('is ended when it is idle, and not while an answer is awaited', async () => {
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const { mine, theirs, gone, idle, answered } = open({ take: () => promise });
    mine.write(`${VT}${MESSAGE}${END}`);
    await turn();
    idle[0]?.();
    expect(theirs.destroyed).toBe(false);
    resolve(TAKEN);
    await turn();
    expect(answered).toEqual(['AA']);
    idle[0]?.();
    await gone;
  });
  it('answers what it has begun when the listener ends', async () => {
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const { mine, gone, connection, answered } = open({ take: () => promise });
    mine.write(`${VT}${MESSAGE}${END}`);
    await turn();
    connection.end();
    resolve(TAKEN);
    await gone;
    expect(answered).toEqual(['AA']);
    const idle = open();
    idle.connection.end();
    await once(idle.theirs, 'close');
  });
});
