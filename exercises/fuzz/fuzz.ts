/**
 * The run: requests drawn from a seed, sent many at once, counted; then the log's ends and every trace are held against
 * what was counted. It must end with what it found, whatever the doors did.
 */

import type { IdentityDocument } from '#core/field/identity.ts';
import type { Principal } from '#exchange/identity/principals.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { lookEverywhere } from '#exercises/oracle/traces.ts';
import { seededRandom } from '#exercises/town/random.ts';
import { tokenOf } from '#infra/stack/tokens.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { filesOf, Identity } from '#platform/tls.ts';
import { Memory } from './memory.ts';
import { drawRequest } from './requests.ts';
import { Senders, type Target, type Targets } from './send.ts';
import { Tally } from './tally.ts';
import { canaries } from './valid.ts';

export interface FuzzOptions {
  readonly exchange: Exchange;
  readonly requests: number;
  readonly seed: number;
  readonly nowMs: number;
  /** Process ids by name: they must be there to the end, and level off. */
  readonly processes: ReadonlyMap<string, number>;
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

export interface FuzzReport {
  readonly tally: Tally;
  readonly memory: Memory;
  /** Empty: all held. */
  readonly findings: readonly string[];
}

const AT_ONCE = 16;
const PEOPLE = 40;
/** How often memory is looked at in a run. */
const LOOKS = 40;

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { exchange, requests, processes, onProgress, signal } = options;
  const people: readonly (IdentityDocument & { documentNumber: string })[] = canaries(PEOPLE);
  const numbers = people.map(({ documentNumber }) => documentNumber);
  const secrets = exchange.secrets.map((secret) => secret.toString('hex'));
  const tally = new Tally([...numbers, ...secrets]);
  const memory = new Memory(processes);
  const before = await eventsInLog(exchange);
  const senders = new Senders(targetsOf(exchange));
  const random = seededRandom(options.seed);
  const town = { people, nowMs: options.nowMs };
  let drawn = 0;
  const lookEvery = Math.max(1, Math.ceil(requests / LOOKS));
  const sendOn = async (): Promise<void> => {
    while (drawn < requests && signal?.aborted !== true) {
      drawn += 1;
      if (drawn % lookEvery === 0) {
        memory.look();
        onProgress?.(drawn);
      }
      const request = drawRequest(town, random, numbers);
      await senders.send(request).then(
        (reply) => tally.add(request, reply),
        (error: unknown) => tally.addUnanswered(request, String(error)),
      );
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, sendOn));
  } finally {
    senders.close();
  }
  const findings = [
    ...tally.findings,
    ...memory.findings(),
    ...sumFindings(tally, before, await eventsInLog(exchange)),
    ...(await tracesOf([...numbers, ...secrets], exchange)).map((where) => `a canary is in ${where}`),
  ];
  return { tally, memory, findings };
}

/** The first door and the first look-up, as callers that may do everything: what is refused is refused for itself. */
function targetsOf({ stack }: Exchange): Targets {
  const { intake = '', lookup = '' } = stack.addresses;
  const targetAs = (client: Principal, url: string): Target => ({
    url,
    headers: async () => ({ authorization: `Bearer ${await tokenOf(stack, client)}` }),
    certificate: new Identity(filesOf(stack.tls, client)),
  });
  return { intake: targetAs('national', intake), lookup: targetAs('operator', lookup) };
}

/** Where canaries are, as they are or as hexadecimal. */
async function tracesOf(canaries: readonly string[], exchange: Exchange): Promise<string[]> {
  const forms = canaries.flatMap((canary) => [Buffer.from(canary), Buffer.from(Buffer.from(canary).toString('hex'))]);
  const found = new Set<string>();
  await lookEverywhere(exchange, (bytes, place, where) => {
    if (forms.some((form) => bytes.includes(form))) found.add(`${place}: ${where}`);
  });
  return [...found];
}

interface InLog {
  readonly events: number;
  readonly letters: number;
}

async function eventsInLog({ kafka, log }: Exchange): Promise<InLog> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const count = async (topics: readonly string[]): Promise<number> =>
      (await endsOf(admin, topics)).reduce((sum, { high }) => sum + high, 0);
    return { events: await count(log.topics), letters: await count([DEAD_LETTERS_TOPIC]) };
  } finally {
    await admin.disconnect();
  }
}

function sumFindings({ counts }: Tally, before: InLog, after: InLog): string[] {
  const inLog = after.events - before.events;
  return [
    ...(inLog === counts.accepted ? [] : [`${counts.accepted} events were accepted, and ${inLog} came into the log`]),
    ...(counts.unavailable === 0 ? [] : [`${counts.unavailable} events were not taken, though nothing was broken`]),
    ...(after.letters === before.letters ? [] : [`${after.letters - before.letters} accepted events are dead letters`]),
  ];
}
