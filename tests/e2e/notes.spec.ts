// A reader's own marks: private, safe from the first words, the same on all devices of one person.
import fs from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Comments, Compose } from './pages/comments.ts';
import { Documents, Reader } from './pages/documents.ts';
import { Note, Notes } from './pages/notes.ts';
import { type Device, expect, test } from './support/fixtures.ts';

const REPORT = 'Dự thảo Báo cáo chính trị';
const ADDRESS = '/documents/bao-cao-chinh-tri';
const MOTTO = 'Đoàn kết - Gương mẫu - Đổi mới - Phục vụ - Hiệu quả';
const HOUSE = '/documents/noi-quy';

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** Opens a document and taps a paragraph. */
async function select(device: Device, address: string, words?: string): Promise<Reader> {
  await device.goto(address);
  const reader = new Reader(device.page);
  await expect(reader.paragraphs.first()).toBeVisible();
  if (words) await reader.select(words);
  else {
    await reader.paragraphs.first().click();
    await expect(reader.actions).toBeVisible();
  }
  return reader;
}

async function note(device: Device, text: string): Promise<void> {
  const reader = await select(device, ADDRESS, MOTTO);
  await reader.actions.getByRole('link', { name: 'Ghi chú', exact: true }).click();
  await new Note(device.page).save(text);
}

/** What axe calls serious or critical. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('#lifeboat').analyze();
  const heavy = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return heavy.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(node => node.html).join(' | ')}`);
}

test('without a network a paragraph is highlighted, bookmarked and noted on; every device of the person shows it', { tag: '@tablet' }, async ({ server, device }) => {
  test.slow();
  const phone = await device('p100');
  const second = await device('p100');
  await server.stop();
  const reader = await select(phone, ADDRESS, MOTTO);
  const paragraph = reader.paragraph(MOTTO);

  await test.step('highlight and bookmark, by a tap each', async () => {
    const highlight = reader.actions.getByRole('button', { name: 'Tô nổi bật' });
    await expect(highlight).toHaveAttribute('aria-pressed', 'false');
    await highlight.click();
    await expect(highlight).toHaveAttribute('aria-pressed', 'true');
    await expect(paragraph).toContainText('Đoạn tô nổi bật:');
    await expect(paragraph).toHaveClass(/reader__paragraph--highlighted/);
    await reader.actions.getByRole('button', { name: 'Đánh dấu' }).click();
    await expect(paragraph).toContainText('Đoạn đã đánh dấu:');
  });

  await test.step('a note saves itself and survives a reload', async () => {
    await reader.actions.getByRole('link', { name: 'Ghi chú', exact: true }).click();
    const writing = new Note(phone.page);
    await expect(phone.app.heading('Ghi chú')).toBeVisible();
    await expect(writing.quote).toContainText(MOTTO);
    await expect(phone.page.getByRole('radio')).toHaveCount(0);
    await writing.saveButton.click();
    await expect(phone.page.getByText('Hãy viết nội dung. Muốn bỏ một ghi chú')).toBeVisible();
    await writing.text.pressSequentially('Hỏi Ban Thư ký');
    await expect(writing.saved).toBeVisible();
    await phone.page.reload();
    await expect(writing.text).toHaveValue('Hỏi Ban Thư ký');
    await phone.goto('/comments');
    await expect(new Comments(phone.page).drafts).toHaveCount(0);
    await phone.goto('/notes');
    await new Notes(phone.page).drafts.getByRole('link').click();
    await new Note(phone.page).save('Hỏi Ban Thư ký về phương châm.');
    await expect(paragraph).toContainText('Hỏi Ban Thư ký về phương châm.');
    await expect(paragraph).toBeInViewport();
    await expect(phone.app.badge).toHaveText('Ngoại tuyến · 3 mục chờ gửi');
  });

  await test.step('the sheet shows the words of what waits', async () => {
    await phone.app.openSheet();
    await expect(phone.app.sheet).toContainText('Hỏi Ban Thư ký về phương châm.');
    await phone.app.sheet.getByRole('button', { name: 'Sao chép tất cả' }).click();
    await expect(phone.app.sheet.getByText('Đã sao chép')).toBeVisible();
    expect(await clipboard(phone.page)).toContain('Hỏi Ban Thư ký về phương châm.');
    await phone.app.sheet.getByRole('button', { name: 'Đóng' }).click();
  });

  await test.step('the network is back: the other device has all three', async () => {
    await server.start();
    await phone.app.retryNow();
    await phone.app.expectSynced();
    await second.goto('/notes');
    await second.app.retryNow();
    const notes = new Notes(second.page);
    await expect(notes.of(REPORT)).toHaveCount(3);
    await expect(notes.card('Hỏi Ban Thư ký về phương châm.')).toContainText(MOTTO);
  });

  await test.step('a tap more takes the highlight away, here and there', async () => {
    const notes = new Notes(second.page);
    await notes.card('Tô nổi bật').getByRole('link').click();
    const there = new Reader(second.page);
    await expect(there.paragraph(MOTTO)).toBeInViewport();
    await there.actions.getByRole('button', { name: 'Tô nổi bật' }).click();
    await expect(there.paragraph(MOTTO)).not.toHaveClass(/highlighted/);
    await expect(paragraph).not.toHaveClass(/highlighted/);
  });
});

test('a note that was changed on two devices without a network keeps both texts', async ({ server, device }) => {
  const [phone, tablet] = [await device('p100'), await device('p100', { size: 'tablet' })];
  await note(phone, 'Bản đầu.');
  await phone.app.expectSynced();
  await tablet.goto('/notes');
  await tablet.app.retryNow();
  await expect(new Notes(tablet.page).card('Bản đầu.')).toBeVisible();
  await server.stop();
  for (const [on, text] of [[phone, 'Sửa trên điện thoại.'], [tablet, 'Sửa trên máy tính bảng.']] as const) {
    await on.goto('/notes');
    await new Notes(on.page).card('Bản đầu.').getByRole('link', { name: 'Sửa', exact: true }).click();
    await expect(new Note(on.page).text).toHaveValue('Bản đầu.');
    await new Note(on.page).save(text);
  }
  await server.start();
  for (const on of [phone, tablet]) {
    await on.app.retryNow();
    await on.goto('/notes');
  }
  for (const on of [phone, tablet]) {
    await expect(new Notes(on.page).of(REPORT)).toHaveCount(2);
    await expect(new Notes(on.page).card('Sửa trên điện thoại.')).toBeVisible();
    await expect(new Notes(on.page).card('Sửa trên máy tính bảng.')).toBeVisible();
  }
});

test('a note becomes a comment with one tap, and leaves the list only when its author says so', async ({ device }) => {
  const phone = await device('p100');
  await note(phone, 'Phương châm nên ngắn hơn.');
  await phone.goto('/notes');
  const notes = new Notes(phone.page);
  await notes.card('Phương châm nên ngắn hơn.').getByRole('button', { name: 'Viết thành ý kiến' }).click();
  const compose = new Compose(phone.page);
  await expect(compose.text).toHaveValue('Phương châm nên ngắn hơn.');
  await expect(compose.quote).toContainText(MOTTO);
  await compose.send();
  await expect(new Comments(phone.page).card('Phương châm nên ngắn hơn.')).toContainText('Đã nhận, số 1');

  await phone.goto('/notes');
  const dialog = phone.page.getByRole('dialog');
  await notes.card('Phương châm').getByRole('button', { name: 'Xóa' }).click();
  await dialog.getByRole('button', { name: 'Giữ lại' }).click();
  await expect(notes.card('Phương châm')).toBeVisible();
  await notes.card('Phương châm').getByRole('button', { name: 'Xóa' }).click();
  await dialog.getByRole('button', { name: 'Xóa' }).click();
  await expect(phone.page.getByText('Chưa có ghi chú nào')).toBeVisible();
});

test('everything can be taken away as text, and no screen with notes holds a barrier', { tag: '@tablet' }, async ({ device }) => {
  test.slow();
  const phone = await device('p100');
  await phone.goto('/notes');
  await expect(phone.page.getByText('Chưa có ghi chú nào')).toBeVisible();
  expect.soft(await barriers(phone.page), 'empty').toEqual([]);

  const rules = await select(phone, HOUSE);
  await rules.actions.getByRole('button', { name: 'Đánh dấu' }).click();
  await expect(rules.paragraphs.first()).toContainText('Đoạn đã đánh dấu:');
  await note(phone, 'Dòng một.\nDòng hai.');
  const reader = new Reader(phone.page);
  await reader.actions.getByRole('button', { name: 'Tô nổi bật' }).click();
  await expect(reader.paragraph(MOTTO)).toHaveClass(/highlighted/);
  expect.soft(await barriers(phone.page), 'reader').toEqual([]);

  await phone.app.go('Văn kiện');
  await phone.app.main.getByRole('link', { name: 'Ghi chú của tôi (3)' }).click();
  const notes = new Notes(phone.page);
  await expect(notes.cards).toHaveCount(3);
  await expect(phone.page.getByRole('heading', { level: 2 })).toHaveText([new RegExp(`^${REPORT}`), /^Nội quy/]);
  expect.soft(await barriers(phone.page), 'full').toEqual([]);

  await notes.button('Sao chép tất cả').click();
  await expect(phone.page.getByText('Đã sao chép')).toBeVisible();
  const copied = await clipboard(phone.page);
  for (const part of [`--- ${REPORT}`, 'Ghi chú: ', `“`, MOTTO, 'Dòng một.\nDòng hai.', 'Đánh dấu']) expect(copied).toContain(part);

  const download = phone.page.waitForEvent('download');
  await notes.button('Tải về (.txt)').click();
  expect((await download).suggestedFilename()).toMatch(/^ghi-chu-\d{4}-\d\d-\d\d\.txt$/);
  expect(fs.readFileSync(await (await download).path(), 'utf8')).toContain(`Dòng một.\nDòng hai.`);

  await phone.page.emulateMedia({ media: 'print' });
  await expect(notes.card('Dòng một.')).toBeVisible();
  await expect(notes.button('Xóa').first()).toBeHidden();
});

test('the menu of a paragraph is reached by keyboard, and shares its place', async ({ device }) => {
  const phone = await device('d01');
  await phone.goto(HOUSE);
  const reader = new Reader(phone.page);
  await reader.paragraphs.first().focus();
  await phone.page.keyboard.press('Enter');
  await expect(reader.actions.getByRole('link', { name: 'Ghi chú', exact: true })).toBeFocused();
  await expect(reader.actions.getByRole('link', { name: 'Góp ý đoạn này' })).toHaveCount(0);
  await reader.actions.getByRole('button', { name: 'Chép liên kết' }).click();
  await expect(reader.actions.getByText('Đã chép liên kết')).toBeVisible();
  const copied = await clipboard(phone.page);
  expect(copied).toContain('Chỉ người được đọc văn kiện này mới mở được liên kết');
  const link = copied.match(/http\S+/)?.[0] ?? '';
  await phone.goto('/agenda');
  await phone.goto(link);
  await expect(reader.paragraphs.first()).toHaveClass(/selected/);

  await test.step('who may not comment may take notes', async () => {
    await reader.actions.getByRole('link', { name: 'Ghi chú', exact: true }).click();
    await new Note(phone.page).save('Việc cần nhớ.');
    await phone.app.expectSynced();
    await phone.goto('/notes');
    await expect(new Notes(phone.page).card('Việc cần nhớ.')).toBeVisible();
    await expect(phone.page.getByRole('button', { name: 'Viết thành ý kiến' })).toHaveCount(0);
  });
});

test('the menu of a paragraph fits the narrowest phone and the largest letters', async ({ device }) => {
  const phone = await device('p100', { context: { viewport: { width: 320, height: 568 } } });
  await note(phone, 'Ghi chú ở đây.');
  const reader = new Reader(phone.page);
  for (const size of ['18', '24']) {
    await phone.page.evaluate(size => { document.documentElement.dataset.text = size; }, size);
    const sideways = await phone.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(sideways, size).toBe(0);
    for (const button of await reader.actions.locator('.button').all()) {
      const cut = await button.evaluate(node => node.scrollWidth > node.clientWidth + 1);
      expect(cut, `${size} ${await button.innerText()}`).toBe(false);
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(48);
    }
    expect((await reader.actions.boundingBox())?.height, size).toBeLessThan(260);
  }
});
