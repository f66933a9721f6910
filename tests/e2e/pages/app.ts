// The frame around every screen: tabs, header, the sheet behind the sync badge.
import { type Locator, type Page, expect } from '@playwright/test';

export type Tab = 'Chương trình' | 'Văn kiện' | 'Ý kiến' | 'Điểm danh' | 'Điều hành' | 'Quét thẻ' | 'Thêm';

export class App {
  /** What the header says about the connection and what waits. */
  readonly badge: Locator;
  readonly tabs: Locator;
  readonly sheet: Locator;
  readonly main: Locator;

  constructor(readonly page: Page) {
    this.badge = page.getByRole('banner').getByRole('status');
    this.tabs = page.getByRole('navigation', { name: 'Mục chính' });
    this.sheet = page.getByRole('dialog', { name: 'Đồng bộ' });
    this.main = page.getByRole('main');
  }

  /** The first screen is painted from what the device holds. */
  async waitUntilReady(): Promise<void> {
    await expect(this.page.locator('html')).toHaveAttribute('data-app', 'ready');
  }

  tab(name: Tab): Locator {
    return this.tabs.getByRole('link', { name, exact: true });
  }

  heading(name: string | RegExp): Locator {
    return this.main.getByRole('heading', { level: 1, name });
  }

  /** Taps a tab and waits for its screen. */
  async go(name: Tab): Promise<void> {
    await this.tab(name).click();
    await expect(this.heading(name)).toBeVisible();
  }

  async openSheet(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button').click();
    await expect(this.sheet).toBeVisible();
  }

  /** What a person does who does not want to wait for the next try. */
  async retryNow(): Promise<void> {
    await this.openSheet();
    await this.sheet.getByRole('button', { name: 'Thử lại ngay' }).click();
    await this.sheet.getByRole('button', { name: 'Đóng' }).click();
    await expect(this.sheet).toBeHidden();
  }

  async expectSynced(): Promise<void> {
    await expect(this.badge).toHaveText(/^Đã đồng bộ \d\d:\d\d$/);
  }

  async expectOffline(waiting = 0): Promise<void> {
    await expect(this.badge).toHaveText(waiting ? `Ngoại tuyến · ${waiting} mục chờ gửi` : 'Ngoại tuyến');
  }
}
