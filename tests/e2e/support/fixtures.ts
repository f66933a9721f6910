// What every journey starts with: `server`, one for each test, and pages that open its links.
import { test as base } from '@playwright/test';
import { TestServer } from './server.ts';

export { expect } from '@playwright/test';
export { TestServer } from './server.ts';

export const test = base.extend<{ server: TestServer }>({
  server: async ({}, use, info) => {
    const server = await TestServer.launch();
    await use(server);
    if (info.status !== info.expectedStatus) await info.attach('server.log', { body: server.log });
    await server.dispose();
  },
  baseURL: async ({ server }, use) => use(server.url),
});
