/**
 * One request to the producer's door, to report events or to have them checked, and what its answer means. Never takes
 * an event for accepted that the door has not said so of; never throws.
 */

import { describeError, HutongError } from '#platform/errors.ts';
import { type Fetch, fetchAsNobody } from '#platform/fetch-as.ts';

export type EventResult =
  | { readonly kind: 'accepted' | 'duplicate' }
  /** Of events that are only checked. */
  | { readonly kind: 'acceptable' }
  | {
      readonly kind: 'refused';
      readonly pointer: string;
      readonly code: string;
      readonly detail: string;
      readonly hint: string;
    }
  | { readonly kind: 'unavailable'; readonly detail: string };

export type DoorReply =
  /** By the event's index in the request; an event that the answer leaves out has no result. */
  | { readonly kind: 'answered'; readonly results: ReadonlyMap<number, EventResult>; readonly afterMs: number | null }
  /** Nothing is known of any event: ask again. */
  | { readonly kind: 'again'; readonly afterMs: number | null; readonly why: string }
  /** The door can't read this body, or it's too large: smaller ones may pass. */
  | { readonly kind: 'split'; readonly why: string }
  /** No door of this kind: asking again is of no use. */
  | { readonly kind: 'no_door'; readonly why: string };

export interface Sends {
  /** Of who sends. */
  readonly token: () => Promise<string>;
  /** With the certificate to which the token is bound; by default without one. */
  readonly fetch?: Fetch;
  readonly timeoutMs: number;
}

export async function postEvents(
  url: string,
  events: readonly { readonly json: string }[],
  { token, fetch: ask = fetchAsNobody, timeoutMs }: Sends,
): Promise<DoorReply> {
  let bearer: string;
  try {
    bearer = await token();
  } catch (error) {
    const why = describeError(error);
    return error instanceof HutongError && error.retriable
      ? { kind: 'again', afterMs: null, why }
      : { kind: 'no_door', why };
  }
  try {
    const response = await ask(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/x-ndjson',
        accept: 'application/json, application/problem+json',
      },
      body: `${events.map(({ json }) => json).join('\n')}\n`,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return replyOf(response.status, retryAfterMs(response.headers.get('retry-after')), await response.text());
  } catch (error) {
    return { kind: 'again', afterMs: null, why: networkReason(error) };
  }
}

function replyOf(status: number, afterMs: number | null, body: string): DoorReply {
  const parsed = parseObject(body);
  if (status === 200) {
    const results = resultsOf(parsed);
    return results === null
      ? { kind: 'again', afterMs, why: 'its answer could not be read' }
      : { kind: 'answered', results, afterMs };
  }
  const why = `it answered ${status}${detailOf(parsed)}`;
  if (status === 400 || status === 413 || status === 422) return { kind: 'split', why };
  // 429 and all of 5xx pass; the rest (404, 415, a redirect …) is a wrong address or a door of another version.
  return status === 408 || status === 429 || status >= 500 ? { kind: 'again', afterMs, why } : { kind: 'no_door', why };
}

function resultsOf(body: Readonly<Record<string, unknown>>): ReadonlyMap<number, EventResult> | null {
  if (!Array.isArray(body['results'])) return null;
  const results = new Map<number, EventResult>();
  for (const entry of body['results'] as readonly unknown[]) {
    const { index, outcome, ...rest } = (typeof entry === 'object' && entry !== null ? entry : {}) as Readonly<
      Record<string, unknown>
    >;
    const meant = resultOf(outcome, rest);
    if (typeof index === 'number' && meant !== null) results.set(index, meant);
  }
  return results;
}

function resultOf(outcome: unknown, rest: Readonly<Record<string, unknown>>): EventResult | null {
  switch (outcome) {
    case 'accepted':
    case 'duplicate':
    case 'acceptable':
      return { kind: outcome };
    case 'refused':
      return {
        kind: outcome,
        pointer: printable(rest['pointer']),
        code: printable(rest['code']),
        detail: printable(rest['detail']),
        hint: printable(rest['hint']),
      };
    case 'unavailable':
      return { kind: outcome, detail: printable(rest['detail']) };
    default:
      return null;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function detailOf(problem: Readonly<Record<string, unknown>>): string {
  const detail = printable(problem['detail']) || printable(problem['title']);
  return detail === '' ? '' : ` (${detail})`;
}

/** Text of another program, made safe for a terminal. */
function printable(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\p{Cc}+/gu, ' ').slice(0, 500) : '';
}

/** Retry-After as seconds or as a date (RFC 9110, 10.2.3). */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}

function networkReason(error: unknown): string {
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: string } };
  if (name === 'TimeoutError') return 'it did not answer in time';
  return `the connection failed${cause?.code === undefined ? '' : ` (${cause.code})`}`;
}
