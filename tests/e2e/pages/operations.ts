// "Vận hành": how the devices of the congress stand, for the organiser.
import { type Locator, type Page, expect } from '@playwright/test';
import type { Device } from '../support/devices.ts';
import { App } from './app.ts';
import { More } from './more.ts';

export class Operations {
  readonly devices: Locator;
  /** Delegates without a device; folded until it is opened. */
  readonly without: Locator;
  readonly askAgain: Locator;

  constructor(readonly page: Page) {
    const main = page.getByRole('main');
    this.devices = main.getByRole('list', { name: 'Máy' }).getByRole('listitem');
    this.without = main.locator('details').filter({ hasText: 'Đại biểu chưa có máy' });
    this.askAgain = main.getByRole('button', { name: 'Hỏi lại' });
  }

  /** By its link in "Thêm". */
  async open(): Promise<void> {
    const app = new App(this.page);
    await app.go('Thêm');
    await new More(this.page).operations.click();
    await expect(app.heading('Vận hành')).toBeVisible();
  }

  /** The row of a person's only device. */
  device(name: string): Locator {
    return this.devices.filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Asks again until it is so: devices report by themselves, at most once a minute; `devices` have no patience. */
  async expectSoon(devices: Device[], check: () => Promise<void>): Promise<void> {
    await expect(async () => {
      await Promise.all(devices.map(device => device.passMinutes(1.1)));
      await this.askAgain.click();
      await check();
    }).toPass({ timeout: 80_000 });
  }

  /** A build by the first letters of its name, or another fact. */
  fact(name: string | RegExp): Locator {
    return this.page.locator('.facts__row').filter({ has: this.page.getByText(name) }).locator('dd');
  }
}
