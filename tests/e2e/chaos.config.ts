// How the chaos is run: the phones of the journeys, and everything that may happen to them. Traces would slow down what
// is counted in milliseconds here.
import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: 'chaos',
  testIgnore: [],
  outputDir: 'test-results/chaos',
  use: { ...base.use, trace: 'off' },
  projects: base.projects?.filter(project => project.name === 'phone'),
});
