// Writing a private note, and the list of one's own marks.
import { type Locator, type Page, expect } from '@playwright/test';
import { Reader } from './documents.ts';

export class Note {
  readonly text: Locator;
  readonly saveButton: Locator;
  readonly quote: Locator;
  /** "Đã lưu nháp 09:14" */
  readonly saved: Locator;

  constructor(readonly page: Page) {
    this.text = page.getByRole('textbox', { name: 'Nội dung ghi chú' });
    this.saveButton = page.getByRole('button', { name: 'Lưu ghi chú', exact: true });
    this.quote = page.getByRole('main').getByRole('blockquote');
    this.saved = page.getByText(/^Đã lưu nháp \d\d:\d\d$/);
  }

  /** Hands it in; the note is seen under its paragraph. */
  async save(text: string): Promise<void> {
    await this.text.fill(text);
    await this.saveButton.click();
    await expect(new Reader(this.page).text.getByText(text)).toBeVisible();
  }
}

export class Notes {
  readonly cards: Locator;
  readonly drafts: Locator;

  constructor(readonly page: Page) {
    const main = page.getByRole('main');
    this.cards = main.getByRole('listitem');
    this.drafts = main.getByRole('region', { name: /^Đang viết/ }).getByRole('listitem');
  }

  /** The marks on a document. */
  of(document: string): Locator {
    return this.page.getByRole('region', { name: document }).getByRole('listitem');
  }

  card(words: string): Locator {
    return this.cards.filter({ hasText: words });
  }

  button(name: string): Locator {
    return this.page.getByRole('main').getByRole('button', { name, exact: true });
  }
}
