// "Thêm": how it looks, what this device holds, my devices, leaving.
import type { Locator, Page } from '@playwright/test';

export class More {
  readonly devices: Locator;
  readonly leave: Locator;
  /** For organisers only. */
  readonly operations: Locator;

  constructor(readonly page: Page) {
    const main = page.getByRole('main');
    this.devices = main.locator('section').filter({ hasText: 'Máy của tôi' }).getByRole('listitem');
    this.leave = main.getByRole('button', { name: 'Đăng xuất' });
    this.operations = main.getByRole('link', { name: 'Vận hành' });
  }

  choice(group: 'Ngôn ngữ' | 'Nền' | 'Cỡ chữ' | 'Language' | 'Theme' | 'Text size', name: string): Locator {
    return this.page.getByRole('group', { name: group }).getByRole('radio', { name, exact: true });
  }

  fact(name: string): Locator {
    return this.page.locator('.facts__row').filter({ has: this.page.getByText(name, { exact: true }) }).locator('dd');
  }
}
