/**
 * Sends one batch of lines to an intake until every event has its answer, within a bound. What an intake has not said
 * yes to is never counted as accepted.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenSource } from '#platform/tokens/token-source.ts';

export interface BatchOutcome {
  readonly acceptedIds: readonly string[];
  readonly duplicate: number;
  readonly refusedCodes: readonly string[];
  readonly retried: number;
  /** Lines without an answer: the intake is away and may be. */
  readonly heldBack: number;
}

const TRIES_MAX = 60;
const REQUEST_MS_MAX = 30_000;
const RETRY_MS = 250;

interface Answer {
  readonly results: readonly {
    readonly index: number;
    readonly outcome: string;
    readonly eventId?: string;
    readonly code?: string;
    readonly pointer?: string;
  }[];
}

/**
 * @param mayBeAway whether an intake that doesn't answer is no fault
 * @param sender who sends: its token, and the connection on which that counts
 * @throws Error when it can't be sent
 */
export async function sendBatch(
  url: string,
  lines: readonly string[],
  mayBeAway: () => boolean,
  sender: Pick<TokenSource, 'token' | 'fetch'>,
): Promise<BatchOutcome> {
  const acceptedIds: string[] = [];
  const refusedCodes: string[] = [];
  let duplicate = 0;
  let retried = 0;
  let open = lines;
  for (let tries = 0; open.length > 0; tries += 1) {
    if (tries > 0) {
      if (mayBeAway()) break;
      if (tries > TRIES_MAX) throw new Error(`${open.length} events were not taken by ${url} in ${TRIES_MAX} tries`);
      retried += open.length;
      await sleep(RETRY_MS);
    }
    const answer = await post(url, open, sender);
    if (answer === null) continue;
    const again: string[] = [];
    for (const { index, outcome, eventId, code, pointer } of answer.results) {
      if (outcome === 'accepted') acceptedIds.push(eventId ?? '');
      else if (outcome === 'duplicate') duplicate += 1;
      else if (outcome === 'refused') refusedCodes.push(`${code} at ${pointer}`);
      else again.push(open[index] as string);
    }
    open = again;
  }
  return { acceptedIds, refusedCodes, duplicate, retried, heldBack: open.length };
}

/** Null when the batch has to be sent again. */
async function post(
  url: string,
  lines: readonly string[],
  sender: Pick<TokenSource, 'token' | 'fetch'>,
): Promise<Answer | null> {
  const token = await sender.token();
  try {
    const response = await sender.fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: lines.join('\n'),
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
    if (response.status === 503) {
      await response.body?.cancel();
      await sleep(1_000 * Number(response.headers.get('retry-after') ?? 1));
      return null;
    }
    if (response.ok) return (await response.json()) as Answer;
    throw new UnexpectedAnswer(`${url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  } catch (error) {
    if (error instanceof UnexpectedAnswer) throw error;
    return null; // the connection failed
  }
}

class UnexpectedAnswer extends Error {}
