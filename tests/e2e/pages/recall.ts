// Taking a document back: the button in the reader, the question, and what is left in the list.
import { type Locator, type Page, expect } from '@playwright/test';

export class Recall {
  readonly button: Locator;
  readonly dialog: Locator;
  readonly reason: Locator;
  readonly yes: Locator;
  readonly no: Locator;
  /** What was taken back or is past its time, below the list. */
  readonly gone: Locator;

  constructor(readonly page: Page) {
    this.button = page.getByRole('main').getByRole('button', { name: 'Thu hồi văn kiện', exact: true });
    this.dialog = page.getByRole('dialog', { name: 'Thu hồi văn kiện' });
    this.reason = this.dialog.getByRole('textbox', { name: 'Lý do' });
    this.yes = this.dialog.getByRole('button', { name: 'Thu hồi', exact: true });
    this.no = this.dialog.getByRole('button', { name: 'Không thu hồi' });
    this.gone = page.getByRole('list', { name: 'Văn kiện đã thu hồi, hết hạn' }).getByRole('listitem');
  }

  /** In the reader of the document. */
  async take(reason: string): Promise<void> {
    await this.button.click();
    await this.reason.fill(reason);
    await this.yes.click();
    await expect(this.dialog).toBeHidden();
  }
}
