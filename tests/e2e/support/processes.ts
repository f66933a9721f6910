// Processes of this machine, as /proc shows them: browsers are ended by what they are, never by a name.
import fs from 'node:fs';

/** All processes that descend from this one, the youngest first. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of all()) {
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (of: number): number[] =>
    [...parents].filter(([, parent]) => parent === of).flatMap(([child]) => [...below(child), child]);
  return below(pid);
}

/** The processes whose command line is so. */
export function processesWith(fits: (words: string[]) => boolean): number[] {
  const isOne = (pid: string) => {
    try {
      return fits(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'));
    } catch {
      return false;
    }
  };
  return all().filter(isOne).map(Number);
}

/** Ends a process and everything below it, at once. */
export function killTree(pid: number): void {
  for (const one of [pid, ...descendantsOf(pid)]) kill(one);
}

export function killBelow(pid: number): void {
  for (const one of descendantsOf(pid)) kill(one);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function all(): string[] {
  return fs.readdirSync('/proc').filter(name => /^\d+$/.test(name));
}
