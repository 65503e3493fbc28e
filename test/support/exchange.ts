/**
 * Starts an exchange for a test: services on real parts, of which Kafka and the registry are shared where they can be.
 */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { Exchange } from '#exercises/oracle/exchange.ts';
import { startStack, type StackOptions } from '#infra/stack/stack.ts';

export interface ExchangeOptions extends Partial<StackOptions> {
  /**
   * A Kafka and registry of its own: for a test that breaks or poisons them, or that registers what others take to be
   * unknown.
   */
  readonly ownLog?: boolean;
  /**
   * A Kafka of its own beside the shared registry: for a test that asks whether provinces are up to date. The shared
   * log keeps every instance that an earlier file registered, and one that has gone is behind for ever.
   */
  readonly ownKafka?: boolean;
}

export async function startExchange({
  ownLog = false,
  ownKafka = false,
  ...options
}: ExchangeOptions = {}): Promise<Exchange> {
  const runDir = mkdtempSync(join(tmpdir(), 'hutong-test-'));
  const { kafka, registry } = inject('parts');
  const log =
    ownLog || options.topology === 'cluster'
      ? { parts: ['kafka', 'registry', 'redis'] as const }
      : ownKafka
        ? { parts: ['kafka', 'redis'] as const, servers: { registry }, topics: true }
        : { parts: ['redis'] as const, servers: { kafka, registry } };
  return new Exchange(await startStack({ ...log, runDir, ...options }));
}
