/**
 * Asks the look-up the story's questions over HTTP, as a gate would.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer as CoreAnswer } from '#core/answer/recognise.ts';
import type { Question } from './story.ts';

export interface Answer {
  readonly outcome: string;
  readonly mayGoIn: boolean | null;
  readonly reason: string;
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly evidence: CoreAnswer['evidence'];
  readonly standing: CoreAnswer['standing'];
  readonly validUntil: string | null;
  readonly rule: { readonly id: string };
  readonly equalEffect: { readonly zh: string; readonly en: string } | null;
  readonly provincesBehind: readonly { readonly province: string; readonly behindBySeconds: number | null }[];
}

export interface Asked {
  readonly question: Question;
  readonly answer: Answer;
  readonly asExpected: boolean;
}

const POLL_MS = 250;

/** Asks again until the answer is the expected one or the bound is over: what was just sent may not be visible yet. */
export async function askUntilExpected(
  lookupUrl: string,
  question: Question,
  withinMs: number,
  token: () => Promise<string>,
): Promise<Asked> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask(lookupUrl, question, await token());
    const asExpected = answer.outcome === question.expected && showsAll(question, answer);
    if (asExpected || performance.now() > deadline) return { question, answer, asExpected };
    await sleep(POLL_MS);
  }
}

function showsAll({ standing }: Question, { standing: shown }: Answer): boolean {
  return (
    standing === undefined ||
    (shown?.codes.length === standing.codes &&
      shown.exposures.length === standing.exposures &&
      shown.doses.length === standing.doses)
  );
}

export function requestOf({
  destination,
  purpose,
  person,
  presented,
}: Pick<Question, 'destination' | 'purpose' | 'person' | 'presented'>): object {
  return {
    destination,
    purpose,
    person,
    authorisation: { consent: 'the person, by showing the document' },
    ...(presented === undefined ? {} : { presented }),
  };
}

async function ask(lookupUrl: string, question: Question, token: string): Promise<Answer> {
  const response = await fetch(`${lookupUrl}/v1/recognitions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(requestOf(question)),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok)
    throw new Error(
      `the look-up answered ${response.status} to “${question.title}”: ${(await response.text()).slice(0, 500)}`,
    );
  return (await response.json()) as Answer;
}
