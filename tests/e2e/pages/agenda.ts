// The programme and the page of an item.
import { type Locator, type Page, expect } from '@playwright/test';

export class Agenda {
  readonly days: Locator;
  readonly rows: Locator;
  /** The card above the days that says what goes on. */
  readonly nowCard: Locator;
  readonly kinds: Locator;

  constructor(readonly page: Page) {
    this.days = page.getByRole('tablist', { name: 'Các ngày của đại hội' }).getByRole('tab');
    this.rows = page.getByRole('tabpanel').getByRole('listitem');
    this.nowCard = page.getByRole('main').locator('.agenda__now');
    this.kinds = page.getByRole('group', { name: 'Lọc theo loại nội dung' });
  }

  /** The tab of a day, by its date: `26/11`. */
  day(date: string): Locator {
    return this.days.filter({ hasText: date });
  }

  async chooseDay(date: string): Promise<void> {
    await this.day(date).click();
    await expect(this.day(date)).toHaveAttribute('aria-selected', 'true');
  }

  row(title: string): Locator {
    return this.rows.filter({ hasText: title });
  }

  kind(name: string): Locator {
    return this.kinds.getByRole('button', { name, exact: true });
  }

  async openItem(title: string): Promise<ItemPage> {
    await this.row(title).getByRole('link').click();
    const item = new ItemPage(this.page);
    await expect(item.title).toHaveText(title);
    return item;
  }
}

export class ItemPage {
  readonly title: Locator;
  readonly comment: Locator;
  readonly askFloor: Locator;
  readonly start: Locator;
  readonly finish: Locator;

  constructor(readonly page: Page) {
    const main = page.getByRole('main');
    this.title = main.getByRole('heading', { level: 1 });
    this.comment = main.getByRole('link', { name: 'Góp ý' });
    this.askFloor = main.getByRole('link', { name: 'Đăng ký phát biểu' });
    this.start = main.getByRole('button', { name: 'Bắt đầu', exact: true });
    this.finish = main.getByRole('button', { name: 'Kết thúc', exact: true });
  }

  /** What stands beside a name in the list of facts: "Điều hành", "Dự kiến". */
  fact(name: string): Locator {
    return this.page.locator('.facts__row').filter({ has: this.page.getByText(name, { exact: true }) }).locator('dd');
  }
}
