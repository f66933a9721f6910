// "Điều hành": the presidium reads what comes in, orders the queue and gives the floor.
import { Console } from './pages/console.ts';
import { type Device, expect, test } from './support/fixtures.ts';
import { Pen } from './support/pen.ts';
import type { TestServer } from './support/server.ts';

const [HUE, QUANG, TAM, NHAM] = ['Vũ Thị Huệ', 'Tống Huy Quang', 'Chu Thị Tâm', 'Thân Thị Nhâm'];

/** Four delegates have written, three of them ask for the floor. */
async function write(server: TestServer): Promise<void> {
  const [p100, p101, p102, p014] = await Promise.all(['p100', 'p101', 'p102', 'p014'].map(id => Pen.of(server, id)));
  const report = { about: 'document', document: 'bao-cao-chinh-tri', version: 3 } as const;
  await p100.submit({ text: 'Chuyển đổi số cần người làm được.', stance: 'partial', floor: 5, anchor: report });
  await p101.submit({ text: 'Nguồn lực đầu tư công chưa rõ.', stance: 'disagree', floor: 7 });
  await p102.submit({ text: 'Nhất trí với dự thảo.', stance: 'agree', floor: 3 });
  await p014.submit({ text: 'Đề nghị nêu rõ trách nhiệm.', stance: 'disagree', anchor: { about: 'item', item: 'thao-luan-hoi-truong' } });
}

async function consoleOf(device: Device): Promise<Console> {
  const console = new Console(device.page);
  await console.open();
  await expect(console.cards).toHaveCount(4);
  return console;
}

test('comments can be found by document, delegation, stance, request for the floor and words without accents', async ({ server, device }) => {
  await write(server);
  const tablet = await device('p001', { size: 'tablet' });
  const console = await consoleOf(tablet);
  const count = console.incoming.getByText(/^\d+ ý kiến, \d+ đăng ký phát biểu$/);
  await expect(count).toHaveText('4 ý kiến, 3 đăng ký phát biểu');
  await expect(console.cards.first()).toContainText(NHAM);

  await console.search.fill('chuyen doi so');
  await expect(console.cards).toHaveCount(1);
  await expect(console.cards).toContainText(HUE);
  await console.search.fill('');

  await console.openFilters();
  const choose = (name: string, option: string | { label: string }) =>
    console.incoming.getByRole('combobox', { name }).selectOption(option);
  await choose('Quan điểm', 'Không tán thành');
  await expect(console.cards).toHaveCount(2);
  await console.incoming.getByRole('switch', { name: 'Chỉ người đăng ký phát biểu' }).check();
  await expect(console.cards).toHaveCount(1);
  await expect(console.cards).toContainText(QUANG);
  await console.incoming.getByRole('button', { name: 'Bỏ bộ lọc' }).click();
  await expect(console.cards).toHaveCount(4);

  await choose('Đoàn', 'Đoàn số 5');
  await expect(console.cards).toContainText([NHAM]);
  await console.incoming.getByRole('button', { name: 'Bỏ bộ lọc' }).click();
  const abouts = console.incoming.getByRole('combobox', { name: 'Văn kiện, nội dung' });
  const report = await abouts.getByRole('option').filter({ hasText: 'Báo cáo chính trị' }).innerText();
  await abouts.selectOption(report);
  await expect(console.cards).toContainText([HUE]);
  await choose('Đoàn', 'Đoàn số 5');
  await expect(console.incoming.getByText('Không có ý kiến nào khớp')).toBeVisible();
});

test('a new comment waits behind a banner until it is wanted, so that nothing moves under a finger', { tag: '@tablet' }, async ({ server, device }) => {
  await write(server);
  const tablet = await device('p001');
  const console = await consoleOf(tablet);
  const pen = await Pen.of(server, 'p103');
  await pen.submit({ text: 'Vừa viết xong.' }, { text: 'Và một ý nữa.' });
  await expect(console.fresh).toHaveAccessibleName('Xem 2 ý kiến mới');
  await expect(console.cards).toHaveCount(4);
  await console.fresh.click();
  await expect(console.cards).toHaveCount(6);
  await expect(console.cards.first()).toContainText('Và một ý nữa.');
  await expect(console.fresh).toHaveCount(0);
});

test('the queue is ordered by buttons, by finger and by keyboard, and one can be taken off it', async ({ server, device }) => {
  await write(server);
  const tablet = await device('p001', { size: 'tablet' });
  const console = await consoleOf(tablet);
  for (const name of [HUE, QUANG, TAM]) await console.button('Đưa vào hàng chờ', name).click();
  await console.expectQueue(HUE, QUANG, TAM);
  await console.button('Đưa lên', TAM).click();
  await console.expectQueue(HUE, TAM, QUANG);

  await console.button('Đưa xuống', HUE).press('Enter');
  await console.expectQueue(TAM, HUE, QUANG);
  await expect(console.button('Đưa xuống', HUE)).toBeFocused();
  await console.button('Đưa xuống', HUE).press('Enter');
  await console.expectQueue(TAM, QUANG, HUE);
  await expect(console.button('Đưa xuống', HUE)).toHaveAttribute('aria-disabled', 'true');

  await console.button('Bỏ khỏi hàng chờ', QUANG).click();
  const question = tablet.page.getByRole('dialog');
  await expect(question).toContainText(`Bỏ đồng chí ${QUANG} khỏi hàng chờ?`);
  await question.getByRole('button', { name: 'Giữ nguyên' }).click();
  await console.expectQueue(TAM, QUANG, HUE);
  await console.button('Bỏ khỏi hàng chờ', QUANG).click();
  await question.getByRole('button', { name: 'Bỏ khỏi hàng chờ' }).click();
  await console.expectQueue(TAM, HUE);
  await expect(console.button('Đưa vào hàng chờ', QUANG)).toBeVisible();
});

test('two of the presidium who order the queue at the same time end with the same queue', async ({ server, device }) => {
  await write(server);
  const [one, two] = await Promise.all([device('p001', { size: 'tablet' }), device('p002', { size: 'tablet' })]);
  const [first, second] = [await consoleOf(one), await consoleOf(two)];
  for (const name of [HUE, QUANG, TAM]) await first.button('Đưa vào hàng chờ', name).click();
  await second.expectQueue(HUE, QUANG, TAM);

  await Promise.all([first.button('Đưa lên', TAM).click(), second.button('Đưa xuống', HUE).click()]);
  const names = (console: Console) => console.queue.locator('.queue__name').allInnerTexts();
  await one.app.expectSynced();
  await two.app.expectSynced();
  await expect(async () => {
    const [left, right] = [await names(first), await names(second)];
    expect(left).toEqual(right);
    expect([...left].sort()).toEqual([HUE, QUANG, TAM].map(name => `đồng chí ${name}`).sort());
    expect(left[0]).not.toBe(`đồng chí ${HUE}`);
  }).toPass({ timeout: 10_000 });

  await test.step('what one gives, the other sees given', async () => {
    const [leader] = await names(first);
    const name = leader.replace('đồng chí ', '');
    await first.button('Mời phát biểu', name).click();
    await expect(second.now).toContainText('Đã mời, đang lên diễn đàn');
    await expect(second.now).toContainText(name);
    await expect(second.queue.first().getByRole('button', { name: /^Mời phát biểu/ })).toHaveAccessibleDescription(
      `Đồng chí ${name} đang có diễn đàn. Kết thúc rồi mời người tiếp theo.`,
    );
  });
});

test('without a network the queue can be ordered, and the floor cannot be given, with the reason', async ({ server, device }) => {
  await write(server);
  const tablet = await device('p001', { size: 'tablet' });
  const console = await consoleOf(tablet);
  for (const name of [HUE, QUANG]) await console.button('Đưa vào hàng chờ', name).click();
  await console.expectQueue(HUE, QUANG);
  await tablet.app.expectSynced();
  await server.stop();

  const call = console.button('Mời phát biểu', HUE);
  await expect(call).toHaveAttribute('aria-disabled', 'true');
  await expect(call).toHaveAccessibleDescription('Cần có mạng: việc này chờ máy chủ trả lời.');
  await console.button('Đưa lên', QUANG).click();
  await console.expectQueue(QUANG, HUE);
  await tablet.app.expectOffline(1);

  await server.start();
  await tablet.app.retryNow();
  await expect(call).toHaveAttribute('aria-disabled', 'false');
  await tablet.restart('/console');
  await new Console(tablet.page).expectQueue(QUANG, HUE);
});

test('on a phone the three panes are three tabs', async ({ server, device }) => {
  await write(server);
  const phone = await device('p001', { size: 'phone' });
  const console = await consoleOf(phone);
  await console.button('Đưa vào hàng chờ', HUE).click();
  await phone.page.getByRole('tab', { name: /^Hàng chờ/ }).click();
  await expect(console.incoming).toBeHidden();
  await console.expectQueue(HUE);
  await console.button('Mời phát biểu', HUE).click();
  await phone.page.getByRole('tab', { name: /^Diễn đàn/ }).click();
  await expect(console.now.getByRole('heading', { name: `đồng chí ${HUE}` })).toBeVisible();
  await console.now.getByRole('button', { name: `Vắng, bỏ qua: ${HUE}` }).click();
  await phone.page.getByRole('dialog').getByRole('button', { name: 'Bỏ khỏi hàng chờ' }).click();
  await expect(console.now).toContainText('Chưa mời ai phát biểu.');
});

test('somebody who is not of the presidium is told whose screen it is', async ({ device }) => {
  const phone = await device('p100');
  await expect(phone.app.tab('Điều hành')).toHaveCount(0);
  await phone.goto('/console');
  await expect(phone.app.main.getByText('Màn hình của Đoàn Chủ tịch')).toBeVisible();
});
