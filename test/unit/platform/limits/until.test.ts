/** A wait for something to hold: it ends at once when it does, and at its bound when it doesn't. */

import { describe, expect, it } from 'vitest';
import { until, untilDone } from '#platform/limits/until.ts';

/** Waits that take no time, and are told. */
function waits(): { readonly told: number[]; readonly sleep: (ms: number) => Promise<void> } {
  const told: number[] = [];
  return { told, sleep: async (ms) => void told.push(ms) };
}

describe('waiting until something holds', () => {
  it('takes no time when it holds already', async () => {
    const { told, sleep } = waits();
    expect(await until(() => true, { waitMsMax: 0, sleep })).toBe(true);
    expect(told).toEqual([]);
  });
  it('looks again after each wait, one look after the other', async () => {
    const { told, sleep } = waits();
    let looks = 0;
    let atOnce = 0;
    const holds = async (): Promise<boolean> => {
      atOnce += 1;
      expect(atOnce).toBe(1);
      await Promise.resolve();
      atOnce -= 1;
      looks += 1;
      return looks === 4;
    };
    expect(await until(holds, { everyMs: 20, waitMsMax: 1_000, sleep })).toBe(true);
    expect(told).toEqual([20, 20, 20]);
  });
  it('gives up once it has waited as long as it may, after a last look', async () => {
    const { told, sleep } = waits();
    let looks = 0;
    const never = (): boolean => {
      looks += 1;
      return false;
    };
    expect(await until(never, { everyMs: 50, waitMsMax: 120, sleep })).toBe(false);
    expect([told, looks]).toEqual([[50, 50, 50], 4]);
  });
  it('fails as the look fails', async () => {
    await expect(until(() => Promise.reject(new Error('kafka is away')))).rejects.toThrow('kafka is away');
  });
});

describe('doing something until it succeeds', () => {
  /** Fails so often, and then says how often it was asked. */
  const failing = (times: number) => {
    let asked = 0;
    return async (): Promise<number> => {
      asked += 1;
      if (asked <= times) throw new Error(`failure ${asked}`);
      return asked;
    };
  };
  it('tells what it comes to, after a wait for each failure', async () => {
    const { told, sleep } = waits();
    expect(await untilDone(failing(2), { everyMs: 20, waitMsMax: 1_000, sleep })).toBe(3);
    expect(told).toEqual([20, 20]);
  });
  it('throws the last failure once it has waited as long as it may', async () => {
    const { told, sleep } = waits();
    await expect(untilDone(failing(9), { everyMs: 50, waitMsMax: 100, sleep })).rejects.toThrow('failure 3');
    expect(told).toEqual([50, 50]);
  });
  it('throws at once what is final', async () => {
    const { told, sleep } = waits();
    await expect(untilDone(failing(9), { sleep, isFinal: () => true })).rejects.toThrow('failure 1');
    expect(told).toEqual([]);
  });
});
