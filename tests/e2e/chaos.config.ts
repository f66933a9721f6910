// How the chaos is run: the phones of the journeys in the whole browser that people have, and everything that may happen
// to them. Traces would slow down what is counted in milliseconds here.
import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: 'chaos',
  testIgnore: [],
  outputDir: 'test-results/chaos',
  use: { ...base.use, trace: 'off' },
  projects: base.projects?.filter(project => project.name === 'phone').map(phone => ({
    ...phone,
    use: { ...phone.use, launchOptions: { ...phone.use?.launchOptions, executablePath: '/usr/bin/chromium' } },
  })),
});
