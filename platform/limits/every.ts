/** Repeats work at an interval, never twice at once: work that hangs is not piled up. */

/** @param work never rejects. @returns stops it */
export function every(intervalMs: number, work: () => Promise<unknown>): () => void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void work().finally(() => {
      busy = false;
    });
  }, intervalMs);
  return () => clearInterval(timer);
}
