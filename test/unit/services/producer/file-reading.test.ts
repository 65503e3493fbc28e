/** The thread in which a door reads files: what becomes of the door, and of the next file, when it ends. */

import { setTimeout as later } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { FileReading } from '#services/producer/file-reading.ts';

const BOUNDS = { bytesMax: 1_000, recordsMax: 2 };
const FILE = Buffer.from('x');

let reading: FileReading | null = null;
const made: Worker[] = [];

/** A thread that does as it is told with each file; `answer` says that it has read it. */
function readingBy(does: string, readMs?: number): FileReading {
  made.length = 0;
  const code =
    `const { parentPort } = require('node:worker_threads');` +
    `const answer = () => parentPort.postMessage({ ok: true, items: [] });` +
    `parentPort.on('message', () => { ${does} }); parentPort.postMessage('loaded');`;
  const newWorker = () => {
    const worker = new Worker(code, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } });
    made.push(worker);
    return worker;
  };
  reading = new FileReading(BOUNDS, readMs === undefined ? { newWorker } : { newWorker, readMs });
  return reading;
}
const ended = async (worker: Worker) => new Promise<void>((resolve) => worker.on('exit', () => resolve()));
afterEach(async () => reading?.stop());

it('an error of the thread while it reads nothing ends no door, and the next file gets a new thread', async () => {
  const files = readingBy(`answer(); setTimeout(() => { throw new Error('idle'); }, 20);`);
  expect(await files.read(FILE, null)).toEqual({ ok: true, items: [] });
  await ended(made[0] as Worker);
  expect(await files.read(FILE, null)).toEqual({ ok: true, items: [] });
  expect(made).toHaveLength(2);
});

it('a thread that has ended by itself isn’t asked again', async () => {
  const files = readingBy(`answer(); setTimeout(() => process.exit(0), 20);`);
  await files.read(FILE, null);
  await ended(made[0] as Worker);
  expect(await files.read(FILE, null)).toEqual({ ok: true, items: [] });
  expect(made).toHaveLength(2);
});

it('only what takes too long or too much memory is called too costly', async () => {
  expect(await readingBy(`throw new Error('broken');`).read(FILE, null)).toEqual({ ok: false, why: 'failed' });
  expect(await readingBy('process.exit(0);').read(FILE, null)).toEqual({ ok: false, why: 'failed' });
  expect(await readingBy('for (;;);', 100).read(FILE, null)).toEqual({ ok: false, why: 'too-costly' });
  const greedy = readingBy('const all = []; for (;;) all.push(new Array(1e5).fill(1.5));');
  expect(await greedy.read(FILE, null)).toEqual({ ok: false, why: 'too-costly' });
});

it('a file that failed takes no other down that waits behind it', async () => {
  const files = readingBy(`globalThis.count = (globalThis.count ?? 0) + 1; answer();`);
  const first = files.read(FILE, null);
  await later(0);
  void made[0]?.terminate();
  const [one, two] = await Promise.all([first, files.read(FILE, null)]);
  expect([one, two].at(-1)).toEqual({ ok: true, items: [] });
});
