// Phones and tablets of people. A device keeps its storage when its browser is closed, killed and opened again.
import fs from 'node:fs';
import path from 'node:path';
import { type APIResponse, type BrowserContext, type BrowserContextOptions, type Cookie, type LaunchOptions, type Page, type Route, chromium, expect } from '@playwright/test';
import { App } from '../pages/app.ts';
import { Enrolment } from '../pages/enrolment.ts';
import { introduce } from './api.ts';
import type { Enrolled } from './enrolled.ts';
import { WORK } from './paths.ts';
import { killTree, processesWith } from './processes.ts';
import type { TestServer } from './server.ts';

export type Size = 'phone' | 'tablet';

export const SIZES: Record<Size, BrowserContextOptions> = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 1180, height: 820 }, deviceScaleFactor: 2, hasTouch: true, isMobile: false },
};

/** The address of the app on every device, wherever its host listens: what a browser keeps belongs to an address. */
export const ADDRESS = 'http://localhost';

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
  /** An invitation's place in the app. */
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

  /** A new device, or a copy of one that is kept. */
  static async start(host: Host, launch: LaunchOptions, options: DeviceOptions, kept?: Enrolled | null): Promise<Device> {
    const device = new Device(host, launch, options);
    if (kept) fs.cpSync(kept.profile, device.#profile, { recursive: true });
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

  /** A copy of a device that is enrolled already: the server hears of it before it is opened at the programme. */
  async comeIn(server: TestServer, { introduction }: Enrolled): Promise<void> {
    const { cookies } = await introduce(server, introduction);
    await this.#context.addCookies(cookies.map(asBrowsersKeepIt));
    await this.goto('/agenda');
    await this.app.expectSynced();
  }

  /** The host's answer to what a test took out of the browser's hands. */
  answerTo(route: Route): Promise<APIResponse> {
    return route.fetch({ url: route.request().url().replace(ADDRESS, this.host.url) });
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

  /** Closes the browser for good, and leaves what it holds in this folder. */
  async leaveTo(folder: string): Promise<void> {
    await this.#context.close();
    fs.renameSync(this.#profile, folder);
  }

  async dispose(): Promise<void> {
    await this.#context.close().catch(() => {});
    fs.rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #launch(): Promise<void> {
    this.#context = await chromium.launchPersistentContext(this.#profile, {
      ...this.launch,
      args: [...(this.launch.args ?? []), `--host-resolver-rules=MAP localhost:80 127.0.0.1:${new URL(this.host.url).port}`],
      ...SIZES[this.options.size ?? 'phone'],
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
      permissions: ['clipboard-read', 'clipboard-write'],
      ...this.options.context,
      baseURL: ADDRESS,
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

/** What `Set-Cookie` says. */
function asBrowsersKeepIt(line: string): Cookie {
  const [pair = '', ...attributes] = line.split(/;\s*/);
  const said = new Map(attributes.map(one => [one.split('=')[0]?.toLowerCase() ?? '', one.split('=')[1] ?? '']));
  return {
    name: pair.slice(0, pair.indexOf('=')),
    value: pair.slice(pair.indexOf('=') + 1),
    domain: new URL(ADDRESS).hostname,
    path: said.get('path') ?? '/',
    expires: Date.now() / 1_000 + Number(said.get('max-age')),
    httpOnly: said.has('httponly'),
    secure: said.has('secure'),
    sameSite: said.get('samesite') === 'Strict' ? 'Strict' : 'Lax',
  };
}

/** Timers stay as they are: only what is asked for the time is told a later one. */
function movableClock(): void {
  const now = Date.now;
  Date.now = () => now() + Number(localStorage.getItem('clock ahead') ?? 0);
}
