/** Sends the fuzzer's requests, many at once, over connections that are kept. What has no answer in time hangs. */

import { Agent, request as httpsRequest } from 'node:https';
import type { Identity } from '#platform/tls.ts';
import type { Door, FuzzRequest } from './requests.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Target {
  readonly url: string;
  /** What a caller that is let in sends with each request, beside what the fuzzer spoils: a token, renewed in time. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** Without it the token counts for nothing. */
  readonly certificate: Identity;
}

export type Targets = Readonly<Record<Door, Target>>;

const ANSWER_MS_MAX = 10_000;

export class Senders {
  readonly #targets: Targets;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(targets: Targets) {
    this.#targets = targets;
  }

  /** @throws Error where the connection breaks or no answer comes in time */
  async send({ door, method, path, headers, bytes }: FuzzRequest): Promise<Reply> {
    const { url, headers: letIn, certificate } = this.#targets[door];
    const always = await letIn();
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(
        {
          ...certificate.options,
          agent: this.#agent,
          hostname,
          port,
          method,
          path,
          headers: { ...always, ...headers, 'content-length': bytes.length },
          timeout: ANSWER_MS_MAX,
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${ANSWER_MS_MAX} ms`)));
      sent.on('error', reject);
      sent.end(bytes);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
