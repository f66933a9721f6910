//! The folder of a pack: which files it holds, and their bytes. Nothing outside the folder is ever opened, nothing is
//! read past its limit, and text comes out as UTF-8 in NFC.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::limits::{FOLDER_ENTRIES_MAX, PACK_BYTES_MAX};
use crate::problem::Report;

pub(crate) const DOCUMENTS: &str = "documents";
pub(crate) const FILES: &str = "files";
/// Where an office keeps what its documents are made from: no part of the pack.
const SOURCES: &str = "sources";
/// The files that stand at the top of a pack.
const TOP_FILES: [&str; 6] =
    ["congress.toml", "documents.csv", "organisations.csv", "people.csv", "program.csv", "program.toml"];

/// The files of a pack by name, `/` between folder and file, in NFC: some systems store names decomposed.
#[derive(Debug)]
pub(crate) struct Folder {
    files: BTreeMap<String, Listed>,
}

#[derive(Debug)]
struct Listed {
    /// Resolved, inside the folder.
    path: PathBuf,
    bytes: u64,
}

impl Folder {
    /// Lists the folder; `None` if there is none.
    pub(crate) fn open(dir: &Path, report: &mut Report) -> Option<Self> {
        let root = match fs::canonicalize(dir) {
            Ok(root) if root.is_dir() => root,
            _ => {
                let message = format!("không có thư mục {}; hãy xem lại đường dẫn của gói tài liệu", dir.display());
                report.fault(".", None, "", message);
                return None;
            }
        };
        let mut folder = Self { files: BTreeMap::new() };
        for within in ["", DOCUMENTS, FILES] {
            folder.list(&root, within, report);
        }
        if folder.files.values().map(|file| file.bytes).sum::<u64>() > PACK_BYTES_MAX {
            let message = format!("gói tài liệu nặng hơn {}; hãy bớt tệp đính kèm", megabytes(PACK_BYTES_MAX));
            report.fault(".", None, "", message);
            return None;
        }
        Some(folder)
    }

    fn list(&mut self, root: &Path, within: &str, report: &mut Report) {
        let shown = if within.is_empty() { "." } else { within };
        let dir = root.join(within);
        if !within.is_empty() && !dir.exists() {
            return;
        }
        if !fs::canonicalize(&dir).is_ok_and(|path| path.starts_with(root)) {
            return report.fault(shown, None, "", "trỏ ra ngoài gói tài liệu; hãy chép thư mục thật vào gói");
        }
        let Ok(entries) = fs::read_dir(&dir) else {
            return report.fault(shown, None, "", "không mở được thư mục; hãy xem lại quyền đọc");
        };
        let mut names: Vec<_> = entries.take(FOLDER_ENTRIES_MAX + 1).flatten().map(|entry| entry.file_name()).collect();
        if names.len() > FOLDER_ENTRIES_MAX {
            let message = format!("có hơn {FOLDER_ENTRIES_MAX} tệp; hãy bỏ những tệp không thuộc gói tài liệu");
            return report.fault(shown, None, "", message);
        }
        names.sort();
        for name in names {
            let Some(text) = name.to_str() else {
                let message = format!("tên tệp {} không phải UTF-8; hãy đặt lại tên", name.to_string_lossy());
                report.fault(shown, None, "", message);
                continue;
            };
            if !is_litter(text) {
                self.list_one(root, within, text, report);
            }
        }
    }

    fn list_one(&mut self, root: &Path, within: &str, name: &str, report: &mut Report) {
        let path = root.join(within).join(name);
        let name: String = name.nfc().collect();
        let shown = if within.is_empty() { name.clone() } else { format!("{within}/{name}") };
        let is_top = within.is_empty();
        let resolved = fs::canonicalize(&path).ok().filter(|resolved| resolved.starts_with(root));
        let Some(path) = resolved else {
            return report.fault(&shown, None, "", "trỏ ra ngoài gói tài liệu; hãy chép tệp thật vào gói");
        };
        let Ok(about) = fs::metadata(&path) else {
            return report.fault(&shown, None, "", "không mở được tệp; hãy xem lại quyền đọc");
        };
        match (about.is_dir(), about.is_file()) {
            (true, _) if is_top && [DOCUMENTS, FILES, SOURCES].contains(&name.as_str()) => {}
            (true, _) if is_top => report.note(format!("{shown}: thư mục không thuộc gói tài liệu, được bỏ qua")),
            (true, _) => report.fault(&shown, None, "", "không dùng thư mục con; hãy chuyển các tệp lên một cấp"),
            (_, true) if is_top && !TOP_FILES.contains(&name.as_str()) => {
                report.note(format!("{shown}: tệp không thuộc gói tài liệu, được bỏ qua"));
            }
            (_, true) => {
                if self.files.insert(shown.clone(), Listed { path, bytes: about.len() }).is_some() {
                    report.fault(&shown, None, "", "có hai tệp trùng tên; hãy giữ lại một tệp");
                }
            }
            (false, false) => report.fault(&shown, None, "", "không phải là tệp thường; hãy thay bằng tệp thật"),
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// Names of the files of a folder, in order.
    pub(crate) fn names_in(&self, within: &str) -> impl Iterator<Item = &str> {
        self.files
            .keys()
            .filter(move |name| name.split_once('/').is_some_and(|(dir, _)| dir == within))
            .map(String::as_str)
    }

    /// The bytes of a file that is listed and no larger than the limit.
    pub(crate) fn bytes(&self, name: &str, bytes_max: u64, report: &mut Report) -> Option<Vec<u8>> {
        let listed = self.files.get(name)?;
        let mut bytes = Vec::new();
        if listed.bytes <= bytes_max {
            let read = File::open(&listed.path).and_then(|file| file.take(bytes_max + 1).read_to_end(&mut bytes));
            if let Err(error) = read {
                report.fault(name, None, "", format!("không đọc được tệp ({error}); hãy chép lại tệp"));
                return None;
            }
        }
        if listed.bytes > bytes_max || u64::try_from(bytes.len()).is_ok_and(|length| length > bytes_max) {
            let message = format!("tệp nặng hơn {}; hãy chia nhỏ hoặc bớt nội dung", megabytes(bytes_max));
            report.fault(name, None, "", message);
            return None;
        }
        Some(bytes)
    }

    /// The text of a file, repaired to NFC.
    pub(crate) fn text(&self, name: &str, bytes_max: u64, report: &mut Report) -> Option<String> {
        let bytes = self.bytes(name, bytes_max, report)?;
        text_of(name, &bytes, report)
    }
}

/// Files that systems and editors leave behind.
fn is_litter(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || ["Thumbs.db", "desktop.ini"].contains(&name)
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

fn text_of(name: &str, bytes: &[u8], report: &mut Report) -> Option<String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        report.fault(name, 1, "", "tệp ghi theo UTF-16; hãy lưu lại theo bảng mã UTF-8");
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n"),
        Err(error) => {
            let at = error.valid_up_to();
            let row = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
            let message = format!("byte thứ {} không phải UTF-8; hãy lưu lại tệp theo bảng mã UTF-8", at + 1);
            report.fault(name, u32::try_from(row).ok(), "", message);
            return None;
        }
    };
    for (row, line) in (1..).zip(text.split('\n')) {
        if let Some(control) = line.chars().find(|c| c.is_control() && *c != '\t') {
            let message = format!("có ký tự điều khiển U+{:04X}; hãy xóa ký tự ấy", u32::from(control));
            report.fault(name, row, "", message);
        }
    }
    if is_nfc(&text) {
        return Some(text);
    }
    let repaired: Vec<u32> =
        (1..).zip(text.split('\n')).filter(|(_, line)| !is_nfc(line)).map(|(row, _)| row).collect();
    let first = repaired.first().copied().unwrap_or(1);
    report.note(format!("{name}: {} dòng chưa ở dạng Unicode NFC (từ dòng {first}) đã được sửa", repaired.len()));
    Some(text.nfc().collect())
}
