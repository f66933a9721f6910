// The real release server with a data folder of its own, on a port that stays the same when it is stopped and started:
// an installed app must find it again. "No network" in these tests is a server that refuses connections.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { copyPack, type Edits } from './pack.ts';
import { DIST, PACK, SERVER, TEMPLATE, WORK } from './paths.ts';
import { freePort } from './ports.ts';

const READY_WITHIN_MS = 15_000;
const STOP_WITHIN_MS = 10_000;

export interface Enrolment {
  person: string;
  name: string;
  role: string;
  /** Where the app opens it, wherever the app is. */
  link: string;
}

export class TestServer {
  #child: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #log = '';

  private constructor(readonly port: number, readonly dataDir: string, readonly dist: string) {}

  /** A server that runs, with a fresh copy of the demo congress. `dist` is another build of the app. */
  static async launch(dist = DIST): Promise<TestServer> {
    const server = new TestServer(await freePort(), fs.mkdtempSync(path.join(WORK, 'data-')), dist);
    fs.cpSync(TEMPLATE, server.dataDir, { recursive: true });
    await server.start();
    return server;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  /** What the server has written so far, for a failing test to show. */
  get log(): string {
    return this.#log;
  }

  async start(): Promise<void> {
    if (this.#child) return;
    const child = spawn(SERVER, ['serve', '--data', this.dataDir, '--dist', this.dist, '--port', String(this.port)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#exited = new Promise(resolve => {
      child.once('exit', () => {
        if (this.#child === child) this.#child = null;
        resolve();
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', chunk => {
        this.#log += chunk;
      });
    }
    const until = Date.now() + READY_WITHIN_MS;
    while (!(await this.#answersReady())) {
      if (this.#child !== child) throw new Error(`the server ended at once:\n${this.#log}`);
      if (Date.now() > until) throw new Error(`the server is not ready:\n${this.#log}`);
      await new Promise(resolve => setTimeout(resolve, 25));
    }
  }

  /** SIGTERM lets it finish its work; SIGKILL is the power cut. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await this.#exited;
    clearTimeout(late);
  }

  async restart(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.stop(signal);
    await this.start();
  }

  /** Ends the server and removes its data. */
  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    fs.rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** The enrolment link of a person (`p100`, `s01`) or of somebody with a role (`delegate`, `presidium`, …). */
  async enrol(personOrRole: string): Promise<string> {
    return (await this.enrolment(personOrRole)).link;
  }

  enrolment(personOrRole: string, devices?: number): Promise<Enrolment> {
    return invite(this.dataDir, personOrRole, devices);
  }

  /** Imports the congress once more, as the secretariat changed it; a running server follows by itself. */
  async importChanged(edits: Edits): Promise<void> {
    const pack = fs.mkdtempSync(path.join(WORK, 'pack-'));
    copyPack(PACK, pack, edits);
    await this.command('import', pack, '--data', this.dataDir);
    fs.rmSync(pack, { recursive: true, force: true });
  }

  /** Takes the links and devices of a person back. */
  async revoke(person: string): Promise<void> {
    await this.command('revoke', '--person', person, '--data', this.dataDir);
  }

  /** Any other command of the server's program; returns what it printed. */
  command(...words: string[]): Promise<string> {
    return command(...words);
  }

  async #answersReady(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/readyz`)).ok;
    } catch {
      return false;
    }
  }
}

/** An invitation from the server with this data. */
export async function invite(dataDir: string, personOrRole: string, devices = 3): Promise<Enrolment> {
  const who = /^[pdks]\d+$/.test(personOrRole) ? '--person' : '--role';
  const json = await command('enrol', who, personOrRole, '--json', '--devices', String(devices), '--data', dataDir);
  const [found] = JSON.parse(json) as Enrolment[];
  if (!found) throw new Error(`nobody is ${personOrRole}`);
  return { ...found, link: found.link.slice(found.link.indexOf('/e#')) };
}

async function command(...words: string[]): Promise<string> {
  return (await promisify(execFile)(SERVER, words, { maxBuffer: 64 << 20 })).stdout;
}
