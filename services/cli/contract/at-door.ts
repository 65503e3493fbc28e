/**
 * A sample at a real door, which is asked to check it and nothing else: first whether it knows the province, then what
 * it says of each event that the sample's own check let through. Nothing of this changes the exchange.
 */

import { describePointer, type Outgoing } from '#exchange/formats/location.ts';
import { describeError } from '#platform/errors.ts';
import type { Fetch } from '#platform/fetch-as.ts';
import { SENDER_DEFAULTS, Sender } from '#services/cli/shared/sender.ts';
import type { Findings, Found } from './findings.ts';
import { stepAtDoor } from './steps.ts';

export interface DoorAsked {
  /** Without a path. */
  readonly url: string;
  readonly token: () => Promise<string>;
  readonly fetch: Fetch;
  readonly findings: Findings;
}

export interface AtDoor {
  readonly acceptable: number;
  readonly refused: number;
  /** Null: the door answered. */
  readonly away: string | null;
}

const KNOWN_MS_MAX = 10_000;

export class SampleAtDoor {
  readonly #asked: DoorAsked;
  readonly #sender: Sender;
  readonly #counts = { acceptable: 0, refused: 0 };

  constructor(asked: DoorAsked) {
    this.#asked = asked;
    const { token, fetch } = asked;
    const settings = { ...SENDER_DEFAULTS, url: checkUrl(asked.url), token, fetch };
    this.#sender = new Sender(settings, (event, result) => {
      if (result.kind === 'acceptable') this.#counts.acceptable += 1;
      if (result.kind !== 'refused') return;
      this.#counts.refused += 1;
      const { code, pointer, detail, hint } = result;
      const field = describePointer(pointer, event.origins);
      asked.findings.add({ step: stepAtDoor(code), code, field, detail, hint }, event.location);
    });
  }

  /** Whether the door lets the province in; what keeps it out is found. */
  async isKnown(): Promise<{ readonly known: boolean; readonly away: string | null }> {
    try {
      const response = await this.#asked.fetch(checkUrl(this.#asked.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${await this.#asked.token()}`, 'content-type': 'application/x-ndjson' },
        body: '\n',
        signal: AbortSignal.timeout(KNOWN_MS_MAX),
      });
      const said = await problemIn(response);
      // It got as far as the batch, which holds nothing.
      if (response.status === 200 || said.type.endsWith(':batch-size')) return { known: true, away: null };
      if (response.status !== 401 && response.status !== 403)
        return { known: false, away: `it answered ${response.status} (${said.title})` };
      this.#asked.findings.add(notLetIn(said));
      return { known: false, away: null };
    } catch (error) {
      return { known: false, away: describeError(error) };
    }
  }

  add(event: Outgoing): Promise<void> {
    return this.#sender.add(event);
  }

  async finish(): Promise<AtDoor> {
    await this.#sender.finish();
    return { ...this.#counts, away: this.#sender.away };
  }
}

/** The same door, whichever of its addresses is given. */
export function checkUrl(door: string): string {
  const base = door.replace(/\/+$/, '').replace(/\/v1\/events(\/check)?$/, '');
  return `${base}/v1/events/check`;
}

interface Said {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly hint: string;
}

async function problemIn(response: Response): Promise<Said> {
  const body = await response.json().then(
    (json) => json as Readonly<Record<string, unknown>>,
    () => ({}) as Readonly<Record<string, unknown>>,
  );
  const text = (name: string): string => {
    const value = body[name];
    return typeof value === 'string' ? value.replace(/\p{Cc}+/gu, ' ').slice(0, 500) : '';
  };
  return { type: text('type'), title: text('title'), detail: text('detail'), hint: text('hint') };
}

function notLetIn({ type, title, detail, hint }: Said): Found {
  const code = type.split(':').at(-1) ?? '';
  return {
    step: 'identity',
    code,
    field: '',
    detail: `the door doesn’t let the province in: ${detail || title}`,
    hint,
  };
}
