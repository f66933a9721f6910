// Phones and tablets of people. A device keeps its storage when its browser is closed, killed and opened again.
import fs from 'node:fs';
import path from 'node:path';
import { type BrowserContext, type BrowserContextOptions, type LaunchOptions, type Page, chromium, expect } from '@playwright/test';
import { App } from '../pages/app.ts';
import { Enrolment } from '../pages/enrolment.ts';
import { WORK } from './paths.ts';
import { killTree, processesWith } from './processes.ts';

export type Size = 'phone' | 'tablet';

export const SIZES: Record<Size, BrowserContextOptions> = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 1180, height: 820 }, deviceScaleFactor: 2, hasTouch: true, isMobile: false },
};

export interface DeviceOptions {
  size?: Size;
  /** Where it finds the app; the test's server unless said otherwise. */
  host?: Host;
  /** Its clock can be put forward: [`passMinutes`]. */
  clock?: boolean;
  /** Anything else of the browser: colour scheme, viewport. */
  context?: BrowserContextOptions;
}

/** Where a device finds the app: the server, or the wire before it. */
export interface Host {
  readonly url: string;
  enrol(person: string): Promise<string>;
}

export class Device {
  #context!: BrowserContext;
  #page!: Page;
  /** Faults of the app's own program that the browser was told of, however the app went on. */
  readonly panics: string[] = [];
  readonly #profile = fs.mkdtempSync(path.join(WORK, 'profile-'));

  private constructor(
    readonly host: Host,
    private readonly launch: LaunchOptions,
    private readonly options: DeviceOptions,
  ) {}

  static async start(host: Host, launch: LaunchOptions, options: DeviceOptions): Promise<Device> {
    const device = new Device(host, launch, options);
    await device.#launch();
    return device;
  }

  get page(): Page {
    return this.#page;
  }

  get context(): BrowserContext {
    return this.#context;
  }

  /** The frame of the app around every screen. */
  get app(): App {
    return new App(this.#page);
  }

  /** Opens the invitation, says "that is me", waits until the device is ready for the hall, and opens the programme. */
  async enrol(person: string): Promise<void> {
    const enrolment = new Enrolment(this.#page);
    await enrolment.open(await this.host.enrol(person));
    await enrolment.confirm();
    await enrolment.waitUntilReady();
    await enrolment.start.click();
    await expect(this.app.heading('Chương trình')).toBeVisible();
  }

  /** Its clock is put forward, and stays so. */
  async passMinutes(minutes: number): Promise<void> {
    await this.#page.evaluate(ms => {
      localStorage.setItem('clock ahead', String(Number(localStorage.getItem('clock ahead') ?? 0) + ms));
    }, minutes * 60_000);
  }

  async goto(address: string): Promise<void> {
    await this.#page.goto(address);
    await this.app.waitUntilReady();
  }

  /**
   * Closes the browser as a person does, and opens it again at an address of the app. `prepare` is for what must be so
   * before the app sees the device.
   */
  async restart(address = '/', prepare = async () => {}): Promise<void> {
    await this.#context.close();
    await this.#launch();
    await prepare();
    await this.goto(address);
  }

  /** The phone's battery is taken out: no page hears of it. */
  async kill(): Promise<void> {
    const closed = this.#context.waitForEvent('close');
    browsersOf(this.#profile).forEach(killTree);
    await closed;
  }

  /** Opens the browser again after [`kill`]. */
  async reopen(address = '/'): Promise<void> {
    await this.#launch();
    await this.goto(address);
  }

  async dispose(): Promise<void> {
    await this.#context.close().catch(() => {});
    fs.rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #launch(): Promise<void> {
    this.#context = await chromium.launchPersistentContext(this.#profile, {
      ...this.launch,
      ...SIZES[this.options.size ?? 'phone'],
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
      permissions: ['clipboard-read', 'clipboard-write'],
      ...this.options.context,
      baseURL: this.host.url,
    });
    if (this.options.clock) await this.#context.addInitScript(movableClock);
    this.#context.on('console', message => {
      if (message.type() === 'error' && message.text().startsWith('panicked')) this.panics.push(message.text());
    });
    this.#page = this.#context.pages()[0] ?? (await this.#context.newPage());
  }
}

/** The browser's own process, found by the folder that only it uses. */
function browsersOf(profile: string): number[] {
  return processesWith(words => words.includes(`--user-data-dir=${profile}`) && !words.some(word => word.startsWith('--type=')));
}

/** Timers stay as they are: only what is asked for the time is told a later one. */
function movableClock(): void {
  const now = Date.now;
  Date.now = () => now() + Number(localStorage.getItem('clock ahead') ?? 0);
}
