// "Điều hành": what comes in, who waits, who has the floor. Three panes on a tablet, three tabs on a phone.
import { type Locator, type Page, expect } from '@playwright/test';
import { App } from './app.ts';

export class Console {
  readonly incoming: Locator;
  readonly cards: Locator;
  readonly queue: Locator;
  readonly now: Locator;
  readonly search: Locator;
  /** "3 ý kiến mới" */
  readonly fresh: Locator;

  constructor(readonly page: Page) {
    this.incoming = page.getByRole('region', { name: 'Ý kiến đến' });
    this.cards = page.getByRole('list', { name: 'Ý kiến đến' }).getByRole('listitem');
    this.queue = page.getByRole('list', { name: 'Hàng chờ' }).getByRole('listitem');
    this.now = page.getByRole('region', { name: 'Diễn đàn' });
    this.search = page.getByRole('searchbox', { name: 'Tìm trong ý kiến' });
    this.fresh = this.incoming.getByRole('button', { name: /^Xem \d+ ý kiến mới$/ });
  }

  /** From any screen; the staff's app is loaded on the way. */
  async open(): Promise<void> {
    const app = new App(this.page);
    await app.tab('Điều hành').click();
    await expect(app.heading('Điều hành')).toBeVisible();
    await app.waitUntilReady();
  }

  card(words: string): Locator {
    return this.cards.filter({ hasText: words });
  }

  button(action: 'Đưa vào hàng chờ' | 'Mời phát biểu' | 'Đưa lên' | 'Đưa xuống' | 'Bỏ khỏi hàng chờ', name: string): Locator {
    return this.page.getByRole('button', { name: `${action}: ${name}`, exact: true });
  }

  /** The names in the queue, from the first. */
  async expectQueue(...names: string[]): Promise<void> {
    await expect(this.queue.locator('.queue__name')).toHaveText(names.map(name => `đồng chí ${name}`));
  }

  /** Opens the filters where they are folded. */
  async openFilters(): Promise<void> {
    await this.incoming.locator('summary', { hasText: 'Bộ lọc' }).click();
  }
}
