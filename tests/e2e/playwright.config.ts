// How the journeys run: a small phone and a tablet, in Debian's Chromium without the desktop around it, against a server
// of each test's own.
import { defineConfig } from '@playwright/test';

const CHROMIUM = {
  browserName: 'chromium' as const,
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  },
};

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  // They have configurations of their own.
  testIgnore: ['**/e2e/chaos/**', '**/e2e/engines/**'],
  outputDir: 'test-results',
  globalSetup: ['./support/prepare.ts', './support/enrolled.ts'],
  // A journey waits a third of its time, for a reader or for the next try: two cores are kept busy by three.
  workers: 3,
  // Every test has a server and devices of its own.
  fullyParallel: true,
  // CI's machine has two shared cores: what fails once there is tried once more, and what fails twice is wrong.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: process.env.CI ? 'line' : 'list',
  use: {
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    serviceWorkers: 'allow',
    screenshot: 'only-on-failure',
    // Writing one down costs a seventh of the time: what is tried once more is written down, and `--trace on` asks for it.
    trace: 'on-first-retry',
  },
  projects: [
    {
      name: 'phone',
      use: { ...CHROMIUM, viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
    },
    {
      // What looks different on a tablet; tests of several devices choose the size of each themselves.
      name: 'tablet',
      grep: /@tablet/,
      use: { ...CHROMIUM, viewport: { width: 1180, height: 820 }, deviceScaleFactor: 2, hasTouch: true },
    },
  ],
});
