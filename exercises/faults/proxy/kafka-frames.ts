/** The frames of the Kafka protocol, as far as a proxy has to know them: where one ends, and what a few of them ask. */
const LENGTH_BYTES = 4;
const PRODUCE = 0;
const INIT_PRODUCER_ID = 22;

/** Cuts a stream of bytes into whole frames, their length included. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** The frames that these bytes complete. */
  read(data: Buffer): Buffer[] {
    this.#pieces.push(data);
    this.#bytes += data.length;
    const frames: Buffer[] = [];
    for (let wanted = this.#frameBytes(); wanted !== null && this.#bytes >= wanted; wanted = this.#frameBytes()) {
      const all = this.#joined();
      frames.push(all.subarray(0, wanted));
      this.#pieces = [all.subarray(wanted)];
      this.#bytes = all.length - wanted;
    }
    return frames;
  }

  #frameBytes(): number | null {
    if (this.#bytes < LENGTH_BYTES) return null;
    const first = this.#pieces[0] as Buffer;
    return LENGTH_BYTES + (first.length >= LENGTH_BYTES ? first : this.#joined()).readInt32BE(0);
  }

  #joined(): Buffer {
    if (this.#pieces.length > 1) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0] as Buffer;
  }
}

export function isProduce(request: Buffer): boolean {
  return request.readInt16BE(LENGTH_BYTES) === PRODUCE;
}

/** Whether it asks for a producer's identity. */
export function asksForIdentity(request: Buffer): boolean {
  return request.readInt16BE(LENGTH_BYTES) === INIT_PRODUCER_ID;
}

/** Of a request or its answer. */
export function correlationOf(frame: Buffer, isRequest: boolean): number {
  return frame.readInt32BE(LENGTH_BYTES + (isRequest ? 4 : 0));
}
