/**
 * The look-up under load: random people of the crowd, half asked for by document and half by person key. The demo asks
 * from here; make scale gives the same questions to wrk. It must never judge an answer beyond its status.
 */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { keyOfDocument } from '#core/field/person.ts';
import { requestOf } from './gate.ts';
import type { LoadOptions, LoadResult } from './load-worker.ts';
import { type Document, populate } from './people.ts';
import { seededRandom } from './random.ts';

export type { LoadResult } from './load-worker.ts';

const BODIES = 4_000;
const ASKED = [
  { destination: '44', purpose: 'entry' },
  { destination: '31', purpose: 'public_place' },
  { destination: '11', purpose: 'entry' },
  { destination: '43', purpose: 'transport' },
] as const;

export interface Questions {
  readonly people: number;
  readonly seed: number;
  readonly secrets: readonly Buffer[];
}

export interface LoadSettings extends Questions {
  readonly url: string;
  readonly token: string;
  /** File of the authority that has signed its certificate. */
  readonly ca: string;
  readonly connections: number;
  readonly seconds: number;
}

/** The bodies of so many requests as are enough to be asked in turn. */
export function questionsFor({ people, seed, secrets }: Questions): string[] {
  const random = seededRandom(seed + 1);
  const population = populate(people);
  return Array.from({ length: BODIES }, (_, index) => {
    const person = population.documentOf(random.below(people));
    const request = requestOf({ ...(ASKED[index % ASKED.length] as (typeof ASKED)[number]), person });
    return JSON.stringify(
      index % 2 === 0 ? request : { ...request, person: undefined, personKey: keyOf(person, secrets) },
    );
  });
}

export async function loadLookup({
  url,
  token,
  ca,
  connections,
  seconds,
  ...questions
}: LoadSettings): Promise<LoadResult> {
  const worker = new Worker(new URL('./load-worker.ts', import.meta.url), {
    workerData: {
      url,
      token,
      ca: readFileSync(ca, 'utf8'),
      bodies: questionsFor(questions),
      connections,
      seconds,
    } satisfies LoadOptions,
  });
  const [result] = (await once(worker, 'message', { signal: AbortSignal.timeout((seconds + 30) * 1_000) })) as [
    LoadResult,
  ];
  return result;
}

function keyOf(document: Document, secrets: readonly Buffer[]): string {
  const found = keyOfDocument(document, secrets, Date.now());
  if (!found.ok) throw new RangeError(`a simulated document is not well formed: ${found.fault.detail}`);
  return found.key.toString('hex');
}
