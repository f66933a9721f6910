// The search over everything, on the screen of the documents.
import { type Locator, type Page, expect } from '@playwright/test';

export class Search {
  readonly box: Locator;
  readonly groups: Locator;
  /** "40 đoạn trong 6 văn kiện · 1 người" */
  readonly summary: Locator;
  readonly nothing: Locator;

  constructor(readonly page: Page) {
    const main = page.getByRole('main');
    this.box = main.getByRole('search').getByRole('searchbox', { name: 'Tìm trong mọi thứ' });
    this.groups = main.locator('section').filter({ has: page.getByRole('heading', { level: 2 }) });
    this.summary = main.locator('.found__summary');
    this.nothing = main.getByText('Không tìm thấy', { exact: true }).and(page.locator(':not([role])'));
  }

  /** What was found together: a document, the programme, people. */
  group(title: string | RegExp): Locator {
    return this.groups.filter({ has: this.page.getByRole('heading', { level: 2, name: title }) });
  }

  hits(title: string | RegExp): Locator {
    return this.group(title).getByRole('listitem');
  }

  async titles(): Promise<string[]> {
    return this.groups.getByRole('heading', { level: 2 }).allInnerTexts();
  }

  /** Puts words into the box in place of what was there, and waits until the results are those. */
  async find(words: string): Promise<void> {
    await this.box.fill(words);
    await expect(this.page.getByText('Đang đọc văn kiện trên máy…')).toBeHidden();
    await expect(this.groups.first().or(this.nothing)).toBeVisible();
    await expect(this.page.getByRole('main').locator('[aria-busy="true"]')).toHaveCount(0);
  }
}
