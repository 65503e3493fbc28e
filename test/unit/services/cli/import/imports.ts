/** What the tests of an import's sources share: an import against a door that counts, with a ledger in its folder. */

import { join } from 'node:path';
import { importFiles, type ImportSettings } from '#services/cli/import/import.ts';
import { Ledger } from '#services/cli/import/ledger.ts';
import { SENDER_DEFAULTS } from '#services/cli/shared/sender.ts';
import { AS_PASSPORT } from '#test/unit/exchange/formats/support.ts';
import { doorForEachTest } from '#test/unit/services/cli/shared/fake-door.ts';

export const NOW_MS = Date.parse('2022-07-06T00:00+08:00');

export const lines = (count: number) => Array.from({ length: count }, (_, n) => `{"n":${n},"status":"final"}`);

/** For each test of the file another door, with its own folder. */
export function importsForEachTest() {
  const door = doorForEachTest();
  return {
    door,
    sent: () => door.bodies.flat(),
    ledgerOf: (how: unknown = null) => new Ledger(join(door.folder, 'imports'), how, Date.now()),
    run: async (paths: readonly string[], settings: Partial<ImportSettings> = {}) => {
      const printed: string[] = [];
      const status = await importFiles(
        paths,
        {
          sender: {
            ...SENDER_DEFAULTS,
            url: door.url,
            firstWaitMs: 1,
            retriesMax: 0,
            batchEventsMax: 2,
            requestsMax: 1,
          },
          token: async () => 'token',
          format: null,
          mapping: AS_PASSPORT,
          nowMs: () => NOW_MS,
          ...settings,
        },
        (line) => printed.push(line.replaceAll(door.folder, '')),
      );
      return { status, printed, said: printed.filter((line) => !line.startsWith('┌')) };
    },
  };
}
