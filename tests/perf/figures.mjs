// The figures of perf.md that belong to the app, their budgets, and the table that is printed.

/** name: [label, unit, budget, stretch, statistic]. A figure is over when its statistic is. */
export const FIGURES = {
  shell_painted: ['first open: shell painted', 'ms', 600, 450, 'med'],
  enrol_usable: ['first open: enrolment page usable', 'ms', 2000, 1500, 'med'],
  enrol_ratio: ['first open: usable ÷ floor page', '×', 6.5, null, 'med'],
  second_open: ["second open: today's programme", 'ms', 500, 400, 'med'],
  second_ratio: ['second open ÷ floor page', '×', 1.8, null, 'med'],
  offline_open: ["server stopped: today's programme", 'ms', 500, 400, 'med'],
  offline_ratio: ['server stopped ÷ floor page', '×', 1.8, null, 'med'],
  shell_ready: ['shell ready for offline, shaped link', 'ms', 3000, null, 'med'],
  enrol_ready: ['enrolment to ready for offline, shaped link', 'ms', 8000, 6000, 'med'],
  enrol_kb: ['text data of the demo congress', 'kB', 450, null, 'max'],
  tap: ['tap to next screen', 'ms', 100, null, 'p95'],
  tap_median: ['tap to next screen, median', 'ms', 100, 48, 'med'],
  long_task: ['longest task after the start', 'ms', 50, null, 'max'],
  shift: ['layout shift over the journey', '', 0, null, 'max'],
  saved: ['"Gửi" to "Đã lưu trên máy"', 'ms', 150, null, 'p95'],
  memory: ['page process after the journey', 'MB', 100, 85, 'med'],
  list_open: ['2,000 people opened offline', 'ms', 400, null, 'med'],
  list_key: ['slowest key press in their search', 'ms', 56, null, 'max'],
  reading_open: ['25,000 words opened at the place left', 'ms', 300, null, 'med'],
  reading_frames: ['scrolling through them, frames', 'ms', 17, null, 'p95'],
  reading_frame: ['scrolling through them, longest frame', 'ms', 50, null, 'max'],
  floor_frames: ['the same text on a plain page, frames', 'ms', null, null, 'p95'],
  floor_frame: ['the same text on a plain page, longest frame', 'ms', null, null, 'max'],
  row_kb: ['one changed row in 2,000', 'kB', 2, null, 'max'],
  live: ['comment on phone A to console on tablet B', 'ms', 500, null, 'p95'],
  search_build: ['first search in 250,000 words, index built', 'ms', 1000, null, 'med'],
  search_slice: ['longest time blocked while it is built', 'ms', 50, null, 'max'],
  search_key: ['key press to what it finds in 250,000 words', 'ms', 50, null, 'p95'],
  search_memory: ['memory of the search', 'MB', null, null, 'med'],
  floor_cold: ['floor page, first open', 'ms', null, null, 'med'],
  floor_warm: ['floor page, second open', 'ms', null, null, 'med'],
};

export function stat(samples) {
  const v = [...samples].sort((a, b) => a - b), at = q => v[Math.min(v.length - 1, Math.ceil(q * v.length) - 1)];
  const m = v.length >> 1;
  return { n: v.length, med: v.length % 2 ? v[m] : (v[m - 1] + v[m]) / 2, p95: at(0.95), min: v[0], max: v.at(-1) };
}

/** One row a figure: value, spread, budget, verdict. */
export function rowsOf(samples, failures) {
  return Object.entries(FIGURES).flatMap(([name, [label, unit, budget, stretch, which]]) => {
    const values = samples[name] ?? [];
    if (!values.length) return failures[name] ? [{ name, label, unit, budget, verdict: 'not measured', why: failures[name] }] : [];
    const s = stat(values), value = s[which];
    const verdict = budget === null ? '' : value > budget ? 'over' : stretch !== null && value <= stretch ? 'ok, stretch' : 'ok';
    return [{ name, label, unit, statistic: which, value, ...s, budget, stretch, verdict }];
  });
}

export function printTable(rows) {
  const show = (value, unit) => value === null || value === undefined ? '' : (unit === 'ms' ? value.toFixed(0) : value < 1 && value > 0 ? value.toFixed(3) : value.toFixed(1)) + (unit && ' ' + unit);
  const cells = rows.map(r => [r.label, r.value === undefined ? '–' : `${show(r.value, r.unit)} (${r.statistic})`,
    r.value === undefined ? '' : `${show(r.min, '')} to ${show(r.max, '')}, n ${r.n}`, show(r.budget, r.unit), r.verdict]);
  const head = ['figure', 'value', 'min to max', 'budget', ''];
  const width = head.map((h, i) => Math.max(h.length, ...cells.map(c => c[i].length)));
  for (const line of [head, ...cells]) console.log(line.map((cell, i) => cell.padEnd(width[i])).join('  ').trimEnd());
  const reasons = new Map();
  for (const r of rows.filter(r => r.why)) reasons.set(r.why, [...(reasons.get(r.why) ?? []), r]);
  for (const [why, of] of reasons) console.log(`\nnot measured: ${of.map(r => r.label).join(', ')}\n  ${why}`);
}
