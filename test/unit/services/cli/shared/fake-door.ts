/** A small HTTP server that answers as a test says, by the door's contract, and a folder of files to send. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';

type Handler = (lines: readonly string[], response: ServerResponse, request: number) => void;

export const accept: Handler = (lines, response) =>
  answer(
    response,
    lines.map((_, index) => ({ index, outcome: 'accepted', eventId: 'e' })),
  );

export function answer(response: ServerResponse, results: readonly object[]): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ results }));
}

class FakeDoor {
  url = '';
  folder = '';
  bodies: (readonly string[])[] = [];
  paths: (string | undefined)[] = [];
  handler: Handler = accept;
  #server: Server | null = null;

  async open(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'hutong-import-'));
    this.bodies = [];
    this.paths = [];
    this.handler = accept;
    const server = createServer((request, response) => void this.#take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events`;
    this.#server = server;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
    await rm(this.folder, { recursive: true });
  }

  /** A file in its folder. */
  async file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const lines = (await text(request)).split('\n').filter(Boolean);
    this.bodies.push(lines);
    this.paths.push(request.url);
    this.handler(lines, response, this.bodies.length);
  }
}

/** For each test of the file another one. */
export function doorForEachTest(): FakeDoor {
  const door = new FakeDoor();
  beforeEach(() => door.open());
  afterEach(() => door.close());
  return door;
}
