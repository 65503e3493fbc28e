/**
 * One sender's connection: frames in, an acknowledgement for each, one after the other. It ends where nothing more can
 * come of it: no frame within a bound, a frame that doesn't end, bytes outside of frames. It must never answer a frame
 * that has no end with anything but AR.
 */

import type { Duplex } from 'node:stream';
import { acknowledgement, type Verdict } from './acknowledgement.ts';
import { type Framed, Framer, framed } from './framing.ts';
import { headerOf } from './header.ts';
import { notNow } from './take-message.ts';

/** A socket, as far as it is needed here. */
export type Line = Duplex & { setTimeout(ms: number, onIdle: () => void): unknown };

export interface ConnectionLimits {
  readonly frameBytesMax: number;
  /** Of one frame, from its first byte to its last. */
  readonly frameMs: number;
  /** Without a byte in either direction. */
  readonly idleMs: number;
}

export interface ConnectionOptions {
  readonly limits: ConnectionLimits;
  readonly take: (message: Buffer) => Promise<Verdict>;
  /** Whether all connections together may hold so many bytes more; false: this one gives way. */
  readonly hold: (bytes: number) => boolean;
  readonly now: () => number;
  readonly newControlId: () => string;
  readonly onAnswered: (verdict: Verdict) => void;
  /** A frame that will not end, or bytes that are in none. */
  readonly onNoFrame: () => void;
}

export class Connection {
  readonly #socket: Line;
  readonly #options: ConnectionOptions;
  readonly #framer: Framer;
  #held = 0;
  #frameTimer: NodeJS.Timeout | null = null;
  /** An answer is awaited: that nothing comes then is no idleness. */
  #isWaiting = false;
  #isAnswering = false;
  #isEnding = false;

  constructor(socket: Line, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#framer = new Framer(options.limits.frameBytesMax);
    socket.setTimeout(options.limits.idleMs, () => (this.#isWaiting ? undefined : socket.destroy()));
  }

  /** Resolves when the connection is gone; never rejects. */
  async run(): Promise<void> {
    try {
      // Reads no further while it answers, so a sender that doesn't wait fills nothing but its own buffers.
      for await (const chunk of this.#socket.iterator({ destroyOnReturn: false })) {
        for (const one of this.#framer.push(chunk as Buffer)) if (!(await this.#answer(one))) return;
        if (!this.#watchFrame()) return await this.#reply(Buffer.alloc(0), notNow('Too much is under way here'));
        if (this.#isEnding) return;
      }
    } catch {
      // The connection broke: whoever sent without an answer sends again.
    } finally {
      if (this.#framer.isWithinFrame) this.#options.onNoFrame();
      this.#release();
      this.#letGo();
    }
  }

  /** Ends it once what it answers now is answered. */
  end(): void {
    this.#isEnding = true;
    if (!this.#isAnswering) this.#socket.destroy();
  }

  /** @returns whether another frame may follow */
  async #answer(one: Framed): Promise<boolean> {
    this.#isAnswering = true;
    this.#clearTimer();
    try {
      if (one.kind === 'frame') {
        await this.#reply(one.bytes, await this.#taken(one.bytes));
        return !this.#isEnding;
      }
      this.#options.onNoFrame();
      await this.#reply(one.start, { code: 'AR', troubles: [{ ...NO_FRAME, text: WHY[one.kind] }] });
      return one.kind === 'cut';
    } finally {
      this.#isAnswering = false;
    }
  }

  async #taken(message: Buffer): Promise<Verdict> {
    this.#isWaiting = true;
    try {
      return await this.#options.take(message);
    } finally {
      this.#isWaiting = false;
    }
  }

  async #reply(message: Buffer, verdict: Verdict): Promise<void> {
    const { now, newControlId, onAnswered } = this.#options;
    const stamp = { nowMs: now(), controlId: newControlId() };
    const bytes = framed(acknowledgement(headerOf(message), verdict, stamp));
    // Until it has left: a sender that reads nothing gets no second one, and is idle then.
    await new Promise<void>((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    onAnswered(verdict);
  }

  /** @returns false where this connection must give way */
  #watchFrame(): boolean {
    const { limits, hold } = this.#options;
    const { heldBytes, isWithinFrame } = this.#framer;
    const more = heldBytes - this.#held;
    if (more > 0 && !hold(more)) return false;
    if (more < 0) hold(more);
    this.#held = heldBytes;
    if (!isWithinFrame) this.#clearTimer();
    else this.#frameTimer ??= setTimeout(() => this.#socket.destroy(), limits.frameMs);
    return true;
  }

  /** What still comes is thrown away for a moment: to close on unread bytes would take the last answer back. */
  #letGo(): void {
    this.#socket.on('error', () => undefined).resume();
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
  }

  #release(): void {
    this.#clearTimer();
    if (this.#held > 0) this.#options.hold(-this.#held);
    this.#held = 0;
  }

  #clearTimer(): void {
    if (this.#frameTimer !== null) clearTimeout(this.#frameTimer);
    this.#frameTimer = null;
  }
}

const LINGER_MS = 1_000;
const NO_FRAME = { place: null, code: 207, problem: '' } as const;
const WHY: Readonly<Record<Exclude<Framed['kind'], 'frame'>, string>> = {
  outside: 'Bytes came outside of an MLLP frame. To mend: send VT, the message, FS, CR, and nothing between frames',
  'too-long': 'The message is longer than is taken. To mend: send it without attached documents, or as a file',
  cut: 'Another frame began before this one ended: it was cut. To mend: send it again, whole',
};
