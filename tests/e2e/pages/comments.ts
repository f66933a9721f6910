// Writing a comment, and the list of one's own.
import { type Locator, type Page, expect } from '@playwright/test';

export type Stance = 'Tán thành' | 'Tán thành một phần' | 'Không tán thành';

export interface Writing {
  text?: string;
  stance?: Stance;
  proposal?: string;
  /** Minutes asked for. */
  floor?: number;
}

export class Compose {
  readonly text: Locator;
  readonly proposal: Locator;
  readonly floor: Locator;
  readonly minutes: Locator;
  readonly sendButton: Locator;
  readonly quote: Locator;
  /** "Đã lưu nháp 09:14" */
  readonly saved: Locator;

  constructor(readonly page: Page) {
    this.text = page.getByRole('textbox', { name: 'Nội dung ý kiến' });
    this.proposal = page.getByRole('textbox', { name: 'Đề nghị sửa thành' });
    this.floor = page.getByRole('switch', { name: 'Đăng ký phát biểu' });
    this.minutes = page.getByRole('spinbutton', { name: 'Số phút đề nghị' });
    this.sendButton = page.getByRole('button', { name: 'Gửi', exact: true });
    this.quote = page.getByRole('main').getByRole('blockquote');
    this.saved = page.getByText(/^Đã lưu nháp \d\d:\d\d$/);
  }

  stance(name: Stance): Locator {
    return this.page.getByRole('radio', { name, exact: true });
  }

  async write({ text, stance, proposal, floor }: Writing): Promise<void> {
    if (stance) await this.stance(stance).check();
    if (text !== undefined) await this.text.fill(text);
    if (proposal !== undefined) {
      await this.page.getByRole('main').locator('summary', { hasText: 'Đề nghị sửa thành' }).click();
      await this.proposal.fill(proposal);
    }
    if (floor !== undefined) {
      await this.floor.check();
      await this.minutes.fill(String(floor));
    }
  }

  /** Hands it in and waits until the device says that it is safe. */
  async send(): Promise<void> {
    await this.sendButton.click();
    await expect(this.page.getByRole('status').filter({ hasText: 'Đã lưu trên máy' }).first()).toBeVisible();
    await expect(this.page).toHaveURL(/\/comments$/);
  }
}

export class Comments {
  readonly writeLink: Locator;
  readonly drafts: Locator;
  readonly mine: Locator;

  constructor(readonly page: Page) {
    this.writeLink = page.getByRole('link', { name: 'Viết ý kiến' });
    this.drafts = page.getByRole('region', { name: 'Bản nháp' }).getByRole('listitem');
    this.mine = page.getByRole('region', { name: 'Ý kiến của tôi' }).getByRole('listitem');
  }

  /** The card of a comment, found by its words. */
  card(words: string): Locator {
    return this.mine.filter({ hasText: words });
  }

  async compose(): Promise<Compose> {
    await this.writeLink.click();
    return new Compose(this.page);
  }

  /** Writes a comment on the congress as a whole and hands it in. */
  async submit(writing: Writing): Promise<void> {
    const compose = await this.compose();
    await compose.write(writing);
    await compose.send();
  }
}
