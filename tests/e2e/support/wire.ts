// The wire between a phone and the server, where everything that a hall's network does can be done on purpose. It is an
// address of its own: a phone that enrolled through it knows no other. The server behind it is always the real one.
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestServer } from './server.ts';

/** What is done to one request. */
export type Fault =
  /** The connection breaks before the request has reached the server. */
  | 'request lost'
  /** The server has done its work, and nobody hears of it. */
  | 'answer lost'
  /** Accepted, and never answered. */
  | 'black hole'
  /** Half of the body, then the connection breaks. */
  | 'broken off'
  /** Half of the body, as if it were the whole: a proxy that gave up and said nothing. */
  | 'cut short'
  /** The page of a wifi that asks for a password first, as an answer to everything. */
  | 'captive portal'
  /** The same, by sending the browser to its own address. */
  | 'captive portal, by redirection'
  /** A proxy whose server does not answer it. */
  | 'bad gateway';

export const FAULTS: readonly Fault[] = [
  'request lost', 'answer lost', 'black hole', 'broken off', 'cut short', 'captive portal', 'captive portal, by redirection',
  'bad gateway',
];

export interface Weather {
  /** Before each answer begins. */
  latency_ms?: number;
  /** Of each answer's body. */
  bytes_per_second?: number;
  /** Decides for each request; none unless it says so. */
  fault?: (request: http.IncomingMessage) => Fault | null;
}

const CHUNKS_PER_SECOND = 20;
const PORTAL = '<!DOCTYPE html><title>Wifi</title><h1>Đăng nhập wifi</h1>';

export class Wire {
  /** Whatever it is now, it counts for the requests that begin now. */
  weather: Weather = {};
  /** How often each fault has struck: a test that never met its fault shows nothing. */
  readonly struck = new Map<Fault, number>();
  readonly #sockets = new Set<Socket>();
  readonly #answering = new Set<http.IncomingMessage>();
  readonly #proxy = http.createServer((request, answer) => void this.#pass(request, answer));

  private constructor(private readonly server: TestServer) {
    this.#proxy.on('connection', socket => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async to(server: TestServer): Promise<Wire> {
    const wire = new Wire(server);
    await new Promise<void>(resolve => wire.#proxy.listen(0, 'localhost', resolve));
    return wire;
  }

  get url(): string {
    return `http://localhost:${(this.#proxy.address() as AddressInfo).port}`;
  }

  enrol(person: string): Promise<string> {
    return this.server.enrol(person);
  }

  /** Cuts every connection that is open: streams, downloads, all of them. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Everything that is being answered goes silent, and nobody is told: the connections stay open. */
  silence(): void {
    for (const got of this.#answering) got.unpipe().pause();
  }

  async dispose(): Promise<void> {
    this.cut();
    await new Promise(resolve => this.#proxy.close(resolve));
  }

  async #pass(request: http.IncomingMessage, answer: http.ServerResponse): Promise<void> {
    const { latency_ms = 0, bytes_per_second = Infinity, fault: decide } = this.weather;
    const fault = decide?.(request) ?? null;
    if (fault) this.struck.set(fault, (this.struck.get(fault) ?? 0) + 1);
    if (latency_ms) await passed(latency_ms);
    switch (fault) {
      case 'request lost':
        return void request.socket.resetAndDestroy();
      case 'black hole':
        return;
      case 'captive portal':
        return void answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PORTAL);
      case 'captive portal, by redirection':
        return void answer.writeHead(302, { location: 'http://127.0.0.1:9/dang-nhap' }).end();
      case 'bad gateway':
        return void answer.writeHead(502, { 'content-type': 'text/html; charset=utf-8' }).end('<h1>502 Bad Gateway</h1>');
      default:
        return this.#forward(request, answer, fault, bytes_per_second);
    }
  }

  #forward(
    request: http.IncomingMessage, answer: http.ServerResponse, fault: 'answer lost' | 'broken off' | 'cut short' | null, bytes_per_second: number,
  ): void {
    const { method, url: path, headers } = request;
    const onward = http.request({ host: '127.0.0.1', port: this.server.port, method, path, headers, agent: false }, got => {
      const status = got.statusCode ?? 502;
      if (fault) return void spoil(got, answer, fault, status);
      this.#answering.add(got);
      got.on('close', () => this.#answering.delete(got));
      answer.writeHead(status, got.headers);
      void pour(got, answer, bytes_per_second);
    });
    onward.on('error', () => request.socket.resetAndDestroy());
    answer.on('close', () => onward.destroy());
    request.pipe(onward);
  }
}

/** Takes the server's whole answer, and passes on what the fault leaves of it. */
async function spoil(
  got: http.IncomingMessage, answer: http.ServerResponse, fault: 'answer lost' | 'broken off' | 'cut short', status: number,
): Promise<void> {
  // A stream has no end to wait for.
  const isStream = got.headers['content-type']?.startsWith('text/event-stream');
  const body = isStream ? Buffer.alloc(0) : await whole(got);
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (fault) {
    case 'answer lost':
      return void answer.socket?.resetAndDestroy();
    case 'broken off':
      answer.writeHead(status, got.headers);
      return void answer.write(half, () => answer.socket?.destroy());
    case 'cut short':
      return void answer.writeHead(status, { ...got.headers, 'content-length': half.length }).end(half);
  }
}

async function whole(stream: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Passes a body on, no faster than the line. */
async function pour(from: http.IncomingMessage, to: http.ServerResponse, bytes_per_second: number): Promise<void> {
  if (bytes_per_second === Infinity) return void from.pipe(to);
  const step = Math.max(1, Math.floor(bytes_per_second / CHUNKS_PER_SECOND));
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += step) {
        if (to.destroyed) return;
        to.write(chunk.subarray(at, at + step));
        await passed(1_000 / CHUNKS_PER_SECOND);
      }
    }
    to.end();
  } catch {
    to.destroy();
  }
}

const passed = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
