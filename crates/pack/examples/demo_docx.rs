//! Writes the Word files of the demo congress from its sources: `cargo run -p pack --example demo_docx`. A test of this
//! crate says when that has to be done again.

#[path = "../tests/docx/demo_pack.rs"]
mod demo_pack;
#[path = "../tests/docx/demo_paper.rs"]
mod demo_paper;
#[path = "../tests/docx/writer.rs"]
mod writer;

use std::{fs, io};

use demo_pack::{Sources, demo};

fn main() -> io::Result<()> {
    let demo = demo();
    let made = Sources::read(&demo)?.make()?;
    let documents = demo.join("documents");
    fs::create_dir_all(&documents)?;
    for (name, file) in made.documents {
        fs::write(documents.join(&name), file.bytes()?)?;
        println!("{name}");
    }
    fs::write(demo.join("documents.csv"), made.table)
}
