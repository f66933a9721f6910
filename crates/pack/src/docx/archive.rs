//! The ZIP of a Word file: only the parts that are asked for are unpacked, and all of them together within one budget.

use std::cell::Cell;
use std::io::{self, BufReader, Cursor, ErrorKind, Read};
use std::rc::Rc;

use zip::ZipArchive;
use zip::read::ZipFile;

use super::xml::{Broken, Xml};
use crate::limits::{DOCX_ENTRIES_MAX, DOCX_UNPACKED_BYTES_MAX, XML_TOKEN_BYTES_MAX};

/// How a file of the old binary formats begins, and a file behind a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";
const SAVE_AGAIN: &str = "hãy mở bằng Word hoặc LibreOffice và lưu lại thành .docx";
const CONTENT_TYPES: &str = "[Content_Types].xml";

pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked.
    budget: Rc<Cell<u64>>,
}

pub(super) type Part<'z, 'a> = Xml<BufReader<Bounded<ZipFile<'z, Cursor<&'a [u8]>>>>>;

impl<'a> Archive<'a> {
    /// Opens the file, or says why it is none of Word's.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, String> {
        if bytes.starts_with(OLE) {
            return Err(format!("là tệp .doc kiểu cũ hoặc tệp có mật khẩu; {SAVE_AGAIN}, không đặt mật khẩu"));
        }
        if !bytes.starts_with(b"PK") {
            return Err(format!("nội dung không phải là .docx; {SAVE_AGAIN}, không chỉ đổi tên"));
        }
        // The list of parts is read as a whole, so its length is asked first.
        if parts_said(bytes).is_some_and(|count| count > DOCX_ENTRIES_MAX) {
            return Err(format!("tệp .docx có hơn {DOCX_ENTRIES_MAX} phần; {SAVE_AGAIN}"));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| format!("tệp .docx bị hỏng; {SAVE_AGAIN}"))?;
        if zip.len() > DOCX_ENTRIES_MAX {
            return Err(format!("tệp .docx có hơn {DOCX_ENTRIES_MAX} phần; {SAVE_AGAIN}"));
        }
        let archive = Self { zip, budget: Rc::new(Cell::new(DOCX_UNPACKED_BYTES_MAX)) };
        if !archive.has(CONTENT_TYPES) {
            return Err(format!("nội dung không phải là .docx; {SAVE_AGAIN}, không chỉ đổi tên"));
        }
        Ok(archive)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name_raw(name.as_bytes()).is_some()
    }

    /// A part as XML; `None` if there is none of that name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part<'_, 'a>>, Broken> {
        let Some(at) = self.zip.index_for_name_raw(name.as_bytes()) else { return Ok(None) };
        let file = self.zip.by_index(at).map_err(|_| Broken::Packed)?;
        let unread = Rc::new(Cell::new(0));
        let bounded = Bounded { from: file, budget: Rc::clone(&self.budget), token: Rc::clone(&unread) };
        Ok(Some(Xml::new(BufReader::new(bounded), unread)))
    }

    /// The bytes of a part, if it is there, whole, and no larger than the limit.
    pub(super) fn bytes(&mut self, name: &str, bytes_max: u64) -> Option<Vec<u8>> {
        let at = self.zip.index_for_name_raw(name.as_bytes())?;
        let file = self.zip.by_index(at).ok()?;
        let mut bytes = Vec::new();
        // Pictures are packed already: they have their own limit, and leave the budget to the text.
        file.take(bytes_max + 1).read_to_end(&mut bytes).ok()?;
        u64::try_from(bytes.len()).is_ok_and(|length| length <= bytes_max).then_some(bytes)
    }
}

/// How many parts the end of the file says there are.
fn parts_said(bytes: &[u8]) -> Option<usize> {
    const MARK: &[u8] = b"PK\x05\x06";
    const COUNT_AT: usize = 10;
    let at = bytes.windows(MARK.len()).rposition(|window| window == MARK)? + COUNT_AT;
    let count = bytes.get(at..at + 2)?;
    Some(usize::from(u16::from_le_bytes([*count.first()?, *count.last()?])))
}

/// A reader that ends with an error where the budget does, or one piece of XML is too long.
pub(super) struct Bounded<R> {
    from: R,
    budget: Rc<Cell<u64>>,
    /// Bytes since the last piece of XML ended, which the reader of XML sets back.
    token: Rc<Cell<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(into)?;
        let left = self.budget.get().checked_sub(count as u64);
        self.budget.set(left.unwrap_or(0));
        self.token.set(self.token.get() + count as u64);
        let is_long = self.token.get() > XML_TOKEN_BYTES_MAX;
        left.filter(|_| !is_long).map(|_| count).ok_or_else(|| io::Error::from(ErrorKind::FileTooLarge))
    }
}
