/**
 * Up to where a stream has come: the last place that has its answer together with all before it. It holds only what is
 * under way.
 */

export interface Ticket {
  readonly at: string;
  state: 'open' | 'answered' | 'unanswered';
}

export class Mark {
  #open: Ticket[] = [];
  #through: string | null = null;
  #isStopped = false;

  /** Null: nothing has its answer yet. */
  get through(): string | null {
    return this.#through;
  }

  /** In the order of the stream. */
  open(at: string): Ticket {
    const ticket: Ticket = { at, state: 'open' };
    if (!this.#isStopped) this.#open.push(ticket);
    return ticket;
  }

  /** @param isAnswered false: nothing is known of it, so that the mark goes no further */
  close(ticket: Ticket, isAnswered: boolean): void {
    ticket.state = isAnswered ? 'answered' : 'unanswered';
    this.#isStopped ||= !isAnswered;
    const next = this.#open.findIndex(({ state }) => state !== 'answered');
    const done = this.#open.splice(0, next === -1 ? this.#open.length : next);
    this.#through = done.at(-1)?.at ?? this.#through;
  }
}
