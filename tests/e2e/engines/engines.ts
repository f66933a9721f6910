// The browsers beside Chromium: which driver speaks to each, and how it is told to keep a profile for good.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Capabilities, Driver } from './webdriver.ts';

export type EngineName = 'webkit' | 'firefox';

/** What a person or their employer has switched off in the browser. */
export type Lack = 'service worker';

interface Engine {
  /** The driver's program. */
  program: string;
  /** Whether it paints on a screen, and so needs one. */
  paints: boolean;
  capabilities: (profile: string, lacks: readonly Lack[]) => Capabilities;
}

const WEBKIT_PHONE = path.join(path.dirname(fileURLToPath(import.meta.url)), 'webkit-phone.py');

const WEBKIT_FEATURES: Record<Lack, string> = { 'service worker': 'ServiceWorkers' };

/** Firefox asks nobody for anything on its own: no updates, no experiments, no first-run pages. */
const FIREFOX_QUIET = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'intl.accept_languages': 'vi-VN, vi',
  'toolkit.telemetry.enabled': false,
};

export const ENGINES: Record<EngineName, Engine> = {
  webkit: {
    program: process.env.WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver',
    paints: true,
    capabilities: (profile, lacks) => ({
      'webkitgtk:browserOptions': { binary: WEBKIT_PHONE, args: [profile, ...lacks.map(lack => WEBKIT_FEATURES[lack])] },
    }),
  },
  firefox: {
    program: process.env.FIREFOX_DRIVER ?? 'geckodriver',
    paints: false,
    capabilities: (profile, lacks) => ({
      'moz:firefoxOptions': {
        binary: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
        args: ['-headless', '-profile', profile],
        prefs: { ...FIREFOX_QUIET, 'dom.serviceWorkers.enabled': !lacks.includes('service worker') },
      },
    }),
  },
};

/** A driver of the engine, on a screen if it needs one. */
export async function startDriver(name: EngineName, screen: Screen | null): Promise<Driver> {
  const { program } = ENGINES[name];
  const display = screen ? { DISPLAY: screen.display } : {};
  return Driver.start(program, {
    ...process.env, ...display,
    TZ: 'Asia/Ho_Chi_Minh', LANG: 'C.UTF-8', LIBGL_ALWAYS_SOFTWARE: '1', GTK_A11Y: 'none', NO_AT_BRIDGE: '1',
  });
}

/** A screen that nobody looks at. */
export class Screen {
  private constructor(readonly display: string, private readonly child: ChildProcess) {}

  static async start(): Promise<Screen> {
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '800x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const number = await new Promise<string>((yes, no) => {
      child.once('error', no);
      child.once('exit', code => no(new Error(`Xvfb ended with ${code}`)));
      (child.stdio[3] as NodeJS.ReadableStream).once('data', (chunk: Buffer) => yes(chunk.toString().trim()));
    });
    return new Screen(`:${number}`, child);
  }

  async stop(): Promise<void> {
    const exited = new Promise(resolve => this.child.once('exit', resolve));
    this.child.kill();
    await exited;
  }
}
