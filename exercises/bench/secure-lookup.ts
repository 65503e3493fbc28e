/**
 * What TLS and tokens cost a look-up: the same questions by the same load generator to one process, behind both, behind
 * tokens alone, and behind neither.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { type Answered, askByWrk, writeQuestions } from '#exercises/scale/wrk.ts';
import { questionsFor } from '#exercises/town/load.ts';
import { ownIdentities } from '#infra/stack/identities.ts';
import { filesOf } from '#platform/tls.ts';
import { type LookupPorts, SECRETS } from './lookup-ports.ts';
import { compared, inTurn } from './rounds.ts';
import { type Row, rowOf } from './rows.ts';

const SERVER = fileURLToPath(new URL('./lookup-server.ts', import.meta.url));
const PEOPLE = 1_000;
const SEED = 1;
const CONNECTIONS = 16;
const NEW_CONNECTIONS = 100;
/** Of each way: by then the look-up’s code is compiled, as it is in one that has been asked for a while. */
const WARM_QUESTIONS = 3_000;

interface Asked extends Answered {
  /** Of the look-up’s process, for each question. */
  readonly cpuUs: number;
}

export async function secureLookup(
  runDir: string,
  rounds: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Row[]> {
  const tls = await ownIdentities(runDir);
  const child = fork(SERVER, [runDir], { signal });
  try {
    const ports = await told<LookupPorts>(child);
    const questions = writeQuestions(runDir, questionsFor({ people: PEOPLE, seed: SEED, secrets: SECRETS }));
    const ask = (url: string, token: string) => async (): Promise<Asked> => {
      const before = await asked<NodeJS.CpuUsage>(child, 'cpu');
      const answered = await askByWrk({ url, token, connections: CONNECTIONS, seconds }, questions, signal);
      if (answered.failed > 0) throw new Error(`${answered.failed} questions were not answered`);
      const after = await asked<NodeJS.CpuUsage>(child, 'cpu');
      return { ...answered, cpuUs: (after.user + after.system - before.user - before.system) / answered.answered };
    };
    const ways = {
      secure: ask(`https://127.0.0.1:${ports.secure}`, ports.token),
      tokens: ask(`http://127.0.0.1:${ports.tokens}`, ports.token),
      open: ask(`http://127.0.0.1:${ports.open}`, ports.openToken),
    };
    for (const way of Object.values(ways))
      for (let answered = 0; answered < WARM_QUESTIONS;) answered += (await way()).answered;
    const { secure, tokens, open } = await inTurn(rounds, ways);
    const row = (name: string, ours: readonly Asked[], of: 'perSecond' | 'cpuUs' | 'p50Ms' | 'p99Ms'): Row =>
      rowOf(
        name,
        compared(
          ours.map((one) => one[of]),
          open.map((one) => one[of]),
        ),
      );
    return [
      row('look-ups a second, TLS and tokens', secure, 'perSecond'),
      row('look-ups a second, tokens alone', tokens, 'perSecond'),
      row('a look-up, CPU µs, TLS and tokens', secure, 'cpuUs'),
      row('a look-up, CPU µs, tokens alone', tokens, 'cpuUs'),
      row('a look-up, p50 ms, TLS and tokens', secure, 'p50Ms'),
      row('a look-up, p99 ms, TLS and tokens', secure, 'p99Ms'),
      ...(await newConnections(child, ports, filesOf(tls, 'gate-travel').ca, rounds)),
    ];
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/** One after the other, each with a handshake of its own; and a token that is seen for the first time. */
async function newConnections(child: ChildProcess, ports: LookupPorts, ca: string, rounds: number): Promise<Row[]> {
  const connecting = (open: () => Promise<void>) => async (): Promise<number> => {
    const before = await asked<NodeJS.CpuUsage>(child, 'cpu');
    for (let count = 0; count < NEW_CONNECTIONS; count += 1) await open();
    const after = await asked<NodeJS.CpuUsage>(child, 'cpu');
    return (after.user + after.system - before.user - before.system) / NEW_CONNECTIONS;
  };
  const authority = readFileSync(ca, 'utf8');
  const { tls, tcp, verify } = await inTurn(rounds, {
    tls: connecting(async () => {
      const socket = connectTls({ host: '127.0.0.1', port: ports.secure, ca: authority });
      await once(socket, 'secureConnect');
      socket.destroy();
    }),
    tcp: connecting(async () => {
      const socket = connectTcp({ host: '127.0.0.1', port: ports.open });
      await once(socket, 'connect');
      socket.destroy();
    }),
    verify: () => asked<number>(child, 'verify'),
  });
  return [
    rowOf('a new connection to the look-up, its CPU µs', compared(tls, tcp)),
    rowOf('a token seen for the first time; without: a new connection: CPU µs', compared(verify, tcp)),
  ];
}

async function asked<T>(child: ChildProcess, what: 'cpu' | 'verify'): Promise<T> {
  const answer = told<T>(child);
  child.send(what);
  return answer;
}

/** @throws when it ends instead */
async function told<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  try {
    const message = once(child, 'message', { signal: ended.signal }).then(([one]) => one as T);
    const exit = once(child, 'exit', { signal: ended.signal }).then(([status]) => {
      throw new Error(`the look-up of the bench ended with status ${status}`);
    });
    return await Promise.race([message, exit as Promise<never>]);
  } finally {
    ended.abort();
  }
}
