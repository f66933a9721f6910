//! The laws of the pack: what is read, what is refused and how it is said, and what an import changes.

#[cfg(test)]
mod common;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod planning;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod versions;
