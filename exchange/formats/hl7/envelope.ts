/**
 * The batches and files around messages (FHS, BHS, BTS, FTS; HL7 v2.5.1 2.10.3): what is begun must end, and the counts
 * that are stated must be right. It never keeps a message from being read.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { delimitersOf } from './message.ts';

const AGAIN =
  'the file may have been cut or joined: fetch it again and import it once more (what was accepted becomes a ' +
  'duplicate)';

export class Envelope {
  #messagesOfBatch = 0;
  #messages = 0;
  #batches = 0;
  #isFileOpen = false;
  #isBatchOpen = false;

  message(): void {
    this.#messagesOfBatch++;
    this.#messages++;
  }

  /** @param start the segment's first characters */
  segment(id: string, start: string): readonly FormatFault[] {
    const stated = statedCount(start);
    switch (id) {
      case 'FHS': {
        const faults = this.end();
        this.#isFileOpen = true;
        this.#messagesOfBatch = 0;
        this.#messages = 0;
        this.#batches = 0;
        return faults;
      }
      case 'BHS': {
        const faults = this.#endOfBatch();
        this.#isBatchOpen = true;
        this.#batches++;
        this.#messagesOfBatch = 0;
        return faults;
      }
      case 'BTS': {
        const faults = countFaults('BTS-1', stated, this.#messagesOfBatch, 'messages');
        this.#isBatchOpen = false;
        this.#messagesOfBatch = 0;
        return faults;
      }
      default: {
        const faults = [...this.#endOfBatch(), ...this.#fileCount(stated)];
        this.#isFileOpen = false;
        this.#batches = 0;
        this.#messages = 0;
        return faults;
      }
    }
  }

  /** At the end of the input, or where another file begins. */
  end(): readonly FormatFault[] {
    const faults = [...this.#endOfBatch()];
    if (this.#isFileOpen) faults.push(missing('FTS', 'FHS'));
    this.#isFileOpen = false;
    return faults;
  }

  #endOfBatch(): readonly FormatFault[] {
    const faults = this.#isBatchOpen ? [missing('BTS', 'BHS')] : [];
    this.#isBatchOpen = false;
    return faults;
  }

  /** FTS-1 counts batches. Files without batch headers exist; theirs counts one batch, or the messages. */
  #fileCount(stated: string): readonly FormatFault[] {
    if (this.#batches > 0) return countFaults('FTS-1', stated, this.#batches, 'batches');
    return stated === '1' || stated === '0' ? [] : countFaults('FTS-1', stated, this.#messages, 'messages');
  }
}

function missing(trailer: string, header: string): FormatFault {
  return { field: trailer, reason: `is missing: what ${header} began has no end`, hint: AGAIN };
}

function countFaults(field: string, stated: string, found: number, what: string): readonly FormatFault[] {
  if (stated === '' || (/^\d{1,9}$/.test(stated) && Number(stated) === found)) return [];
  const said = /^\d{1,9}$/.test(stated) ? stated : 'no number';
  return [{ field, reason: `says ${said}, but ${found} ${what} came`, hint: AGAIN }];
}

function statedCount(start: string): string {
  const separator = delimitersOf(`MSH${start[3] ?? '|'}^~\\&`)?.field ?? '|';
  return (start.split(separator)[1] ?? '').trim();
}
