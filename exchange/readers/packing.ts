/** How a file is packed, told by its first bytes. It must never unpack: whoever reads a file has its own bound. */

export type Packing = 'gzip' | 'zstd';

/** So many bytes are enough to tell. */
export const PACKING_MARK_BYTES = 4;

/** Null: it isn't packed. */
export function packingOf([first, second, third, fourth]: Uint8Array): Packing | null {
  if (first === 0x1f && second === 0x8b) return 'gzip';
  return first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd ? 'zstd' : null;
}
