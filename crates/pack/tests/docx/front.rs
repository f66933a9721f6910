//! What is known of a Word file beside its text: from `documents.csv`, from the paper itself, from the name of the file.

use std::fs;

use congress::entities::DocumentKind;
use sync::ids::Timestamp;

use crate::script::written;
use crate::shared::pack_with;

const PAPER: &str =
    "c b| DỰ THẢO\nc b| BÁO CÁO CHÍNH TRỊ\nc b| của Ban Chấp hành Đảng bộ xã Làng Tre\n \nb| I. MỘT\n| Hai.";

/// The problems of a pack with that paper and this table.
fn problems(table: Option<&str>) -> Vec<String> {
    let dir = pack_with(&written(PAPER).bytes().unwrap());
    match table {
        Some(table) => fs::write(dir.path().join("documents.csv"), table).unwrap(),
        None => fs::remove_file(dir.path().join("documents.csv")).unwrap(),
    }
    pack::read(dir.path()).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn a_word_file_alone_says_what_it_is() {
    let dir = pack_with(&written(PAPER).bytes().unwrap());
    fs::remove_file(dir.path().join("documents.csv")).unwrap();
    fs::rename(dir.path().join("documents/09-van-ban.docx"), dir.path().join("documents/01 - Báo cáo.docx")).unwrap();
    let pack = pack::read(dir.path()).unwrap();
    let document = &pack.documents[0];
    assert_eq!((document.id.as_str(), document.kind), ("bao-cao", DocumentKind::PoliticalReport));
    assert_eq!(document.title, "Báo cáo chính trị của Ban Chấp hành Đảng bộ xã Làng Tre");
    assert_eq!((document.version, document.released_at), (1, Timestamp(0)));
}

#[test]
fn the_table_says_what_differs() {
    let dir = pack_with(&written(PAPER).bytes().unwrap());
    let table = "file,id,version,released_at,secrecy,files\n09-van-ban.docx,bcct,4,20/11/2026 08:00,none,so-do.png\n";
    fs::write(dir.path().join("documents.csv"), table).unwrap();
    let pack = pack::read(dir.path()).unwrap();
    let document = pack.documents.iter().find(|document| document.id == "bcct").unwrap();
    assert_eq!((document.version, document.kind), (4, DocumentKind::PoliticalReport));
    assert_eq!((document.released_at.0 > 0, document.files.len()), (true, 1));
}

#[test]
fn faults_of_the_table_are_named_where_they_stand() {
    let cases = [
        ("file\nvan-ban.docx\n", "documents.csv:2: file: không có tệp “van-ban.docx” trong documents/"),
        ("file\n01-nghi-quyet.md\n", "documents.csv:2: file: “01-nghi-quyet.md” không phải tệp .docx"),
        ("file\n09-van-ban.docx\n09-van-ban.docx\n", "documents.csv:3: file: “09-van-ban.docx” đã ghi ở dòng 2"),
        ("file,secrecy\n09-van-ban.docx,mat\n", "documents.csv:2: secrecy: tài liệu Mật không được đưa vào ứng dụng"),
        ("file,version\n09-van-ban.docx,0\n", "documents.csv:2: version: “0” không phải là số nguyên"),
        ("file,kind\n09-van-ban.docx,report\n", "documents.csv:2: kind: “report” không dùng ở đây"),
        (
            "file,id\n09-van-ban.docx,noi-quy\n",
            "documents/09-van-ban.docx: id: “noi-quy” đã dùng ở documents/02-noi-quy.md",
        ),
        ("id\nx\n", "documents.csv:1: file: thiếu cột này"),
    ];
    for (table, expected) in cases {
        let found = problems(Some(table));
        assert!(found.iter().any(|line| line.starts_with(expected)), "{found:?}, not {expected}");
        assert!(found.len() <= 2, "{found:?}");
    }
    assert_eq!(problems(None), [""; 0]);
}

#[test]
fn a_paper_that_does_not_say_what_it_is_asks_for_the_table() {
    let dir = pack_with(&written("| Một đoạn văn.").bytes().unwrap());
    fs::remove_file(dir.path().join("documents.csv")).unwrap();
    let found: Vec<String> = pack::read(dir.path()).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "documents/09-van-ban.docx: title: không nhận thấy tên văn bản ở đầu trang; hãy thêm tệp này vào documents.csv và ghi cột title",
            "documents/09-van-ban.docx: kind: không nhận ra loại văn bản từ tên; hãy thêm tệp này vào documents.csv và ghi cột kind",
        ]
    );
}

#[test]
fn other_formats_of_offices_are_refused_with_what_to_do() {
    for name in ["a.doc", "a.DOCM", "a.odt", "a.rtf"] {
        let dir = pack_with(&written(PAPER).bytes().unwrap());
        fs::write(dir.path().join("documents").join(name), b"x").unwrap();
        let found: Vec<String> = pack::read(dir.path()).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with(&format!("documents/{name}: ")) && found[0].ends_with("lưu lại thành .docx"),
            "{found:?}"
        );
    }
}
