//! Word files in: a corpus with the structure that is expected of each, and what no file can do.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod demo_pack;
#[cfg(test)]
mod demo_paper;
#[cfg(test)]
mod front;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod script;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod writer;
