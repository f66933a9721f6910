//! `files/`: what documents attach, checked to be what their names say.

use std::collections::BTreeMap;

use congress::entities::Attachment;

use crate::blobs::Blobs;
use crate::folder::{FILES, Folder};
use crate::limits::ATTACHMENT_BYTES_MAX;
use crate::problem::{Report, quoted};

/// How the content of a file begins, to be told from a renamed one.
type Begins = fn(&[u8]) -> bool;

const TYPES: [(&str, &str, Begins); 5] = [
    ("pdf", "application/pdf", |bytes| bytes.starts_with(b"%PDF-")),
    ("png", "image/png", |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n")),
    ("jpg", "image/jpeg", |bytes| bytes.starts_with(&[0xff, 0xd8, 0xff])),
    ("jpeg", "image/jpeg", |bytes| bytes.starts_with(&[0xff, 0xd8, 0xff])),
    ("webp", "image/webp", |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")),
];

/// Extension and media type of a picture, by how it begins.
pub(crate) fn picture_type(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let is_picture = |media_type: &str| media_type.starts_with("image/");
    let found = TYPES.iter().find(|(_, media_type, begins)| is_picture(media_type) && begins(bytes));
    found.map(|(extension, media_type, _)| (*extension, *media_type))
}

/// The attachments that were asked for, each file read once.
#[derive(Debug)]
pub(crate) struct Attachments<'a> {
    folder: &'a Folder,
    /// `None` for a file with a fault, which is reported once.
    read: BTreeMap<String, Option<Attachment>>,
}

impl<'a> Attachments<'a> {
    pub(crate) fn new(folder: &'a Folder) -> Self {
        Self { folder, read: BTreeMap::new() }
    }

    /// The attachment of a name in `files/`, or what is wrong with the reference to it. A file that is there but has
    /// a fault of its own is reported under its own name and gives `Ok(None)`.
    pub(crate) fn get(
        &mut self,
        name: &str,
        blobs: &mut Blobs,
        report: &mut Report,
    ) -> Result<Option<Attachment>, String> {
        if name.contains(['/', '\\']) || name == ".." || name == "." {
            return Err(format!(
                "{} không phải là tên tệp; chỉ ghi tên của tệp trong files/, không ghi đường dẫn",
                quoted(name)
            ));
        }
        let path = format!("{FILES}/{name}");
        if !self.folder.has(&path) {
            return Err(format!("không có tệp {} trong files/; hãy thêm tệp hoặc sửa tên", quoted(name)));
        }
        if let Some(attachment) = self.read.get(name) {
            return Ok(attachment.clone());
        }
        let attachment = self.read_one(name, &path, blobs, report);
        self.read.insert(name.to_owned(), attachment.clone());
        Ok(attachment)
    }

    fn read_one(&self, name: &str, path: &str, blobs: &mut Blobs, report: &mut Report) -> Option<Attachment> {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase();
        let Some((_, media_type, begins)) = TYPES.iter().find(|(known, ..)| *known == extension) else {
            report.fault(
                path,
                None,
                "",
                "chỉ nhận tệp PDF, PNG, JPEG hoặc WebP; hãy chuyển sang một trong các dạng ấy",
            );
            return None;
        };
        let bytes = self.folder.bytes(path, ATTACHMENT_BYTES_MAX, report)?;
        if !begins(&bytes) {
            let message =
                format!("nội dung không phải là {}; hãy xuất lại tệp, không chỉ đổi tên", extension.to_uppercase());
            report.fault(path, None, "", message);
            return None;
        }
        Some(blobs.attach(name, media_type, bytes))
    }

    /// Notes the files that no document names.
    pub(crate) fn note_unused(&self, report: &mut Report) {
        for path in self.folder.names_in(FILES) {
            let used = path.split_once('/').is_some_and(|(_, name)| self.read.contains_key(name));
            if !used {
                report.note(format!("{path}: không tài liệu nào dùng tệp này, được bỏ qua"));
            }
        }
    }
}
