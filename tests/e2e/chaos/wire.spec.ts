// What the network of a hall does to a phone between "saved" and "received": nothing is lost, nothing is doubled, nothing
// is claimed that is not so, and nobody waits for the network.
import { Comments, Compose } from '../pages/comments.ts';
import { Documents } from '../pages/documents.ts';
import { Enrolment } from '../pages/enrolment.ts';
import { expect, test } from '../support/fixtures.ts';
import { Pen } from '../support/pen.ts';
import { FAULTS } from '../support/wire.ts';

const isApi = ({ url = '' }: { url?: string }) => url.startsWith('/api/');

// First, because it mostly waits: others run beside it.
test('a stream that has gone silent is noticed without anybody’s help', async ({ server, wire, device }) => {
  test.slow();
  const phone = await device('p100', { host: wire });
  await phone.app.go('Ý kiến');
  await phone.app.expectSynced();
  const pen = await Pen.of(server, 'p100');
  await pen.submit({ text: 'Trước khi im lặng.' });
  await expect(new Comments(phone.page).card('Trước khi im lặng.')).toBeVisible();
  wire.silence();
  await pen.submit({ text: 'Trong lúc im lặng.' });
  await expect(new Comments(phone.page).card('Trong lúc im lặng.')).toBeVisible({ timeout: 90_000 });
});

for (const fault of FAULTS) {
  test(`${fault}: what was written stays, is not called received, and arrives once`, async ({ wire, device }) => {
    const phone = await device('p100', { host: wire });
    await phone.app.go('Ý kiến');
    const comments = new Comments(phone.page);
    wire.weather = { fault: () => fault };
    await comments.submit({ text: 'Viết khi đường truyền hỏng.' });
    await phone.app.retryNow();
    await expect.poll(() => wire.struck.get(fault) ?? 0).toBeGreaterThan(1);
    const card = comments.card('Viết khi đường truyền hỏng.');
    await expect(card).toContainText(/Đã lưu trên máy, sẽ gửi khi có mạng|Đang gửi/);
    await phone.page.reload();
    await phone.app.waitUntilReady();
    await expect(card).toContainText(/Đã lưu trên máy, sẽ gửi khi có mạng|Đang gửi/);

    wire.weather = {};
    // What never gets an answer is given up by nobody but the person who opens the app again.
    await phone.page.reload();
    await phone.app.waitUntilReady();
    await expect(card).toContainText('Đã nhận, số 1,');
    await comments.submit({ text: 'Ý kiến sau đó.' });
    await expect(comments.card('Ý kiến sau đó.')).toContainText('Đã nhận, số 2,');
    await expect(comments.mine).toHaveCount(2);
  });
}

test('on a line where every other answer is lost, ten comments arrive once each, in their order', async ({ wire, device }) => {
  const phone = await device('p100', { host: wire });
  await phone.app.go('Ý kiến');
  const comments = new Comments(phone.page);
  let asked = 0;
  wire.weather = { fault: request => (isApi(request) && asked++ % 2 === 0 ? 'answer lost' : null) };
  const texts = Array.from({ length: 10 }, (_, at) => `Ý kiến thứ ${at + 1}.`);
  for (const text of texts) await comments.submit({ text });
  for (const [at, text] of texts.entries()) {
    await expect(comments.card(text)).toContainText(`Đã nhận, số ${at + 1},`, { timeout: 45_000 });
  }
  await expect(comments.mine).toHaveCount(texts.length);
  expect(wire.struck.get('answer lost')).toBeGreaterThan(1);
});

test('on a line where every file of the app and every answer must be asked for twice, a phone still becomes ready for the hall', async ({ wire, device }) => {
  test.slow();
  const phone = await device(undefined, { host: wire });
  const enrolment = new Enrolment(phone.page);
  await enrolment.open(await wire.enrol('p100'));
  await expect(enrolment.confirmButton).toBeVisible();
  const asked = new Set<string>();
  wire.weather = {
    // Documents are fetched one after the other, with a pause after each that failed: one of them is enough here.
    fault: ({ url = '' }) => {
      const what = url.replace(/\/(stream\?|blobs\/).*/, '/$1');
      if (asked.has(what)) return null;
      asked.add(what);
      return 'broken off';
    },
  };
  await enrolment.confirm();
  const again = phone.page.getByRole('button', { name: 'Thử lại' });
  await expect(again.or(enrolment.steps.first())).toBeVisible();
  if (await again.isVisible()) await again.click();
  await expect(enrolment.ready).toBeVisible({ timeout: 80_000 });
  expect(wire.struck.get('broken off')).toBeGreaterThan(2);
});

test('a phone whose first worker cannot be stored becomes ready by itself when it can', async ({ wire, device }) => {
  test.slow();
  let broken = true;
  wire.weather = { fault: ({ url = '' }) => (broken && url === '/manifest.webmanifest' ? 'broken off' : null) };
  const phone = await device(undefined, { host: wire });
  const enrolment = new Enrolment(phone.page);
  await enrolment.open(await wire.enrol('p100'));
  await enrolment.confirm();
  await expect(enrolment.steps.filter({ hasText: 'Văn kiện' }).last()).toContainText('14/14');
  await expect.poll(() => wire.struck.get('broken off') ?? 0).toBeGreaterThan(0);
  await expect(enrolment.ready, 'nothing is promised that is not so').toBeHidden();
  broken = false;
  await expect(enrolment.ready).toBeVisible({ timeout: 80_000 });
});

test('on a slow line nobody waits: what is on the phone opens at once, and what is written is saved at once', async ({ wire, device }) => {
  const phone = await device('p100', { host: wire });
  wire.weather = { latency_ms: 4_000, bytes_per_second: 4_000 };
  const within = { timeout: 2_000 };
  await phone.page.reload();
  await expect(phone.page.locator('html')).toHaveAttribute('data-app', 'ready', within);
  await phone.app.tab('Văn kiện').click();
  await expect(phone.app.heading('Văn kiện')).toBeVisible(within);
  await new Documents(phone.page).open('Dự thảo Báo cáo chính trị');
  await phone.app.tab('Ý kiến').click();
  await new Comments(phone.page).writeLink.click();
  const compose = new Compose(phone.page);
  await compose.text.fill('Viết trên đường truyền chậm.');
  await compose.sendButton.click();
  await expect(phone.page.getByRole('status').filter({ hasText: 'Đã lưu trên máy' }).first()).toBeVisible(within);
  await expect(new Comments(phone.page).card('Viết trên đường truyền chậm.')).toContainText('Đã nhận, số 1,', { timeout: 60_000 });
});

test('a stream that is cut again and again keeps nothing from its reader', async ({ server, wire, device }) => {
  const phone = await device('p100', { host: wire });
  await phone.app.go('Ý kiến');
  const pen = await Pen.of(server, 'p100');
  for (let at = 1; at <= 6; at++) {
    wire.cut();
    await pen.submit({ text: `Viết từ máy khác, lần ${at}.` });
    await expect(new Comments(phone.page).card(`lần ${at}.`)).toContainText(`Đã nhận, số ${at},`, { timeout: 45_000 });
  }
});
