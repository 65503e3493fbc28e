/**
 * Repeats work at an interval, never twice at once: work that hangs is not piled up. Written by hand: toad-scheduler
 * does this too, with a scheduler and tasks around it that nothing here needs.
 */

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
