// Reading: a document opens where it was left, tables and paper, large letters, the keyboard, and the device's voice.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { Documents, Reader } from './pages/documents.ts';
import { type Device, expect, test } from './support/fixtures.ts';
import { PACK, ROOT, WORK } from './support/paths.ts';
import { endSentence, giveVoices, spoken } from './support/voice.ts';

const REPORT = '/documents/bao-cao-chinh-tri';
const REPORT_TITLE = 'Dự thảo Báo cáo chính trị';
const MIDDLE = 'Đoàn Thanh niên là lực lượng đi đầu trong chuyển đổi số';
const LAST = 'Các tỷ lệ được làm tròn đến hai chữ số thập phân';
const TARGET = 'Giải ngân vốn đầu tư công bình quân hằng năm';

/** All of the text is in the page. */
async function whole(reader: Reader): Promise<void> {
  await expect(reader.text.getByRole('heading', { name: 'Mở đầu' })).toBeAttached();
  await expect(reader.paragraph(LAST)).toBeAttached();
}

/** Distance of a paragraph's top from the top of the view. */
const topOf = (reader: Reader, words: string) => reader.paragraph(words).evaluate(node => node.getBoundingClientRect().top);

const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Scrolls a paragraph to 120 pixels below the top, and waits until the place is written down. */
async function leaveAt(reader: Reader, words: string): Promise<number> {
  await whole(reader);
  await reader.paragraph(words).evaluate(node => scrollBy(0, node.getBoundingClientRect().top - 120));
  await reader.page.waitForFunction(() => new Promise(done => setTimeout(() => done(true), 1_500)));
  return topOf(reader, words);
}

async function open(phone: Device, title: string): Promise<Reader> {
  await phone.app.go('Văn kiện');
  return new Documents(phone.page).open(title);
}

test('a document opens at the place left: after another screen, after the browser was closed, in larger letters, and in a version that moved the paragraph', { tag: '@tablet' }, async ({ server, device }) => {
  test.slow();
  const phone = await device('p100');
  let reader = await open(phone, REPORT_TITLE);
  const left = await leaveAt(reader, MIDDLE);
  const comesBack = async (message: string, tolerance = 3) => {
    reader = new Reader(phone.page);
    await expect.poll(async () => Math.abs((await topOf(reader, MIDDLE)) - left), { message }).toBeLessThanOrEqual(tolerance);
    await whole(reader);
    expect(Math.abs((await topOf(reader, MIDDLE)) - left), `${message}, with all of the text`).toBeLessThanOrEqual(tolerance);
  };

  await test.step('another screen', async () => {
    // A finger does not scroll the page before it taps, as a tool does.
    await phone.app.tab('Ý kiến').evaluate(link => (link as HTMLElement).click());
    await expect(phone.app.heading('Ý kiến')).toBeVisible();
    await open(phone, REPORT_TITLE);
    await comesBack('another screen');
  });
  await test.step('the browser', async () => {
    await phone.restart(REPORT);
    await comesBack('the browser');
  });
  await test.step('larger letters', async () => {
    await phone.page.evaluate(() => localStorage.setItem('text_size', '"24"'));
    await phone.restart(REPORT);
    await expect(phone.page.locator('html')).toHaveCSS('font-size', '24px');
    reader = new Reader(phone.page);
    await expect(reader.paragraph(MIDDLE)).toBeInViewport();
    await phone.page.evaluate(() => localStorage.setItem('text_size', '"18"'));
    await phone.restart(REPORT);
    await comesBack('larger letters', 20);
  });
  await test.step('a new version', async () => {
    await server.importChanged({
      documents: (text, file) => {
        if (!file.startsWith('01-')) return text;
        const lines = text.replace(/^version = 3/m, 'version = 4').split('\n');
        const [moved = ''] = lines.splice(lines.findIndex(line => line.startsWith(MIDDLE)), 1);
        const end = lines.findIndex(line => line.startsWith('## III. HẠN CHẾ'));
        lines.splice(end, 0, moved, '');
        lines.splice(lines.findIndex(line => line === '# Mở đầu') + 1, 0, '', 'Một đoạn mới đứng trước mọi đoạn khác của báo cáo, để mọi thứ dời xuống.', '');
        return lines.join('\n');
      },
    });
    await phone.page.getByRole('button', { name: 'Xem bản mới' }).click();
    await expect(reader.paragraph('Một đoạn mới đứng trước')).toBeAttached();
    await comesBack('a new version', 24);
    await phone.restart(REPORT);
    await comesBack('a new version, once more', 24);
  });
});

test('the head of a document is a place too', async ({ device }) => {
  const phone = await device('p100');
  const reader = await open(phone, REPORT_TITLE);
  await leaveAt(reader, MIDDLE);
  await phone.page.evaluate(() => scrollTo(0, 0));
  await phone.page.waitForFunction(() => new Promise(done => setTimeout(() => done(true), 1_500)));
  await phone.restart(REPORT);
  await whole(new Reader(phone.page));
  expect(await phone.page.evaluate(() => scrollY)).toBe(0);
});

test('how long it takes is said for the whole, and for what is left', async ({ device }) => {
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  const list = new Documents(phone.page);
  await expect(list.row(REPORT_TITLE)).toContainText(/đọc khoảng \d+ phút/);
  const reader = await list.open(REPORT_TITLE);
  const left = async () => Number((await phone.app.main.locator('summary').innerText()).match(/còn (\d+) phút/)?.[1]);
  await expect.poll(left).toBeGreaterThan(45);
  const all = await left();
  await leaveAt(reader, MIDDLE);
  await expect.poll(left).toBeLessThan(all - 10);
  await phone.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect(phone.app.main.locator('summary')).toContainText('đã đọc hết');
});

test('the table of targets is read on a narrow phone: planned, achieved and compared, and nothing moves sideways', async ({ device }) => {
  const phone = await device('p100');
  const reader = await open(phone, REPORT_TITLE);
  await whole(reader);
  const row = reader.text.getByRole('row').filter({ hasText: TARGET }).first();
  await row.scrollIntoViewIfNeeded();
  await expect(row.getByRole('cell')).toHaveCount(6);
  const cells = await row.getByRole('cell').evaluateAll(cells => cells.map(cell => {
    const { left, right, height } = cell.getBoundingClientRect();
    return { text: cell.textContent, head: getComputedStyle(cell, '::before').content, left, right, height };
  }));
  for (const [head, text] of [['Mục tiêu nghị quyết', 'Từ 95 %'], ['Thực hiện', '91,46 %'], ['So sánh', '-3,54 đ.%'], ['Đánh giá', 'Chưa đạt']]) {
    const cell = cells.find(cell => cell.text === text);
    expect(cell?.head, text).toBe(`"${head}"`);
    expect(cell?.left).toBeGreaterThanOrEqual(0);
    expect(cell?.right).toBeLessThanOrEqual(360);
    expect(cell?.height).toBeGreaterThan(0);
  }
  for (const size of ['18', '24']) {
    await phone.page.evaluate(size => { document.documentElement.dataset.text = size; }, size);
    expect(await sideways(phone.page), size).toBe(0);
  }
});

test('one switch makes the letters largest and the buttons few, and stays', { tag: '@tablet' }, async ({ device }) => {
  const phone = await device('p100');
  await phone.app.go('Thêm');
  const elder = () => phone.page.getByRole('switch', { name: 'Chế độ dễ đọc' });
  await elder().check();
  await expect(phone.page.locator('html')).toHaveCSS('font-size', '24px');
  await expect(phone.page.getByRole('group', { name: 'Cỡ chữ' })).toBeHidden();
  await phone.restart(REPORT);
  await expect(phone.page.locator('html')).toHaveCSS('font-size', '24px');
  const reader = new Reader(phone.page);
  await whole(reader);
  await expect(reader.search).toBeHidden();
  await reader.paragraphs.first().click();
  for (const name of ['Góp ý đoạn này', 'Ghi chú']) await expect(reader.actions.getByRole('link', { name, exact: true })).toBeVisible();
  await expect(reader.actions.getByRole('button', { name: 'Sao chép', exact: true })).toBeVisible();
  for (const name of ['Tô nổi bật', 'Đánh dấu', 'Chép liên kết']) await expect(reader.actions.getByRole('button', { name })).toBeHidden();
  expect(await sideways(phone.page)).toBe(0);
  await phone.goto('/more');
  await elder().uncheck();
  await expect(phone.page.locator('html')).toHaveCSS('font-size', '18px');
  await expect(phone.page.getByRole('group', { name: 'Cỡ chữ' })).toBeVisible();
});

test('with the keyboard a paragraph is chosen, copied with its reference, and left again', async ({ device }) => {
  const phone = await device('p100');
  const reader = await open(phone, REPORT_TITLE);
  await whole(reader);
  const keys = phone.page.keyboard;
  await reader.paragraph(MIDDLE).focus();
  await keys.press('Enter');
  await expect(reader.actions.getByRole('link', { name: 'Góp ý đoạn này' })).toBeFocused();
  const names = ['Ghi chú', 'Tô nổi bật', 'Đánh dấu', 'Sao chép'];
  for (const name of names) {
    await keys.press('Tab');
    await expect(reader.actions.locator(':focus')).toHaveText(name);
  }
  await keys.press('Enter');
  await expect(reader.actions.getByText('Đã sao chép')).toBeVisible();
  const copied = await phone.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^Đoàn Thanh niên[^]+\n\(Báo cáo chính trị, Phần .+, mục .+\)$/);
  await keys.press('Escape');
  await expect(reader.actions).toBeHidden();
  await expect(reader.paragraph(MIDDLE)).toBeFocused();
});

test('on paper there is the text, and nothing of the app', async ({ device }) => {
  const phone = await device('p100');
  const reader = await open(phone, REPORT_TITLE);
  await whole(reader);
  const count = await reader.text.locator('[id^="b-"]').count();
  await phone.goto(REPORT);
  // Before all of it has come: what is asked for on paper is whole.
  await expect(reader.paragraphs.first()).toBeAttached();
  await phone.page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await expect(reader.text.locator('[id^="b-"]')).toHaveCount(count);
  await phone.page.emulateMedia({ media: 'print' });
  await expect(reader.paragraph(MIDDLE)).toBeVisible();
  // These sources have no letterhead, which would carry the title.
  await expect(reader.title.first()).toBeVisible();
  for (const hidden of [reader.search, phone.page.getByRole('banner'), phone.app.tabs, phone.page.getByRole('button', { name: 'Nghe đọc' })]) {
    await expect(hidden).toBeHidden();
  }
  await expect(reader.text.getByRole('columnheader', { name: 'Mục tiêu nghị quyết' }).first()).toBeVisible();
});

test('the device’s voice reads on from the paragraph, sentence by sentence, with the words shown', { tag: '@tablet' }, async ({ device }) => {
  const phone = await device('p100');
  await giveVoices(phone.page, ['en-US', 'vi_VN']);
  await phone.goto(REPORT);
  const reader = new Reader(phone.page);
  await whole(reader);
  const listen = phone.page.getByRole('button', { name: 'Nghe đọc' });
  const bar = phone.page.getByRole('toolbar', { name: 'Nghe đọc' });
  const now = reader.text.locator('mark#spoken');
  await reader.select(MIDDLE);
  await listen.click();

  await test.step('the first sentence, then the next', async () => {
    await expect(now).toHaveText(/^Đoàn Thanh niên .*nộp hồ sơ\.$/);
    await expect(bar).toContainText(/^Đang đọc: .*mục/);
    await expect(now).toBeInViewport();
    await endSentence(phone.page);
    await expect(now).toHaveText(/^Hội Cựu chiến binh/);
  });
  await test.step('a pause keeps the sentence', async () => {
    await bar.getByRole('button', { name: 'Tạm dừng' }).click();
    expect((await spoken(phone.page)).speaking).toBe(false);
    await bar.getByRole('button', { name: 'Đọc tiếp' }).click();
    await expect.poll(async () => (await spoken(phone.page)).said.slice(-2)).toEqual([expect.stringMatching(/^Hội Cựu chiến binh/), expect.stringMatching(/^Hội Cựu chiến binh/)]);
  });
  await test.step('on into the next paragraph', async () => {
    await endSentence(phone.page);
    await endSentence(phone.page);
    await expect(now).toHaveText(/^6\. Kết quả thực hiện các chỉ tiêu/);
    await expect(now).toBeInViewport();
  });
  await test.step('it stops when it is told to, and when the screen is left', async () => {
    await bar.getByRole('button', { name: 'Dừng đọc' }).click();
    await expect(now).toHaveCount(0);
    expect((await spoken(phone.page)).speaking).toBe(false);
    await listen.click();
    await expect(now).toBeVisible();
    await phone.app.go('Ý kiến');
    expect((await spoken(phone.page)).speaking).toBe(false);
  });
});

test('a device without a Vietnamese voice says so', async ({ device }) => {
  const phone = await device('p100');
  await giveVoices(phone.page, ['en-US', 'fr-FR']);
  await phone.goto(REPORT);
  await whole(new Reader(phone.page));
  await phone.page.getByRole('button', { name: 'Nghe đọc' }).click();
  const bar = phone.page.getByRole('toolbar', { name: 'Nghe đọc' });
  await expect(bar).toContainText('Máy này chưa có giọng đọc tiếng Việt');
  await bar.getByRole('button', { name: 'Đóng' }).click();
  await expect(bar).toBeHidden();
  expect((await spoken(phone.page)).said).toEqual([]);
});

test('a picture of a Word file stands where it stood, without a network too', async ({ server, device }) => {
  const pack = fs.mkdtempSync(path.join(WORK, 'pack-'));
  fs.cpSync(PACK, pack, { recursive: true });
  fs.copyFileSync(path.join(ROOT, 'crates/pack/tests/docx/libreoffice/20-pictures.docx'), path.join(pack, 'documents/30-so-do.docx'));
  const row = '30-so-do.docx,so-do,guide,Sơ đồ hội trường,1,,none,';
  fs.writeFileSync(path.join(pack, 'documents.csv'), `file,id,kind,title,version,released_at,secrecy,files\n${row}\n`);
  await server.command('import', pack, '--data', server.dataDir);
  fs.rmSync(pack, { recursive: true });
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  await expect(phone.page.getByText('15/15 văn kiện đã lưu trên máy')).toBeVisible();
  await server.stop();
  await phone.goto('/documents/so-do');
  const picture = new Reader(phone.page).text.locator('img').first();
  await expect(picture).toHaveAttribute('src', /^blob:/);
});
