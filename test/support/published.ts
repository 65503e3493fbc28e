/** Puts the rules of a day of 2022 in force in a running exchange, for today nothing is asked. */

import { until, type Exchange } from '#exercises/oracle/exchange.ts';
import { RULES_AS_OF } from '#exercises/town/rules.ts';
import { publishPolicies } from '#services/cli/policy/publish.ts';

/** @param isTaken whether the look-ups judge by a publication already */
export async function publishRulesAsOf(
  exchange: Exchange,
  folder: string,
  isTaken: () => Promise<boolean>,
): Promise<void> {
  const { addresses, tls } = exchange.stack;
  const kafka = addresses.kafka ?? '';
  const given = { folder, kafka, tls, publishedBy: 'test', asOf: RULES_AS_OF, nowMs: Date.now() };
  await publishPolicies(given, () => undefined);
  await until('the rules are taken', isTaken);
}
