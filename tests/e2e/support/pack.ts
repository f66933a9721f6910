// Copies of the congress pack with something changed, as a secretariat would change it between two imports.
import fs from 'node:fs';
import path from 'node:path';

type Edit = (text: string, file: string) => string;

/** What is changed: every document, the people, the programme, the congress itself. */
export interface Edits {
  documents?: Edit;
  people?: Edit;
  program?: Edit;
  congress?: Edit;
}

/** Copies a pack. An edit that was asked for and changes nothing is a mistake of the test. */
export function copyPack(from: string, to: string, edits: Edits): void {
  fs.cpSync(from, to, { recursive: true });
  const documents = fs.readdirSync(path.join(to, 'documents')).map(name => path.join('documents', name));
  change(to, documents, edits.documents);
  change(to, ['people.csv'], edits.people);
  change(to, ['program.toml'], edits.program);
  change(to, ['congress.toml'], edits.congress);
}

function change(pack: string, files: string[], edit: Edit | undefined): void {
  if (!edit) return;
  let changed = false;
  for (const file of files) {
    const before = fs.readFileSync(path.join(pack, file), 'utf8');
    const after = edit(before, path.basename(file));
    changed ||= after !== before;
    fs.writeFileSync(path.join(pack, file), after);
  }
  if (!changed) throw new Error(`nothing changed in ${files.join(', ')}`);
}
