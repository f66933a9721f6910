// The document set, its search, and the reader.
import { type Locator, type Page, expect } from '@playwright/test';

export class Documents {
  readonly search: Locator;
  readonly rows: Locator;

  constructor(readonly page: Page) {
    this.search = page.getByRole('searchbox', { name: 'Tìm trong mọi thứ' });
    this.rows = page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('link') });
  }

  row(title: string): Locator {
    return this.rows.filter({ hasText: title });
  }

  async open(title: string): Promise<Reader> {
    await this.row(title).first().getByRole('link').first().click();
    const reader = new Reader(this.page);
    await expect(reader.title).toContainText(title);
    await expect(reader.paragraphs.first()).toBeVisible();
    return reader;
  }
}

export class Reader {
  readonly title: Locator;
  readonly text: Locator;
  readonly paragraphs: Locator;
  readonly search: Locator;
  readonly outline: Locator;
  /** "Thay đổi so với bản trước" */
  readonly compare: Locator;
  /** What may be done with the paragraph that was tapped. */
  readonly actions: Locator;

  constructor(readonly page: Page) {
    this.title = page.getByRole('main').getByRole('heading', { level: 1 });
    this.text = page.getByRole('article');
    this.paragraphs = this.text.locator('p[id^="b-"]');
    this.search = page.getByRole('searchbox', { name: 'Tìm trong văn kiện này' });
    this.outline = page.getByRole('navigation', { name: 'Mục lục' });
    this.compare = page.getByRole('switch', { name: /^Thay đổi so với bản trước/ });
    this.actions = page.getByRole('toolbar', { name: 'Đoạn đã chọn' });
  }

  paragraph(words: string): Locator {
    return this.paragraphs.filter({ hasText: words }).first();
  }

  /** Taps a paragraph; the bar with what may be done appears. */
  async select(words: string): Promise<void> {
    await this.paragraph(words).click();
    await expect(this.actions).toBeVisible();
  }
}
