// What every test in another engine starts with: `server`, one for each test, and `phone`, whose engine the project names.
import { test as base } from '@playwright/test';
import type { Host } from '../support/devices.ts';
import { TestServer } from '../support/server.ts';
import { ENGINES, type EngineName, type Lack, Screen } from './engines.ts';
import { Phone } from './phone.ts';

export { expect } from '@playwright/test';

export interface EngineOptions {
  engine: EngineName;
}

interface Fixtures {
  server: TestServer;
  phone: (options?: { host?: Host; lacks?: readonly Lack[] }) => Promise<Phone>;
}

export const test = base.extend<Fixtures, EngineOptions & { display: Screen | null }>({
  engine: ['webkit', { option: true, scope: 'worker' }],
  display: [
    async ({ engine }, use) => {
      const screen = ENGINES[engine].paints ? await Screen.start() : null;
      await use(screen);
      await screen?.stop();
    },
    { scope: 'worker' },
  ],
  server: async ({}, use) => {
    const server = await TestServer.launch();
    await use(server);
    await server.dispose();
  },
  phone: async ({ server, engine, display }, use, info) => {
    const phones: Phone[] = [];
    await use(async ({ host = server, lacks } = {}) => {
      const phone = await Phone.start(host, engine, display, lacks);
      phones.push(phone);
      return phone;
    });
    for (const phone of phones) {
      if (info.status !== info.expectedStatus) {
        await info.attach('page', { body: await phone.page() });
        await info.attach('driver.log', { body: phone.log });
      }
      await phone.dispose();
    }
  },
});
