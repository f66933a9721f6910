// The screen `/e`: whose invitation it is, and the way to a device that works without a network.
import { type Locator, type Page, expect } from '@playwright/test';

export class Enrolment {
  readonly confirmButton: Locator;
  readonly notMe: Locator;
  readonly code: Locator;
  readonly ready: Locator;
  readonly steps: Locator;
  readonly start: Locator;

  constructor(readonly page: Page) {
    this.confirmButton = page.getByRole('button', { name: 'Đúng là tôi' });
    this.notMe = page.getByRole('button', { name: 'Không phải tôi' });
    this.code = page.getByRole('textbox', { name: 'Mã trên giấy mời' });
    this.ready = page.getByText('Sẵn sàng dùng ngoại tuyến', { exact: true });
    this.start = page.getByRole('link', { name: 'Mở Chương trình', exact: true });
    this.steps = page.getByRole('region', { name: 'Đang tải tài liệu về máy' }).getByRole('listitem');
  }

  async open(link: string): Promise<void> {
    await this.page.goto(link);
  }

  async confirm(): Promise<void> {
    await this.confirmButton.click();
  }

  async waitUntilReady(): Promise<void> {
    await expect(this.ready).toBeVisible({ timeout: 30_000 });
  }
}
