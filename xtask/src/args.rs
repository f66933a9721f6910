//! Reads the few flags that our commands take. No positional arguments, no abbreviations; an unknown flag is an error.

use anyhow::{Context, Result, bail};
use std::str::FromStr;

#[derive(Debug)]
pub struct Args {
    words: Vec<String>,
}

impl Args {
    pub fn new(words: impl Iterator<Item = String>) -> Self {
        let words = words
            .flat_map(|word| match word.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => vec![flag.to_owned(), value.to_owned()],
                _ => vec![word],
            })
            .collect();
        Self { words }
    }

    pub fn asks_for_help(&self) -> bool {
        self.words.iter().any(|word| word == "--help" || word == "-h")
    }

    /// Whether a flag without a value was given.
    pub fn flag(&mut self, name: &str) -> bool {
        let found = self.words.iter().position(|word| word == name);
        found.map(|at| self.words.remove(at)).is_some()
    }

    /// The value after `name`, parsed; `None` when the flag was not given.
    pub fn value<T: FromStr>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(at) = self.words.iter().position(|word| word == name) else { return Ok(None) };
        self.words.remove(at);
        if at >= self.words.len() {
            bail!("{name} needs a value");
        }
        let word = self.words.remove(at);
        let value = word.parse().ok().with_context(|| format!("{name} does not take `{word}`"))?;
        Ok(Some(value))
    }

    /// All values of a flag that may be repeated or hold a comma-separated list.
    pub fn values(&mut self, name: &str) -> Result<Vec<String>> {
        let mut all = Vec::new();
        while let Some(list) = self.value::<String>(name)? {
            all.extend(list.split(',').map(str::to_owned));
        }
        Ok(all)
    }

    /// To be called once every known flag is taken: what is left is a mistake.
    pub fn finish(self) -> Result<()> {
        match self.words.first() {
            Some(word) => bail!("unknown argument `{word}`; see cargo xtask --help"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_and_values_are_taken_in_any_order() {
        let mut a = args("--reset --port 9000 --only tidy,rust --only=wasm");
        assert_eq!(a.value::<u16>("--port").unwrap(), Some(9000));
        assert!(a.flag("--reset"));
        assert!(!a.flag("--host"));
        assert_eq!(a.values("--only").unwrap(), ["tidy", "rust", "wasm"]);
        a.finish().unwrap();
    }

    #[test]
    fn a_mistake_is_said() {
        assert!(args("--port").value::<u16>("--port").is_err());
        assert!(args("--port x").value::<u16>("--port").is_err());
        assert!(args("--prot 1").finish().is_err());
    }
}
