//! What a redaction leaves of the log: the only rewriting of what was stored. Rows keep their place and revision, and
//! commands their ids and verdicts, so that a repeat is still recognised.

use crate::row::Rows;
use crate::rules::Rules;
use crate::server::LogEntry;
use crate::wire::Command;

/// The command as it may be stored; `None` if nothing of it was redacted.
pub fn redacted_command(rules: &dyn Rules, rows: &dyn Rows, command: &Command) -> Option<Command> {
    let payload = rules.redacted(rows, command).filter(|payload| *payload != command.payload)?;
    Some(Command { payload, ..command.clone() })
}

/// What redactions leave of an entry before them; `None` if it stays as it is. `rows` are those after the redactions.
pub fn redacted_entry(
    rules: &dyn Rules,
    rows: &dyn Rows,
    redactions: &[&LogEntry],
    entry: &LogEntry,
) -> Option<LogEntry> {
    let mut left = entry.clone();
    if let Some(command) = redacted_command(rules, rows, &entry.command) {
        left.command = command;
    }
    let later = redactions.iter().filter(|redaction| redaction.gsn > entry.gsn);
    for said in later.flat_map(|redaction| &redaction.changes) {
        left.changes
            .iter_mut()
            .filter(|change| change.key == said.key)
            .for_each(|change| change.data = said.data.clone());
    }
    (left != *entry).then_some(left)
}
