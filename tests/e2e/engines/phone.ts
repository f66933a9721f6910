// A phone with the app, in an engine other than Chromium: what a person does with it and what they read on it.
import fs from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import type { Host } from '../support/devices.ts';
import { WORK } from '../support/paths.ts';
import { killBelow } from '../support/processes.ts';
import { ENGINES, type EngineName, type Lack, type Screen, startDriver } from './engines.ts';
import type { Driver, Session } from './webdriver.ts';

const button = (name: string) => `//button[normalize-space()="${name}"]`;
const link = (name: string) => `//a[normalize-space()="${name}"]`;

/** Everything that can be read on the page. */
const WORDS = 'return document.body ? document.body.innerText : ""';

/** The page itself looks out for the words, so that nobody hears of them late. */
const WATCH_FOR_SAVED = `
  const isSaved = () => [...document.querySelectorAll('[role="status"]')].some(one => one.textContent.includes("Đã lưu trên máy"));
  window.saved = new Promise(done => {
    new MutationObserver((_, watch) => {
      if (isSaved()) {
        watch.disconnect();
        done(true);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });`;

export class Phone {
  #driver?: Driver;
  #session!: Session;
  readonly #profile = fs.mkdtempSync(path.join(WORK, 'profile-'));

  private constructor(
    readonly host: Host,
    private readonly engine: EngineName,
    private readonly screen: Screen | null,
    private readonly lacks: readonly Lack[],
  ) {}

  static async start(host: Host, engine: EngineName, screen: Screen | null, lacks: readonly Lack[] = []): Promise<Phone> {
    const phone = new Phone(host, engine, screen, lacks);
    try {
      await phone.#open();
    } catch (error) {
      await phone.dispose();
      throw error;
    }
    return phone;
  }

  get log(): string {
    return this.#driver?.log ?? '';
  }

  /** What a person sees at this moment, for a failing test to show. */
  async page(): Promise<string> {
    const sight = await this.#look<string>(`return location.href + " " + document.documentElement.dataset.app + "\\n" + document.body.innerText`);
    return sight ?? 'no page';
  }

  async goto(address: string): Promise<void> {
    await this.#session.goto(new URL(address, this.host.url).href);
    await this.expectReady();
  }

  async reload(): Promise<void> {
    // By the page itself: WebDriver's own reload goes past the service worker in Firefox.
    await this.run('window.isBefore = true; location.reload()');
    await expect.poll(() => this.#look('return window.isBefore ?? false')).toBe(false);
    await this.expectReady();
  }

  /** The first screen is painted from what the device holds. */
  async expectReady(): Promise<void> {
    await expect.poll(() => this.#look('return document.documentElement.dataset.app')).toBe('ready');
  }

  run<T>(body: string, ...args: unknown[]): Promise<T> {
    return this.#session.run<T>(body, ...args);
  }

  async tap(name: string): Promise<void> {
    await this.#session.tap(`${button(name)} | ${link(name)}`);
  }

  /** Taps the link to an address of the app. */
  async follow(address: string): Promise<void> {
    await expect.poll(() => this.#look(`return !!document.querySelector('a[href="${address}"]')`)).toBe(true);
    await this.#session.tap(`a[href="${address}"]`);
  }

  async write(text: string): Promise<void> {
    await expect.poll(() => this.#look('return !!document.getElementById("comment-text")')).toBe(true);
    await this.#session.type('#comment-text', text);
  }

  async expectWords(...words: (string | RegExp)[]): Promise<void> {
    for (const word of words) {
      const pattern = typeof word === 'string' ? new RegExp(word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : word;
      await expect.poll(() => this.#look<string>(WORDS).then(String), { message: `on the page: ${word}` }).toMatch(pattern);
    }
  }

  /** How often a text stands on the page. */
  async count(words: string): Promise<number> {
    return (await this.run<string>(WORDS)).split(words).length - 1;
  }

  /** From the invitation to the hall. `ready` is what the app may promise here. */
  async enrol(person: string, ready = 'Sẵn sàng dùng ngoại tuyến'): Promise<void> {
    await this.goto(await this.host.enrol(person));
    await this.expectWords('Đúng là tôi');
    await this.tap('Đúng là tôi');
    await this.expectWords(ready);
  }

  /** Writes a comment on the congress and hands it in; returns the moment the device says that it is safe. Goes from
   * screen to screen as a person does: WebKit's storage at times never answers a page loaded right after another. */
  async submit(text: string): Promise<void> {
    await this.follow('/comments');
    await this.follow('/comments/new');
    await this.write(text);
    await this.handIn();
  }

  async handIn(): Promise<void> {
    await this.run(WATCH_FOR_SAVED);
    await this.tap('Gửi');
    await this.#session.wait('window.saved.then(arguments[0])');
  }

  /** Closes the browser as a person does, and opens it again. */
  async restart(address = '/'): Promise<void> {
    await this.#session.close();
    await this.#driver?.stop();
    await this.#open();
    await this.goto(address);
  }

  /** The battery is taken out: every process of the browser ends at once, and no page hears of it. */
  async kill(): Promise<void> {
    if (!this.#driver) return;
    killBelow(this.#driver.pid);
    await this.#driver.stop();
  }

  /** Opens the browser again after [`kill`]. */
  async reopen(address = '/'): Promise<void> {
    await this.#open();
    await this.goto(address);
  }

  async dispose(): Promise<void> {
    await this.kill();
    fs.rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** What is on the page now; nothing while one page gives way to the next. */
  #look<T>(body: string): Promise<T | undefined> {
    return this.run<T>(body).catch(() => undefined);
  }

  async #open(): Promise<void> {
    this.#driver = await startDriver(this.engine, this.screen);
    this.#session = await this.#driver.session(ENGINES[this.engine].capabilities(this.#profile, this.lacks));
  }
}
