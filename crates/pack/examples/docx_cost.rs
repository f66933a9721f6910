//! What the import of a Word file of 300 pages costs: `cargo run --release -p pack --example docx_cost`. Budget: 1 s and
//! 100 MB. The file is written by a process of its own, so that its memory is not counted.

#[path = "../tests/docx/writer.rs"]
mod writer;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use writer::{Writer, paragraph, run, table};

const PAGES: usize = 300;
/// A page: a heading, six paragraphs, every third page with a table.
const PARAGRAPHS_A_PAGE: usize = 6;
const SENTENCE: &str = "Các tổ chức đảng đã lãnh đạo cơ quan, đơn vị tham mưu trình cấp có thẩm quyền ban hành nhiều nghị \
    quyết, chương trình, đề án lớn, tạo chuyển biến rõ nét trong từng lĩnh vực công tác. ";
const SECOND_MAX_MS: u128 = 1_000;
const MEMORY_MAX_KB: u64 = 100_000;

#[expect(clippy::disallowed_methods, reason = "a figure of this machine, never of a browser")]
fn main() -> io::Result<()> {
    let mut words = env::args().skip(1);
    if words.next().as_deref() == Some("make") {
        return make(Path::new(&words.next().unwrap_or_default()));
    }
    let folder = tempfile::tempdir()?;
    let made = Command::new(env::current_exe()?).arg("make").arg(folder.path()).status()?;
    if !made.success() {
        return Err(io::Error::other("the file could not be made"));
    }
    let start = Instant::now();
    let pack = pack::read(folder.path()).map_err(|problems| io::Error::other(format!("{problems:?}")))?;
    let took_ms = start.elapsed().as_millis();
    let memory_kb = peak_kb()?;
    let document = pack.documents.iter().find(|document| document.id == "van-ban");
    let pages = document.map_or(0, |document| document.pages);
    println!("{pages} pages in {took_ms} ms, at most {memory_kb} kB");
    let is_within = pages as usize >= PAGES && took_ms <= SECOND_MAX_MS && memory_kb <= MEMORY_MAX_KB;
    if is_within { Ok(()) } else { Err(io::Error::other("over the budget of 1 s and 100 MB for 300 pages")) }
}

/// The good pack of the tests with one large document.
fn make(to: &Path) -> io::Result<()> {
    let good = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/good");
    for within in ["", "documents", "files"] {
        fs::create_dir_all(to.join(within))?;
        for entry in fs::read_dir(good.join(within))? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), to.join(within).join(entry.file_name()))?;
            }
        }
    }
    fs::write(to.join("documents.csv"), "file,kind,title\n09-van-ban.docx,guide,Văn bản\n")?;
    let mut file = Writer::default();
    for page in 1..=PAGES {
        file.push(&paragraph("<w:keepNext/>", &run("<w:b/>", &format!("{page}. Nhiệm vụ thứ {page}"))));
        for number in 1..=PARAGRAPHS_A_PAGE {
            // Word breaks a paragraph into runs wherever it was edited.
            let words: String = (0..2)
                .map(|_| run("<w:rFonts w:cs=\"Times New Roman\"/><w:lang w:val=\"vi-VN\"/>", SENTENCE))
                .collect();
            let end = run("<w:b/>", &format!("Ý {page}.{number}."));
            file.push(&paragraph(
                "<w:spacing w:after=\"120\"/><w:ind w:firstLine=\"567\"/><w:jc w:val=\"both\"/>",
                &(words + &end),
            ));
        }
        if page % 3 == 0 {
            let cell = |words: String| paragraph("", &run("<w:sz w:val=\"24\"/>", &words));
            let row = |at: usize| {
                vec![cell(at.to_string()), cell(format!("Chỉ tiêu {page}.{at}")), cell("92,21 %".to_owned())]
            };
            file.push(&table(&(1..=12).map(row).collect::<Vec<_>>(), true));
        }
    }
    fs::write(to.join("documents/09-van-ban.docx"), file.bytes()?)
}

/// The most memory that this process has held.
fn peak_kb() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next()).and_then(|number| number.parse().ok());
    number.ok_or_else(|| io::Error::other("no VmHWM"))
}
