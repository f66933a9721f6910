// How the promise is held against WebKit and Firefox: each speaks to its own driver, Playwright only runs the tests.
import { defineConfig } from '@playwright/test';
import type { EngineOptions } from './engines/fixtures.ts';

export default defineConfig<EngineOptions>({
  testDir: 'engines',
  testMatch: '*.spec.ts',
  outputDir: 'test-results/engines',
  globalSetup: './support/prepare.ts',
  workers: 2,
  fullyParallel: true,
  // CI's machine has two shared cores: what fails once there is tried once more, and what fails twice is wrong.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 40_000 },
  reporter: process.env.CI ? 'line' : 'list',
  projects: [
    { name: 'webkit', use: { engine: 'webkit' } },
    { name: 'firefox', use: { engine: 'firefox' } },
  ],
});
