// A client for the W3C WebDriver protocol, as small as these tests need: one driver program, one session at a time.
// It knows nothing of the app.
import { type ChildProcess, spawn } from 'node:child_process';
import { freePort } from '../support/ports.ts';

const STARTS_WITHIN_MS = 20_000;
/** Every element's id comes under this name, in every driver. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

export type Capabilities = Record<string, unknown>;

/** A program that speaks WebDriver: geckodriver, WebKitWebDriver. It ends with `stop`, its browsers with it. */
export class Driver {
  #log = '';

  private constructor(readonly url: string, private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', chunk => {
        this.#log = (this.#log + chunk).slice(-20_000);
      });
    }
  }

  static async start(program: string, env: NodeJS.ProcessEnv): Promise<Driver> {
    const port = await freePort();
    // A group of its own, so that whatever it has started can be ended with it.
    const child = spawn(program, [`--port=${port}`], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const driver = new Driver(`http://127.0.0.1:${port}`, child);
    const failed = new Promise<never>((_, no) => child.once('error', no));
    const until = Date.now() + STARTS_WITHIN_MS;
    while (!(await Promise.race([driver.#isReady(), failed]))) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`${program} does not start:\n${driver.log}`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    return driver;
  }

  get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async session(alwaysMatch: Capabilities): Promise<Session> {
    const { sessionId } = await call<{ sessionId: string }>('POST', `${this.url}/session`, { capabilities: { alwaysMatch } });
    return new Session(`${this.url}/session/${sessionId}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise(resolve => this.child.once('exit', resolve));
    process.kill(-this.pid, 'SIGKILL');
    await exited;
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await call<{ ready: boolean }>('GET', `${this.url}/status`)).ready;
    } catch {
      return false;
    }
  }
}

/** One browser under a driver. */
export class Session {
  constructor(private readonly url: string) {}

  async goto(address: string): Promise<void> {
    await call('POST', `${this.url}/url`, { url: address });
  }

  /** The result of a function's body in the page. */
  async run<T>(body: string, ...args: unknown[]): Promise<T> {
    return call<T>('POST', `${this.url}/execute/sync`, { script: body, args });
  }

  /** What a function's body hands to the callback that is its last argument. */
  async wait<T>(body: string, ...args: unknown[]): Promise<T> {
    return call<T>('POST', `${this.url}/execute/async`, { script: body, args });
  }

  /** Taps what the selector finds first, as a finger does: it must be in the way of nothing. */
  async tap(selector: string): Promise<void> {
    await call('POST', `${this.url}/element/${await this.#find(selector)}/click`, {});
  }

  async type(selector: string, text: string): Promise<void> {
    await call('POST', `${this.url}/element/${await this.#find(selector)}/value`, { text });
  }

  /** Closes the browser as a person does. */
  async close(): Promise<void> {
    await call('DELETE', this.url);
  }

  async #find(selector: string): Promise<string> {
    const using = selector.startsWith('/') ? 'xpath' : 'css selector';
    const found = await call<Record<string, string>>('POST', `${this.url}/element`, { using, value: selector });
    return found[ELEMENT] ?? '';
  }
}

async function call<T>(method: string, url: string, body?: unknown): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  return value;
}
