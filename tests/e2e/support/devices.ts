// Phones and tablets of people. A device keeps its storage when its browser is closed, killed and opened again.
import fs from 'node:fs';
import path from 'node:path';
import { type BrowserContext, type BrowserContextOptions, type LaunchOptions, type Page, chromium, expect } from '@playwright/test';
import { App } from '../pages/app.ts';
import { Enrolment } from '../pages/enrolment.ts';
import { WORK } from './paths.ts';
import type { TestServer } from './server.ts';

export type Size = 'phone' | 'tablet';

export const SIZES: Record<Size, BrowserContextOptions> = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 1180, height: 820 }, deviceScaleFactor: 2, hasTouch: true, isMobile: false },
};

export interface DeviceOptions {
  size?: Size;
  /** Anything else of the browser: colour scheme, viewport. */
  context?: BrowserContextOptions;
}

export class Device {
  #context!: BrowserContext;
  #page!: Page;
  readonly #profile = fs.mkdtempSync(path.join(WORK, 'profile-'));

  private constructor(
    readonly server: TestServer,
    private readonly launch: LaunchOptions,
    private readonly options: DeviceOptions,
  ) {}

  static async start(server: TestServer, launch: LaunchOptions, options: DeviceOptions): Promise<Device> {
    const device = new Device(server, launch, options);
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
    await enrolment.open(await this.server.enrol(person));
    await enrolment.confirm();
    await enrolment.waitUntilReady();
    await enrolment.start.click();
    await expect(this.app.heading('Chương trình')).toBeVisible();
  }

  async goto(address: string): Promise<void> {
    await this.#page.goto(address);
    await this.app.waitUntilReady();
  }

  /** Closes the browser as a person does, and opens it again at an address of the app. */
  async restart(address = '/'): Promise<void> {
    await this.#context.close();
    await this.#launch();
    await this.goto(address);
  }

  /** The phone's battery is taken out: no page hears of it. */
  async kill(): Promise<void> {
    const closed = this.#context.waitForEvent('close');
    for (const pid of browsersOf(this.#profile)) process.kill(pid, 'SIGKILL');
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
      baseURL: this.server.url,
    });
    this.#page = this.#context.pages()[0] ?? (await this.#context.newPage());
  }
}

/** The browser's own process, found by the folder that only it uses. */
function browsersOf(profile: string): number[] {
  const processes = fs.readdirSync('/proc').filter(name => /^\d+$/.test(name));
  const isBrowser = (pid: string) => {
    try {
      const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return words.includes(`--user-data-dir=${profile}`) && !words.some(word => word.startsWith('--type='));
    } catch {
      return false;
    }
  };
  return processes.filter(isBrowser).map(Number);
}
