/**
 * Asks the look-up as fast as it answers over a number of kept connections, for some seconds, in a thread of its own.
 * It speaks just enough HTTP/1.1 for that, so that the client doesn't take from the service the machine that it
 * measures. It is written by hand so that the demo needs no further program; figures to reckon with come from wrk
 * (make scale).
 */

import { connect, createSecureContext, type TLSSocket } from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';

export interface LoadOptions {
  readonly url: string;
  /** Of who asks; it lasts longer than the load. */
  readonly token: string;
  /** The authority that has signed its certificate, as PEM. */
  readonly ca: string;
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly answered: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const { url, token, ca, bodies, connections, seconds } = workerData as LoadOptions;
const { hostname, port, host } = new URL(url);
const secureContext = createSecureContext({ ca });
const requests = bodies.map((body) =>
  Buffer.from(
    `POST /v1/recognitions HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
      `authorization: Bearer ${token}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);

const latencies: number[] = [];
let failed = 0;
let next = 0;

const startedMs = performance.now();
const endMs = startedMs + seconds * 1_000;
await Promise.all(Array.from({ length: connections }, askOnOneConnection));
const tookSeconds = (performance.now() - startedMs) / 1_000;
latencies.sort((a, b) => a - b);
const at = (quantile: number): number =>
  latencies[Math.min(latencies.length - 1, Math.floor(quantile * latencies.length))] ?? 0;
parentPort?.postMessage({
  answered: latencies.length,
  failed,
  perSecond: latencies.length / tookSeconds,
  p50Ms: at(0.5),
  p99Ms: at(0.99),
} satisfies LoadResult);

async function askOnOneConnection(): Promise<void> {
  const socket = connect({ port: Number(port), host: hostname, secureContext });
  socket.setNoDelay(true);
  const answers = answersOn(socket);
  try {
    while (performance.now() < endMs) {
      const sentMs = performance.now();
      socket.write(requests[next++ % requests.length] as Buffer);
      const status = await answers();
      if (status === 200) latencies.push(performance.now() - sentMs);
      else failed += 1;
      if (status === 0) return;
    }
  } finally {
    socket.destroy();
  }
}

/** The status of the next answer, once its body is complete; 0 when the connection ended. */
function answersOn(socket: TLSSocket): () => Promise<number> {
  let buffered: Buffer = Buffer.alloc(0);
  let waiting: ((status: number) => void) | null = null;
  let ended = false;
  const settle = (status: number): void => {
    const resolve = waiting;
    waiting = null;
    resolve?.(status);
  };
  const take = (): void => {
    const head = buffered.indexOf('\r\n\r\n');
    if (head < 0) return;
    const text = buffered.toString('latin1', 0, head);
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (buffered.length < head + 4 + length) return;
    buffered = buffered.subarray(head + 4 + length);
    settle(Number(text.slice(9, 12)));
  };
  socket.on('data', (chunk: Buffer) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    take();
  });
  const end = (): void => {
    ended = true;
    settle(0);
  };
  socket.on('error', end).on('close', end);
  return () =>
    new Promise((resolve) => {
      if (ended) return resolve(0);
      waiting = resolve;
    });
}
