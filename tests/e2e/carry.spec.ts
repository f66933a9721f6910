// Carrying the pack: what is needed first comes first, a cut line costs nothing but time, every state is said in words,
// and what must not be on a device is not there.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Compose, Comments } from './pages/comments.ts';
import { Documents, Reader } from './pages/documents.ts';
import { Enrolment } from './pages/enrolment.ts';
import { Note, Notes } from './pages/notes.ts';
import { Operations } from './pages/operations.ts';
import { Recall } from './pages/recall.ts';
import { type Device, expect, test } from './support/fixtures.ts';
import type { TestServer } from './support/server.ts';
import { bringSecond } from './support/second-version.ts';
import { everythingOn } from './support/storage.ts';

/** p100 of the demo congress. */
const DELEGATE = 'Vũ Thị Huệ';
const RULES = 'Nội quy Đại hội';
const GUIDE = 'Hướng dẫn sinh hoạt';
const QUOTED = 'Đại biểu có mặt tại Trung tâm Hội nghị tỉnh';
/** Words of the rules that nobody quotes. */
const UNQUOTED = 'Không hút thuốc';
const FILE = 'so-do-cho-ngoi.png';
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A moment as a pack writes it, by the hall's clock. */
function written(at: number): string {
  const [date = '', time = ''] = new Date(at + 7 * 60 * MINUTE_MS).toISOString().split('T');
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 5)}`;
}

/** The congress in its second day, whatever day it is. */
async function moveToToday(server: TestServer): Promise<void> {
  const days = ['25/11/2026', '26/11/2026', '27/11/2026'];
  const now = [-1, 0, 1].map(at => written(Date.now() + at * DAY_MS).slice(0, 10));
  const moved = (text: string) =>
    days.reduce((text, day, at) => text.replaceAll(day, `day ${at}`), text).replace(/day (\d)/g, (_, at) => now[Number(at)] ?? '');
  if (now[0] !== days[0]) await server.importChanged({ program: moved, congress: moved });
}

interface Row {
  kind: string;
  id: string;
  data: any;
}

/** The rows of a device as its cache holds them. */
async function rowsOn(page: Page): Promise<Row[]> {
  const all = (await everythingOn(page)).matchAll(/^\S+\u0001(\S+)\u0001(\S+)\n\d+\n(\{.*\})$/gm);
  return [...all].map(([, kind = '', id = '', data = '']) => ({ kind, id, data: JSON.parse(data) }));
}

/** Hashes of what is asked for, in the order in which it is. */
function watchBlobs(phone: Device): string[] {
  const asked: string[] = [];
  phone.context.on('request', request => {
    const [, sha256] = new URL(request.url()).pathname.match(/\/blobs\/([0-9a-f]{64})$/) ?? [];
    if (sha256) asked.push(sha256);
  });
  return asked;
}

const isBlob = (url = '') => url.includes('/blobs/');

test('the papers of today come first, then those of tomorrow; one that is opened does not wait', async ({ server, wire, device }) => {
  await moveToToday(server);
  const phone = await device(undefined, { host: wire });
  const asked = watchBlobs(phone);
  const enrolment = new Enrolment(phone.page);
  await enrolment.open(await wire.enrol('p100'));
  wire.weather = { latency_ms: 700 };
  await enrolment.confirm();
  await phone.page.getByRole('link', { name: /^Mở Chương trình/ }).click();
  await phone.app.go('Văn kiện');
  const last = new Documents(phone.page).row(GUIDE).first();
  await expect(last).toContainText(/Chờ tải/);
  const before = asked.length;
  await last.getByRole('link').first().click();
  await expect(new Reader(phone.page).paragraphs.first()).toBeVisible();

  wire.weather = {};
  await phone.app.go('Văn kiện');
  await expect(phone.page.getByText('14/14 văn kiện đã lưu trên máy')).toBeVisible();
  const rows = await rowsOn(phone.page);
  const items = rows.filter(row => row.kind === 'item' && row.data.status !== 'dropped').map(row => row.data);
  const documents = rows.filter(row => row.kind === 'document').map(row => row.data);
  const today = written(Date.now()).slice(0, 10).split('/').reverse().join('-');
  /** 0 today, then the days to come, then the rest. */
  const dayOf = (id: string) => {
    const dates = items.filter(item => (item.documents ?? []).includes(id) && item.date >= today).map(item => item.date).sort();
    return dates[0] ?? '9999';
  };
  const texts = new Map<string, string>(documents.map(document => [document.text_sha256, document.id]));
  const opened = documents.find(document => document.title.startsWith(GUIDE)).id;
  const fetched = [...new Set(asked)].map(sha256 => texts.get(sha256)).filter(id => id !== undefined);
  expect(fetched.length).toBe(14);
  const days = fetched.filter(id => id !== opened).map(dayOf);
  expect(days, 'day by day').toEqual([...days].sort());
  expect(new Set(days).size, 'of more than one day').toBeGreaterThan(1);
  expect(asked.indexOf(documents.find(document => document.id === opened).text_sha256), 'at once').toBeLessThanOrEqual(before + 1);
  expect(asked.length, 'nothing twice').toBe(new Set(asked).size);
});

test('a line that breaks costs nothing but time: what is missing is named, and only that is fetched again', { tag: '@tablet' }, async ({ wire, device }) => {
  test.slow();
  const phone = await device(undefined, { host: wire });
  const enrolment = new Enrolment(phone.page);
  await enrolment.open(await wire.enrol('p100'));
  // One text always comes broken; after five more the line is gone.
  let broken = '';
  const whole: string[] = [];
  let down = false;
  wire.weather = {
    latency_ms: 150,
    fault: ({ url }) => {
      if (down) return 'request lost';
      if (!isBlob(url)) return null;
      broken ||= url ?? '';
      if (url === broken) return 'broken off';
      whole.push(url ?? '');
      down = whole.length === 5;
      return null;
    },
  };
  await enrolment.confirm();
  await expect.poll(() => down, { timeout: 30_000 }).toBe(true);
  await phone.page.getByRole('link', { name: /^Mở Chương trình/ }).click();
  await phone.app.go('Văn kiện');
  await expect(phone.page.getByText(/^4\/14 văn kiện đã lưu trên máy · \d+ kB\/[\d.,]+ [kM]B$/)).toBeVisible();
  const rows = new Documents(phone.page).rows;
  await expect(rows.filter({ hasText: /Chưa tải: không có mạng/ })).toHaveCount(9);
  await expect(rows.filter({ hasText: /Đã lưu trên máy/ })).toHaveCount(4);
  await expect(rows.filter({ hasText: 'Đã lưu văn bản; tệp kèm chưa tải: không có mạng' }), 'its plan of the seats').toHaveCount(1);

  await test.step('the line is back, one text still breaks: all the others come', async () => {
    wire.weather = { fault: ({ url }) => (url === broken ? 'broken off' : (isBlob(url) && whole.push(url ?? ''), null)) };
    down = false;
    await phone.app.retryNow();
    await expect(phone.page.getByText(/^13\/14 văn kiện đã lưu trên máy/)).toBeVisible();
    await expect(rows.filter({ hasText: 'Chưa tải: tải bị hỏng, sẽ thử lại' })).toHaveCount(1);
  });
  await test.step('it comes by itself, and after a reload nothing is fetched again', async () => {
    wire.weather = { fault: ({ url }) => (isBlob(url) && whole.push(url ?? ''), null) };
    await expect(phone.page.getByText(/^14\/14 văn kiện đã lưu trên máy/)).toBeVisible({ timeout: 60_000 });
    const before = whole.length;
    await phone.page.reload();
    await expect(phone.page.getByText(/^14\/14 văn kiện đã lưu trên máy/)).toBeVisible();
    expect(whole.length).toBe(before);
    expect(new Set(whole).size, 'nothing came whole twice').toBe(whole.length);
  });
});

test('a new version that cannot come yet takes the one before from nobody', { tag: '@tablet' }, async ({ server, wire, device }) => {
  const phone = await device(undefined, { host: wire });
  await phone.enrol('p100');
  // A browser that was opened again has another page.
  const row = () => new Documents(phone.page).rows.filter({ hasText: RULES });
  const reader = () => new Reader(phone.page);
  wire.weather = { fault: ({ url }) => (isBlob(url) ? 'broken off' : null) };
  await bringSecond(server);
  const expectFirst = async () => {
    await expect(reader().paragraph('ít nhất 15 phút')).toBeVisible();
    await expect(phone.page.getByText('Đã có bản lần 2, chưa tải được về máy này.')).toBeVisible();
  };
  await test.step('it is said, and the one before is read', async () => {
    await phone.app.go('Văn kiện');
    await expect(row()).toContainText('đọc được bản lần 1');
    await new Documents(phone.page).open(RULES);
    await expectFirst();
  });
  await test.step('also after the app was closed, with no network at all', async () => {
    wire.weather = { fault: () => 'request lost' };
    await phone.restart('/documents/noi-quy');
    await expectFirst();
  });
  await test.step('when it has come, the reader asks for it, and the one before leaves', async () => {
    wire.weather = {};
    await phone.page.getByRole('button', { name: 'Xem bản mới' }).click();
    await expect(reader().paragraph('ít nhất 20 phút')).toBeVisible();
    await expect.poll(() => everythingOn(phone.page)).not.toContain('ít nhất 15 phút');
    await phone.app.go('Văn kiện');
    await expect(row()).toContainText('Đã lưu trên máy');
    await expect(row()).not.toContainText('đọc được');
  });
});

test('an attachment is let go and kept again, and a device without room says so', { tag: '@tablet' }, async ({ server, device }) => {
  const phone = await device('p100');
  await phone.app.go('Văn kiện');
  const documents = new Documents(phone.page);
  const file = phone.app.main.getByRole('listitem').filter({ hasText: FILE });
  await expect(file).toContainText('Đã lưu trên máy');
  const kept = async () => (await everythingOn(phone.page)).includes('/blob/');
  expect(await kept()).toBe(true);

  await file.getByRole('button', { name: `Bỏ khỏi máy: ${FILE}` }).click();
  await expect(file).toContainText('Không giữ trên máy, mở khi có mạng');
  await expect(documents.row(GUIDE).first()).toContainText('Đã lưu văn bản; 1 tệp kèm mở khi có mạng');
  await expect.poll(kept).toBe(false);
  await phone.page.reload();
  await expect(file).toContainText('Không giữ trên máy, mở khi có mạng');
  expect(await kept(), 'also after a start').toBe(false);
  const { violations } = await new AxeBuilder({ page: phone.page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await file.getByRole('button', { name: `Giữ trên máy: ${FILE}` }).click();
  await expect(file).toContainText('Đã lưu trên máy');
  await expect.poll(kept).toBe(true);
  await server.stop();
  const opened = phone.context.waitForEvent('page');
  await file.getByRole('button', { name: `Mở ${FILE}` }).click();
  await expect((await opened).locator('img')).toBeVisible();
  await server.start();

  await test.step('no room', async () => {
    const full = await device('p101');
    await full.context.addInitScript(() => {
      Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    });
    await full.page.evaluate(async () => {
      for (const name of await caches.keys()) if (name.startsWith('files-')) await caches.delete(name);
    });
    await full.goto('/documents');
    const row = full.app.main.getByRole('listitem').filter({ hasText: FILE });
    await expect(row).toContainText('Không đủ chỗ giữ trên máy, mở khi có mạng');
    await expect(full.page.getByText(/^14\/14 văn kiện đã lưu trên máy/), 'texts are never let go').toBeVisible();
    const shown = full.context.waitForEvent('page');
    await row.getByRole('button', { name: `Mở ${FILE}` }).click();
    await expect((await shown).locator('img')).toBeVisible();
  });
});

/** A comment and a note on one paragraph of the rules, and the rules opened again. */
async function writeAboutRules(phone: Device): Promise<Reader> {
  await phone.app.go('Văn kiện');
  const reader = await new Documents(phone.page).open(RULES);
  await reader.select(QUOTED);
  await reader.actions.getByRole('link', { name: 'Ghi chú' }).click();
  await new Note(phone.page).save('Nhớ hỏi giờ mở cửa.');
  await reader.actions.getByRole('link', { name: 'Góp ý đoạn này' }).click();
  const compose = new Compose(phone.page);
  await compose.write({ text: 'Nên có mặt sớm hơn.' });
  await compose.send();
  await phone.app.go('Văn kiện');
  return new Documents(phone.page).open(RULES);
}

/** What a person wrote about the rules is theirs, with the words that it quotes. */
async function expectOwnWords(phone: Device): Promise<void> {
  await phone.goto('/comments');
  await expect(new Comments(phone.page).card('Nên có mặt sớm hơn.')).toContainText(QUOTED);
  await phone.goto('/notes');
  await expect(new Notes(phone.page).card('Nhớ hỏi giờ mở cửa.')).toContainText(QUOTED);
}

test('a paper that was taken back leaves a phone at its next contact; what its reader wrote stays', async ({ wire, device }) => {
  test.slow();
  const phone = await device('p100', { host: wire });
  const reader = await writeAboutRules(phone);
  expect(await everythingOn(phone.page)).toContain(UNQUOTED);
  const chair = await device('p001', { size: 'tablet' });
  const delegate = new Recall(phone.page);
  await expect(delegate.button, 'not for delegates').toHaveCount(0);
  wire.weather = { fault: () => 'request lost' };
  wire.cut();

  const recall = new Recall(chair.page);
  await chair.app.go('Văn kiện');
  await new Documents(chair.page).open(RULES);
  await test.step('with a reason, after a question', async () => {
    await recall.button.click();
    await expect(recall.dialog).toContainText(RULES);
    await expect(recall.yes).toHaveAttribute('aria-disabled', 'true');
    await recall.no.click();
    await recall.take('Bản in nhầm giờ đón tiếp');
  });
  await expect(chair.app.main).toContainText(/Đã thu hồi: Đoàn Chủ tịch, \d\d:\d\d/);
  await expect(chair.app.main).toContainText('Lý do: Bản in nhầm giờ đón tiếp');
  await expect.poll(async () => (await everythingOn(chair.page)).includes(UNQUOTED)).toBe(false);
  await expect(reader.paragraph(UNQUOTED), 'the phone knows nothing yet').toBeAttached();

  await test.step('the next contact', async () => {
    wire.weather = {};
    await phone.app.retryNow();
    await expect(phone.app.main).toContainText(/Đã thu hồi: Đoàn Chủ tịch, \d\d:\d\d/);
    await expect(phone.page.getByText(UNQUOTED)).toHaveCount(0);
    await expect.poll(async () => (await everythingOn(phone.page)).includes(UNQUOTED)).toBe(false);
  });
  await phone.app.go('Văn kiện');
  await expect(phone.page.getByText(/^13\/13 văn kiện đã lưu trên máy/)).toBeVisible();
  await expect(delegate.gone).toContainText([RULES]);
  await expect(delegate.gone).toContainText(['Lý do: Bản in nhầm giờ đón tiếp']);
  await new Documents(phone.page).search.fill('khong hut thuoc');
  await expect(phone.page.getByText('Không tìm thấy', { exact: true })).toBeVisible();
  await expectOwnWords(phone);
  await phone.restart('/documents');
  await expect(new Recall(phone.page).gone).toContainText([RULES]);
});

test('a version that was taken back while a phone was away leaves it, though the mended one cannot come yet', async ({ server, wire, device }) => {
  test.slow();
  const phone = await device(undefined, { host: wire });
  await phone.enrol('p100');
  wire.weather = { fault: () => 'request lost' };
  wire.cut();
  const chair = await device('p001', { size: 'tablet' });
  await chair.app.go('Văn kiện');
  await new Documents(chair.page).open(RULES);
  await new Recall(chair.page).take('Sai giờ đón tiếp');
  await expect(chair.app.main).toContainText(/Đã thu hồi: Đoàn Chủ tịch, \d\d:\d\d/);
  await bringSecond(server);
  expect(await everythingOn(phone.page)).toContain('ít nhất 15 phút');

  wire.weather = { fault: ({ url }) => (isBlob(url) ? 'broken off' : null) };
  await phone.app.retryNow();
  await phone.app.go('Văn kiện');
  await expect(phone.page.getByText(/^13\/14 văn kiện đã lưu trên máy/)).toBeVisible();
  await expect(new Documents(phone.page).rows.filter({ hasText: 'Chưa tải: tải bị hỏng, sẽ thử lại' })).toHaveCount(1);
  await expect.poll(() => everythingOn(phone.page)).not.toContain('ít nhất 15 phút');
  await expect(phone.app.main).not.toContainText('đọc được');
  await new Documents(phone.page).row(RULES).getByRole('link').first().click();
  await expect(phone.page.getByRole('alert').filter({ hasText: 'chưa có trên máy' })).toBeVisible();
});

test('a paper whose time is over leaves a phone that nobody reaches; a wrong clock is put right by the next contact', async ({ server, device }) => {
  test.slow();
  const expires = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS + 30 * MINUTE_MS;
  await server.importChanged({
    documents: (text, file) => (file.startsWith('07-') ? text.replace('secrecy = "none"', `expires = "${written(expires)}"\nsecrecy = "none"`) : text),
  });
  const phone = await device('p100', { clock: true });
  const reader = await writeAboutRules(phone);
  await expect(phone.app.main).toContainText(/tự xóa khỏi máy lúc \d\d:\d\d|tự xóa khỏi máy lúc \d\d\/\d\d \d\d:\d\d/);
  await phone.page.reload();
  await expect(reader.paragraph(UNQUOTED)).toBeAttached();
  await server.stop();

  await phone.passMinutes(40);
  await test.step('while it is being read', async () => {
    await expect(phone.app.main).toContainText(/Hết hạn lưu từ .*\d\d:\d\d, đã xóa khỏi máy/);
    await expect(phone.page.getByText(UNQUOTED)).toHaveCount(0);
    await expect.poll(async () => (await everythingOn(phone.page)).includes(UNQUOTED)).toBe(false);
  });
  await phone.app.go('Văn kiện');
  await expect(new Recall(phone.page).gone).toContainText([RULES]);
  await expectOwnWords(phone);
  await phone.restart('/documents');
  await expect(phone.page.getByText(/^13\/13 văn kiện đã lưu trên máy/), 'after a start without a network').toBeVisible();

  await test.step('the server says what time it is: the paper is not over yet', async () => {
    await server.start();
    await phone.app.retryNow();
    await expect(phone.page.getByText(/^14\/14 văn kiện đã lưu trên máy/)).toBeVisible();
    await expect(new Documents(phone.page).row(RULES).first()).toContainText('Đã lưu trên máy');
    await server.stop();
    await phone.restart('/documents');
    await expect(phone.page.getByText(/^14\/14 văn kiện đã lưu trên máy/), 'and is remembered').toBeVisible();
  });
});

test('a paper comes by itself at its time, and no word of it is on a phone before', async ({ server, device }) => {
  test.slow();
  const phone = await device('p100');
  const at = Math.ceil((Date.now() + 25_000) / MINUTE_MS) * MINUTE_MS;
  const title = 'Tham luận: Phát triển đảng viên';
  await server.importChanged({
    documents: (text, file) =>
      file.startsWith('13-') ? `${text.replace(/^version = \d+/m, 'version = 7').replace('secrecy = "none"', `released_at = "${written(at)}"\nsecrecy = "none"`)}\nĐoạn mới chưa phát hành.\n` : text,
  });
  await phone.app.go('Văn kiện');
  await expect(phone.page.getByText(/^13\/13 văn kiện đã lưu trên máy/)).toBeVisible();
  const before = await everythingOn(phone.page);
  expect(Date.now(), 'this machine is too slow for this test').toBeLessThan(at);
  expect(before.includes('Đoạn mới chưa phát hành') || before.includes('"version":7')).toBe(false);
  await expect(new Documents(phone.page).row(title)).toContainText('Đã lưu trên máy', { timeout: 100_000 });
  expect(Date.now()).toBeGreaterThanOrEqual(at);
  await expect.poll(async () => (await everythingOn(phone.page)).includes('Đoạn mới chưa phát hành')).toBe(true);
});

test('the organiser sees how many devices hold the pack as it is now, and what the others lack', { tag: '@tablet' }, async ({ server, wire, device }) => {
  test.slow();
  const [phone, organiser] = [await device('p100', { host: wire, clock: true }), await device('s07', { clock: true })];
  const screen = new Operations(organiser.page);
  await screen.open();
  const main = organiser.app.main;
  const soon = (words: RegExp) =>
    screen.expectSoon([phone, organiser], () => expect(main.getByText(words)).toBeVisible({ timeout: 2_000 }));
  await soon(/^2\/2 máy đã giữ đủ văn kiện hiện hành$/);
  await expect(screen.device(DELEGATE)).not.toContainText('thiếu');

  wire.weather = { fault: () => 'request lost' };
  wire.cut();
  await server.importChanged({
    documents: (text, file) => (file.startsWith('07-') ? `${text.replace(/^version = \d+/m, 'version = 9')}\nMột điều mới của nội quy.\n` : text),
  });
  await soon(/^1\/2 máy đã giữ đủ văn kiện hiện hành$/);
  await expect(screen.device(DELEGATE)).toContainText(`thiếu 1 văn kiện: ${RULES}`);
  await expect(screen.device(DELEGATE)).toContainText(/liên lạc lần cuối \d\d:\d\d/);
  await expect(screen.devices.first(), 'who lacks something comes first').toContainText(DELEGATE);
  const { violations } = await new AxeBuilder({ page: organiser.page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  wire.weather = {};
  await phone.app.retryNow();
  await soon(/^2\/2 máy đã giữ đủ văn kiện hiện hành$/);
});
