// "Quét thẻ": who is expected, who is present.
import { type Locator, type Page, expect } from '@playwright/test';
import { App } from './app.ts';

export class Scan {
  readonly search: Locator;
  readonly rows: Locator;
  readonly found: Locator;
  readonly tally: Locator;
  readonly share: Locator;

  constructor(readonly page: Page) {
    const main = page.getByRole('main');
    this.search = page.getByRole('searchbox', { name: 'Tìm tên, số thẻ hoặc mã' });
    this.rows = page.getByRole('list', { name: 'Danh sách đại biểu' }).getByRole('listitem');
    this.found = main.getByText(/^[\d.]+ người$/);
    this.tally = main.locator('.tally');
    this.share = main.getByText(/^Đại biểu chính thức: đạt/);
  }

  async open(): Promise<void> {
    const app = new App(this.page);
    await app.tab('Quét thẻ').click();
    await expect(app.heading('Quét thẻ')).toBeVisible();
    await app.waitUntilReady();
    await expect(this.rows.first()).toBeVisible();
  }

  /** The second app is on the device too: without a network "Quét thẻ" opens from it. */
  async waitUntilKept(): Promise<void> {
    await this.page.waitForFunction(() => caches.match('/staff-mark'));
  }

  row(name: string): Locator {
    return this.rows.filter({ hasText: name });
  }

  markButton(name: string): Locator {
    return this.page.getByRole('button', { name: `Có mặt: ${name}`, exact: true });
  }

  takeBackButton(name: string): Locator {
    return this.page.getByRole('button', { name: `Bỏ đánh dấu: ${name}`, exact: true });
  }

  /** Finds a person and marks them as present. */
  async mark(query: string, name: string): Promise<void> {
    await this.search.fill(query);
    await this.markButton(name).click();
    await expect(this.page.getByRole('status').filter({ hasText: `Đã ghi có mặt: ${name}` })).toHaveCount(1);
  }

  async expectPresent(count: number, base = 246): Promise<void> {
    await expect(this.tally).toHaveText(`${count} / ${base} có mặt`);
  }
}
