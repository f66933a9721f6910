// Searching everything that the device holds, with the server stopped all the while.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Comments, Compose } from './pages/comments.ts';
import { Reader } from './pages/documents.ts';
import { Note } from './pages/notes.ts';
import { Search } from './pages/search.ts';
import { type Device, expect, test } from './support/fixtures.ts';
import type { TestServer } from './support/server.ts';

const REPORT = /^Dự thảo Báo cáo chính trị/;
const MOTTO = 'Đoàn kết - Gương mẫu - Đổi mới - Phục vụ - Hiệu quả';

/** A device of a person without a network, on the screen of the search. */
async function offline(server: TestServer, device: (person: string) => Promise<Device>, person = 'p100'): Promise<[Device, Search]> {
  const phone = await device(person);
  await server.stop();
  await phone.app.go('Văn kiện');
  return [phone, new Search(phone.page)];
}

/** What axe calls serious or critical. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('#lifeboat').analyze();
  const heavy = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return heavy.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(node => node.html).join(' | ')}`);
}

test('words are found without accents and with, in any order and as a phrase, and lead to the paragraph', { tag: '@tablet' }, async ({ server, device }) => {
  const [phone, search] = await offline(server, device);

  await test.step('as one types, without accents', async () => {
    await search.box.pressSequentially('phuong cham dai h', { delay: 30 });
    await expect(search.group(REPORT).locator('mark', { hasText: /^Phương châm Đại hội$/i }).first()).toBeVisible();
    await expect(search.summary).toHaveText(/^\d+ đoạn trong \d+ văn kiện/);
  });
  const all = await test.step('with accents it is the same, and what has them comes first', async () => {
    await search.find('phuong cham dai hoi');
    const all = await search.summary.innerText();
    await search.find('phương châm đại hội');
    await expect(search.summary).toHaveText(all);
    return all;
  });
  await test.step('in another order too', async () => {
    await search.find('hoi dai cham phuong ');
    await expect(search.summary).toHaveText(all);
  });
  await test.step('in quotation marks only as it stands', async () => {
    await search.find('"hoi dai cham phuong"');
    await expect(search.nothing).toBeVisible();
    await search.find('"phương châm đại hội"');
    await expect(search.group(REPORT).locator('mark', { hasText: /^Phương châm Đại hội$/i }).first()).toBeVisible();
  });
  await test.step('a tap leads to the paragraph, and back to what was found', async () => {
    await search.find(MOTTO);
    await search.hits(REPORT).first().getByRole('link').click();
    await expect(new Reader(phone.page).paragraph(MOTTO)).toBeInViewport();
    await phone.page.goBack();
    await expect(search.box).toHaveValue(MOTTO);
    await expect(search.hits(REPORT).first()).toContainText(MOTTO);
  });
  await test.step('the words stand in the address: they survive a reload', async () => {
    await phone.page.reload();
    await expect(search.hits(REPORT).first()).toContainText(MOTTO);
  });
  await test.step('nothing is said to be nothing', async () => {
    await search.find('zzzz');
    await expect(search.nothing).toBeVisible();
    await search.box.fill('');
    await expect(phone.page.getByText(/^\d+\/\d+ văn kiện đã lưu trên máy/)).toBeVisible();
  });
});

test('where a tone is put does not matter', async ({ server, device }) => {
  const [, search] = await offline(server, device);
  for (const [one, other] of [['hòa giải ', 'hoà giải '], ['ủy ban kiểm tra ', 'uỷ ban kiểm tra '], ['ủy ban kiểm tra ', 'u\u0309y ban kie\u0302\u0309m tra ']]) {
    await search.find(one);
    const [summary, titles] = [await search.summary.innerText(), await search.titles()];
    expect(titles.length).toBeGreaterThan(0);
    await search.find(other);
    await expect(search.summary).toHaveText(summary);
    expect(await search.titles()).toEqual(titles);
    await expect(search.groups.first().locator('mark').first()).toBeVisible();
  }
});

test('counts stand with each document, and more is shown on request', { tag: '@tablet' }, async ({ server, device }) => {
  const [phone, search] = await offline(server, device);
  await search.find('chuyển đổi số');
  const [passages, documents] = /^(\d+) đoạn trong (\d+) văn kiện/.exec(await search.summary.innerText())!.slice(1).map(Number);
  const group = search.group(REPORT);
  const count = parseInt(await group.locator('.found__count').innerText());
  expect(count).toBeGreaterThan(3);
  expect(count).toBeLessThan(passages);
  await expect(search.groups).toHaveCount(documents);
  const counts = await search.groups.locator('.found__count').or(search.groups.getByRole('button', { name: /^Xem \d/ })).allInnerTexts();
  const sum = counts.reduce((sum, text) => sum + Number(/\d+/.exec(text)), 0);
  expect(sum).toBe(passages);

  await expect(group.getByRole('listitem')).toHaveCount(2);
  await group.getByRole('button', { name: /^Xem thêm \d+ đoạn/ }).click();
  await expect(group.getByRole('listitem')).toHaveCount(Math.min(count, 32));
  await expect(group.getByRole('listitem').nth(2).getByRole('link')).toBeFocused();
  expect(await barriers(phone.page)).toEqual([]);
});

test('the programme and the people on it are found, people by their given name first', { tag: '@tablet' }, async ({ server, device }) => {
  const [phone, search] = await offline(server, device);
  await search.find('dien van khai mac');
  await search.hits('Chương trình').getByRole('link', { name: /Diễn văn khai mạc Đại hội/ }).first().click();
  await expect(phone.app.heading('Diễn văn khai mạc Đại hội')).toBeVisible();
  await phone.page.goBack();

  await test.step('a chair, by the given name', async () => {
    await search.find('thinh');
    expect((await search.titles())[0]).toBe('Người');
    const person = search.hits('Người').first();
    await expect(person).toContainText('Hoàng Đức Thịnh');
    await expect(person).toContainText('Bí thư Đảng ủy Các cơ quan tỉnh');
    await expect(person.locator('mark')).toHaveText('Thịnh');
    await person.getByRole('link').click();
    await expect(phone.page).toHaveURL(/\/agenda\/[a-z]/);
    await expect(phone.app.main.getByText('Hoàng Đức Thịnh').first()).toBeVisible();
  });
  await test.step('oneself, with the seat; other delegates are not on this device', async () => {
    await phone.goto('/documents?q=hue+vu');
    await expect(search.hits('Người')).toHaveCount(1);
    await expect(search.hits('Người')).toContainText('Vũ Thị Huệ');
    await expect(search.hits('Người')).toContainText('Ghế E-14');
    await search.find('tong huy quang');
    await expect(search.group('Người')).toHaveCount(0);
  });
});

test('a desk finds whom it expects, with organisation and seat', async ({ server, device }) => {
  const [phone, search] = await offline(server, device, 's01');
  await search.find('quang huy');
  const person = search.hits('Người').filter({ hasText: 'Tống Huy Quang' });
  await expect(person).toContainText('Ghế E-15');
  await person.getByRole('link').click();
  await expect(phone.app.heading('Quét thẻ')).toBeVisible();
});

test('my comments and notes are found before any server has them', { tag: '@tablet' }, async ({ server, device }) => {
  const [phone, search] = await offline(server, device);

  await test.step('a comment that waits', async () => {
    await phone.app.go('Ý kiến');
    await new Comments(phone.page).submit({ text: 'Nên dành quỹ riêng cho thư viện lưu động.' });
    await phone.goto('/documents');
    await search.find('luu dong thu vien');
    const comment = search.hits('Ý kiến của tôi');
    await expect(comment).toHaveCount(1);
    await comment.getByRole('link').click();
    await expect(phone.app.main.getByText('Nên dành quỹ riêng cho thư viện lưu động.')).toBeVisible();
  });
  await test.step('a note, under its paragraph', async () => {
    await phone.goto('/documents/bao-cao-chinh-tri');
    const reader = new Reader(phone.page);
    await reader.select(MOTTO);
    await reader.actions.getByRole('link', { name: 'Ghi chú', exact: true }).click();
    await new Note(phone.page).save('Hỏi lại nhóm xây dựng câu chữ ngày mai.');
    await phone.goto('/documents');
    await search.find('nhom xay dung cau chu ngay mai');
    await search.hits('Ghi chú của tôi').getByRole('link').click();
    await expect(reader.paragraph(MOTTO)).toBeInViewport();
  });
  await test.step('a draft', async () => {
    await phone.goto('/comments/new');
    const compose = new Compose(phone.page);
    await compose.write({ text: 'Chưa nghĩ xong về bể bơi.' });
    await expect(compose.saved).toBeVisible();
    await phone.goto('/documents?q=be+boi');
    await expect(search.hits('Ý kiến của tôi')).toContainText('Bản nháp');
    await search.hits('Ý kiến của tôi').getByRole('link').click();
    await expect(compose.text).toHaveValue('Chưa nghĩ xong về bể bơi.');
  });
});

test('the search is reached by keyboard from the notes, and says what it found', async ({ server, device }) => {
  const [phone, search] = await offline(server, device);
  await phone.goto('/notes');
  await phone.app.main.getByRole('link', { name: 'Tìm trong mọi thứ' }).press('Enter');
  await expect(phone.app.heading('Văn kiện')).toBeFocused();
  await phone.page.keyboard.press('Tab');
  await expect(search.box).toBeFocused();
  await search.box.pressSequentially('noi quy');
  await expect(phone.page.getByRole('status').filter({ hasText: /đoạn trong \d+ văn kiện/ })).toHaveCount(1);
  await expect(search.groups.first()).toBeVisible();
  await search.box.pressSequentially(' dai hoi');
  await search.box.press('Tab');
  expect(await phone.page.evaluate(() => new URLSearchParams(location.search).get('q')), 'whoever leaves comes back to it').toBe('noi quy dai hoi');
  await search.find('noi quy');
  await search.box.press('Tab');
  await expect(search.groups.first().getByRole('link').first()).toBeFocused();
  expect(await barriers(phone.page)).toEqual([]);
});

test('whoever goes back while typing stays where they went', async ({ device }) => {
  const phone = await device('p100');
  await phone.app.go('Thêm');
  await phone.app.go('Văn kiện');
  await new Search(phone.page).box.pressSequentially('noi quy');
  await phone.page.evaluate(() => history.back());
  await expect(phone.app.heading('Thêm')).toBeVisible();
  // Longer than words wait to be kept.
  await phone.page.waitForTimeout(1_500);
  await expect(phone.page).toHaveURL(/\/more$/);
});
