/**
 * Asks a look-up over many connections at once, each again as soon as it is answered or refused, in a thread of its
 * own: callers who don't heed Retry-After. Counts what came back, how long it took and whether each outcome is the
 * expected one.
 */

import { connect, createSecureContext, type TLSSocket } from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';

export interface StormOptions {
  readonly url: string;
  /** Of the caller. */
  readonly token: string;
  /** The authority that has signed the look-up's certificate, as PEM. */
  readonly ca: string;
  /** Each with the outcome that the answer must have. */
  readonly questions: readonly { readonly body: string; readonly outcome: string }[];
  readonly connections: number;
  readonly forMs: number;
}

export interface Times {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface StormResult {
  readonly accepted: Times;
  readonly refused: Times;
  /** Accepted ones with another outcome than expected. */
  readonly wrong: readonly string[];
  /** How often each list of parts was left out, such as `standing,vaccination`. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Seconds that refused ones were told to wait, and how often. */
  readonly retryAfter: Readonly<Record<string, number>>;
  /** Other statuses, and connections that ended. */
  readonly other: readonly string[];
}

const { url, token, ca, questions, connections, forMs } = workerData as StormOptions;
const { hostname, port, host } = new URL(url);
const secureContext = createSecureContext({ ca });
const requests = questions.map(({ body }) =>
  Buffer.from(
    `POST /v1/recognitions HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
      `authorization: Bearer ${token}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);

const [acceptedMs, refusedMs] = [[], []] as [number[], number[]];
const [wrong, other] = [[], []] as [string[], string[]];
const [leftOut, retryAfter] = [{}, {}] as [Record<string, number>, Record<string, number>];
let next = 0;

const endMs = performance.now() + forMs;
await Promise.all(Array.from({ length: connections }, askOnOneConnection));
parentPort?.postMessage({
  accepted: timesOf(acceptedMs),
  refused: timesOf(refusedMs),
  wrong,
  leftOut,
  retryAfter,
  other,
} satisfies StormResult);

async function askOnOneConnection(): Promise<void> {
  const socket = connect({ port: Number(port), host: hostname, secureContext });
  socket.setNoDelay(true);
  const answers = answersOn(socket);
  // What a full backlog costs isn't meant, nor opening TLS.
  await new Promise((resolve) => socket.once('secureConnect', resolve).once('close', resolve));
  while (performance.now() < endMs) {
    const index = next++ % requests.length;
    const sentMs = performance.now();
    socket.write(requests[index] as Buffer);
    const answer = await answers();
    if (answer === null) {
      other.push('the connection ended');
      break;
    }
    take(answer, questions[index]?.outcome ?? '', performance.now() - sentMs);
  }
  socket.destroy();
}

interface HttpAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

function take({ status, head, body }: HttpAnswer, expected: string, tookMs: number): void {
  if (status === 200) {
    acceptedMs.push(tookMs);
    const answer = JSON.parse(body) as { outcome: string; leftOut: string[] };
    if (answer.outcome !== expected) wrong.push(`${answer.outcome} instead of ${expected}`);
    count(leftOut, answer.leftOut.join(','));
  } else if (status === 503) {
    refusedMs.push(tookMs);
    count(retryAfter, /^retry-after: (\d+)/im.exec(head)?.[1] ?? 'none');
  } else {
    other.push(`status ${status}`);
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function timesOf(latencies: number[]): Times {
  latencies.sort((a, b) => a - b);
  const at = (quantile: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(quantile * latencies.length))] ?? 0;
  return { count: latencies.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

/** The next answer, once its body is complete; null when the connection has ended. */
function answersOn(socket: TLSSocket): () => Promise<HttpAnswer | null> {
  let buffered: Buffer = Buffer.alloc(0);
  let waiting: ((answer: HttpAnswer | null) => void) | null = null;
  let ended = false;
  socket.on('data', (chunk: Buffer) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    const bodyAt = buffered.indexOf('\r\n\r\n') + 4;
    if (bodyAt < 4) return;
    const head = buffered.toString('latin1', 0, bodyAt);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (buffered.length < bodyAt + length) return;
    const answer = {
      status: Number(head.slice(9, 12)),
      head,
      body: buffered.toString('utf8', bodyAt, bodyAt + length),
    };
    buffered = buffered.subarray(bodyAt + length);
    waiting?.(answer);
  });
  const end = (): void => {
    ended = true;
    waiting?.(null);
  };
  socket.on('error', end).on('close', end);
  return () => new Promise((resolve) => (ended ? resolve(null) : (waiting = resolve)));
}
