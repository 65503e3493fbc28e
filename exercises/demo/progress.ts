/**
 * The progress of the stream: one refreshed line on a terminal, a line every few seconds elsewhere.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { formatTime } from '#core/field/time.ts';
import type { Feed } from '#exercises/town/feed.ts';
import type { ExchangeProbe, ExchangeState } from '#exercises/town/probe.ts';
import { count, say } from './print.ts';

const REFRESH_MS = 500;
const LINE_EVERY_MS = 5_000;
const RATE_OVER_MS = 3_000;

export interface Peaks {
  lagMax: number;
  perSecondMax: number;
}

export class Progress {
  readonly #feed: Feed;
  readonly #probe: ExchangeProbe;
  readonly #provinces: number;
  readonly #isTerminal = process.stdout.isTTY;
  readonly #recent: { atMs: number; sent: number }[] = [];
  readonly peaks: Peaks = { lagMax: 0, perSecondMax: 0 };
  #state: ExchangeState = { visible: 0, lag: 0, behind: [] };

  constructor(feed: Feed, probe: ExchangeProbe, provinces: number) {
    this.#feed = feed;
    this.#probe = probe;
    this.#provinces = provinces;
  }

  /** Shows the progress until `over` says so. */
  async showUntil(over: () => boolean): Promise<void> {
    const bar = this.#isTerminal
      ? new SingleBar({
          format: '   {bar} {line}',
          barsize: 14,
          barCompleteChar: '█',
          barIncompleteChar: '░',
          hideCursor: true,
          clearOnComplete: false,
          fps: 5,
          stopOnComplete: false,
        })
      : null;
    bar?.start(Math.max(1, this.#feed.counts.lines), 0, { line: '' });
    let lastLineMs = performance.now();
    do {
      await sleep(REFRESH_MS);
      await this.#measure();
      bar?.setTotal(Math.max(1, this.#feed.counts.lines));
      bar?.update(this.#done(), { line: this.#line() });
      if (bar === null && performance.now() - lastLineMs >= LINE_EVERY_MS) {
        lastLineMs = performance.now();
        say(`   ${this.#line()}`);
      }
    } while (!over());
    bar?.update(this.#done(), { line: this.#line() });
    bar?.stop();
    if (bar === null) say(`   ${this.#line()}`);
  }

  async #measure(): Promise<void> {
    this.#state = await this.#probe.state();
    const nowMs = performance.now();
    this.#recent.push({ atMs: nowMs, sent: this.#feed.counts.sent });
    while ((this.#recent[0]?.atMs ?? nowMs) < nowMs - RATE_OVER_MS) this.#recent.shift();
    this.peaks.lagMax = Math.max(this.peaks.lagMax, this.#state.lag);
    this.peaks.perSecondMax = Math.max(this.peaks.perSecondMax, this.#perSecond());
  }

  #done(): number {
    return this.#feed.counts.sent + this.#feed.counts.heldBack;
  }

  #perSecond(): number {
    const [first, last] = [this.#recent[0], this.#recent.at(-1)];
    if (first === undefined || last === undefined || last.atMs - first.atMs < REFRESH_MS) return 0;
    return ((last.sent - first.sent) * 1_000) / (last.atMs - first.atMs);
  }

  #line(): string {
    const { counts } = this.#feed;
    const { visible, lag, behind } = this.#state;
    const clock = counts.simulatedMs === 0 ? '--:--' : formatTime(counts.simulatedMs).slice(5, 16).replace('T', ' ');
    const cell = (value: number, width: number) => count(value).padStart(width);
    return (
      `${clock}  sent ${cell(counts.sent, 7)}  ${cell(this.#perSecond(), 6)}/s  ` +
      `visible ${cell(visible, 7)}  lag ${cell(Math.max(0, lag), 6)}  ` +
      `fresh ${this.#provinces - behind.length}/${this.#provinces}`
    );
  }
}
