/** What a service of a stack shows of itself, read as the operator. It must never be asked by a service. */

import { operatorIdentity } from '#exchange/identity/operator.ts';
import { fetchAs } from '#platform/fetch-as.ts';
import type { Stack } from './stack.ts';

/** In Prometheus' text form. Rejects as `fetch` does, and with the status where it isn't shown. */
export async function metricsOf({ tls }: Pick<Stack, 'tls'>, url: string): Promise<string> {
  const answer = await fetchAs(operatorIdentity(tls))(`${url}/metrics`);
  if (!answer.ok) throw new Error(`${url}/metrics answered ${answer.status}: ${await answer.text()}`);
  return answer.text();
}
