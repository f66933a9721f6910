// What a device holds, as anyone sees it who takes the phone apart.
import type { Page } from '@playwright/test';

/** Everything in the device's databases, caches of files and localStorage, as one text. */
export function everythingOn(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts: string[] = [JSON.stringify(localStorage)];
    const result = <T>(ask: IDBRequest<T>) =>
      new Promise<T>((yes, no) => {
        ask.onsuccess = () => yes(ask.result);
        ask.onerror = () => no(ask.error);
      });
    for (const { name } of await indexedDB.databases()) {
      const db = await result(indexedDB.open(name ?? ''));
      for (const store of db.objectStoreNames) {
        const rows = await result(db.transaction(store).objectStore(store).getAll());
        parts.push(...rows.map(row => (typeof row === 'string' ? row : JSON.stringify(row))));
      }
      db.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      parts.push(...(await cache.keys()).map(request => `${name} ${request.url}`));
    }
    return parts.join('\n');
  });
}
