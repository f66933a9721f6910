// The house rules of the demo congress, and a second version of them.
import type { TestServer } from './server.ts';

export const TITLE = 'Nội quy Đại hội';
export const EDITED = 'Đại biểu có mặt tại Trung tâm Hội nghị tỉnh';
export const REMOVED = 'Thẻ đại biểu đeo ở vị trí dễ thấy';
export const NEW = 'Đại biểu gửi hành lý tại tầng một';
export const MOVED = 'Không hút thuốc';

/** The second version: an article put in, a word changed, a paragraph left out, an item moved up. */
export async function bringSecond(server: TestServer): Promise<void> {
  await server.importChanged({
    documents: (text, file) => {
      if (!file.startsWith('07-')) return text;
      const lines = text
        .replace(/^version = \d+/m, 'version = 2')
        .replace('giờ làm việc ít nhất 15 phút', 'giờ làm việc ít nhất 20 phút')
        .replace('## Điều 3. Trong hội trường', `## Điều 3. Hành lý\n\n${NEW}.\n\n## Điều 4. Trong hội trường`)
        .replace('## Điều 4. Giữ gìn', '## Điều 5. Giữ gìn')
        .split('\n')
        .filter(line => !line.startsWith(REMOVED));
      const smoking = lines.findIndex(line => line.includes(MOVED));
      const [item] = lines.splice(smoking, 1);
      lines.splice(lines.findIndex(line => line.startsWith('- Ngồi đúng')), 0, item ?? '');
      return lines.join('\n');
    },
  });
}
