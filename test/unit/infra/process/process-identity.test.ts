/** Whether a process has ended, from what the kernel says of it. */

import { describe, expect, it } from 'vitest';
import { startOf } from '#infra/process/process-identity.ts';

const stat = (state: string, threads: number): string =>
  `4711 (redis (server) 1) ${state} 1 4711 4711 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 ${threads} 0 987654 0 ` +
  '0 18446744073709551615';

describe('a process', () => {
  it('that runs is known by its start, whatever its name', () => {
    expect(startOf(stat('S', 5))).toBe('987654');
  });
  it('that has ended and that nobody has waited for is gone', () => {
    expect(startOf(stat('Z', 1))).toBeNull();
    expect(startOf(stat('X', 0))).toBeNull();
  });
  // Restarted at once, a killed Redis found its own port taken by the thread that was still flushing its file.
  it('that was killed, and of which a thread is not gone yet, is not gone', () => {
    expect(startOf(stat('Z', 2))).toBe('987654');
  });
});
