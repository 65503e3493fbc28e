/** Counts what the doors answer, and finds what they must never answer. It judges one answer at a time. */

import type { FuzzRequest } from './requests.ts';
import type { Reply } from './send.ts';

/** So many of each are kept; the first tells most. */
const KEPT_MAX = 20;

export interface DoorReply {
  readonly accepted: number;
  readonly refused: number;
  readonly duplicate: number;
  readonly unavailable: number;
  readonly results: readonly unknown[];
}

interface ChecksReply {
  readonly acceptable: number;
  readonly refused: number;
  readonly results: readonly unknown[];
}

export class Tally {
  requests = 0;
  wellFormed = 0;
  events = 0;
  readonly byStatus = new Map<number, number>();
  readonly counts = { accepted: 0, refused: 0, duplicate: 0, unavailable: 0 };
  readonly findings: string[] = [];
  readonly #canaries: readonly string[];

  /** @param canaries what no answer may hold */
  constructor(canaries: readonly string[]) {
    this.#canaries = canaries;
  }

  add(request: FuzzRequest, reply: Reply): void {
    this.requests += 1;
    if (request.how === 'meaning') this.wellFormed += 1;
    this.byStatus.set(reply.status, (this.byStatus.get(reply.status) ?? 0) + 1);
    if (reply.status >= 500) this.#find(request, `is answered ${reply.status}: ${reply.text.slice(0, 300)}`);
    const all = `${JSON.stringify(reply.headers)}${reply.text}`;
    if (this.#canaries.some((canary) => all.includes(canary)))
      this.#find(request, `is answered with a canary, status ${reply.status}`);
    if (reply.status >= 400 && request.method !== 'HEAD' && !isProblem(reply))
      this.#find(request, `is answered ${reply.status} without a problem document`);
    if (request.door !== 'intake' || reply.status !== 200) return;
    if (request.path === '/v1/events') this.#count(request, reply);
    if (request.path === '/v1/events/check') this.#lookAtChecks(request, reply);
  }

  /** @param why the connection broke, or no answer came */
  addUnanswered(request: FuzzRequest, why: string): void {
    this.requests += 1;
    this.#find(request, `has no answer: ${why}`);
  }

  #count(request: FuzzRequest, { text }: Reply): void {
    if (request.method !== 'POST') return;
    const { accepted, refused, duplicate, unavailable, results } = JSON.parse(text) as DoorReply;
    const sum = accepted + refused + duplicate + unavailable;
    this.events += sum;
    this.counts.accepted += accepted;
    this.counts.refused += refused;
    this.counts.duplicate += duplicate;
    this.counts.unavailable += unavailable;
    if (sum !== results.length || (request.events !== null && sum !== request.events))
      this.#find(request, `held ${request.events} events; the answer adds up to ${sum} in ${results.length} results`);
  }

  /** Nothing of them is in the log, so they aren't among the events that add up to its ends. */
  #lookAtChecks(request: FuzzRequest, { text }: Reply): void {
    if (request.method !== 'POST') return;
    const { acceptable, refused, results } = JSON.parse(text) as ChecksReply;
    const sum = acceptable + refused;
    if (sum !== results.length || (request.events !== null && sum !== request.events))
      this.#find(request, `held ${request.events} events; the checks add up to ${sum} in ${results.length} results`);
  }

  #find({ door, method, path, how, headers, bytes }: FuzzRequest, what: string): void {
    if (this.findings.length >= KEPT_MAX) return;
    const body = bytes.subarray(0, 400).toString('latin1');
    const sent = `${how}, ${JSON.stringify(headers)}, ${bytes.length} bytes`;
    this.findings.push(`${method} ${path.slice(0, 80)} at the ${door} (${sent}) ${what}\n    ${body}`);
  }
}

function isProblem({ headers, text }: Reply): boolean {
  return String(headers['content-type']).startsWith('application/problem+json') && text.includes('"type"');
}
