// What every journey starts with: `server`, one for each test, `wire`, a bad line before it where one is asked for, and
// `device`, which puts a phone or a tablet with the app into somebody's hand.
import { test as base, expect } from '@playwright/test';
import { Device, type DeviceOptions } from './devices.ts';
import { enrolled } from './enrolled.ts';
import { TestServer } from './server.ts';
import { Wire } from './wire.ts';

export { expect } from '@playwright/test';
export { ADDRESS, Device } from './devices.ts';
export { TestServer } from './server.ts';

interface Fixtures {
  server: TestServer;
  wire: Wire;
  /** A device on which nobody is enrolled yet, or the one named. */
  device: (person?: string, options?: DeviceOptions) => Promise<Device>;
}

export const test = base.extend<Fixtures>({
  server: async ({}, use, info) => {
    const server = await TestServer.launch();
    await use(server);
    if (info.status !== info.expectedStatus) await info.attach('server.log', { body: server.log });
    await server.dispose();
  },
  wire: async ({ server }, use) => {
    const wire = await Wire.to(server);
    await use(wire);
    await wire.dispose();
  },
  baseURL: async ({ server }, use) => use(server.url),
  device: async ({ server, launchOptions }, use, info) => {
    const devices: Device[] = [];
    // Two phones of one person are two phones.
    const taken = new Set<string>();
    const size = info.project.name === 'tablet' ? 'tablet' : 'phone';
    await use(async (person, { host = server, ...options } = {}) => {
      const kept = person && !taken.has(person) ? enrolled(person) : null;
      if (person) taken.add(person);
      const all: DeviceOptions = { size, ...options };
      const device = await Device.start(host, launchOptions, all, kept);
      devices.push(device);
      if (kept) await device.comeIn(server, kept);
      else if (person) await device.enrol(person);
      return device;
    });
    await Promise.all(devices.map(device => device.dispose()));
    expect(devices.flatMap(device => device.panics)).toEqual([]);
  },
});
