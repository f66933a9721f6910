//! Everything that is refused, with the words in which it is said.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use crate::common::{copy_of_good, fixture, good_replacing, good_with, problems, text_of_good};

#[test]
fn twenty_planted_faults_give_exactly_their_twenty_lines() {
    let expected = std::fs::read_to_string(fixture("faults/expected.txt")).unwrap();
    let found = problems(&fixture("faults")).join("\n") + "\n";
    assert_eq!(found, expected);
    assert_eq!(expected.lines().count(), 20);
}

/// `refusals.txt` holds cases of four lines: a file of the good pack, words in it, words put in their place, and the
/// one line that must come of it.
#[test]
fn each_fault_is_named_where_it_stands_and_by_itself() {
    let cases = fs::read_to_string(fixture("refusals.txt")).unwrap();
    let lines: Vec<String> = cases.lines().map(|line| line.replace("\\n", "\n")).collect();
    let mut wrong = Vec::new();
    for case in lines.chunks(4) {
        let [file, from, to, expected] = case else { panic!("a case has four lines: {case:?}") };
        let dir = good_replacing(file, &from["  - ".len()..], &to["  + ".len()..]);
        let found = problems(dir.path());
        if found != [&expected["  = ".len()..]] {
            wrong.push((from, to, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every line must begin with the given words, in this order.
fn assert_begin(found: &[String], expected: &[&str]) {
    let agree =
        found.len() == expected.len() && found.iter().zip(expected).all(|(line, begin)| line.starts_with(begin));
    assert!(agree, "{found:#?}\nexpected {expected:#?}");
}

#[test]
fn a_table_without_a_column_says_so_once() {
    let dir = good_replacing("people.csv", ",gender,", ",sex,");
    assert_begin(
        &problems(dir.path()),
        &[
            "people.csv:1: sex: không có cột này",
            "people.csv:2: gender: còn thiếu",
            "people.csv:3: gender: còn thiếu",
            "people.csv:4: gender: còn thiếu",
        ],
    );
    let dir = good_replacing("people.csv", "given_name", "ten");
    assert_begin(
        &problems(dir.path()),
        &["people.csv:1: ten: không có cột này", "people.csv:1: given_name: thiếu cột này"],
    );
}

#[test]
fn files_that_are_not_the_text_they_should_be_are_refused() {
    let cases: [(&str, &[u8], &str); 8] = [
        ("organisations.csv", b"id,name\na,\xc4\x90\nb,\xd0", "organisations.csv:3: byte thứ 16 không phải UTF-8"),
        ("people.csv", b"\xff\xfei\0d\0", "people.csv:1: tệp ghi theo UTF-16"),
        ("people.csv", b"id;family_name;kind\n", "people.csv:1: các cột ngăn bằng dấu chấm phẩy"),
        ("people.csv", b"", "people.csv: tệp trống"),
        ("program.toml", b"[[session\n", "program.toml:1: dòng này không đúng cú pháp TOML"),
        ("program.toml", b"[session]\nid = 'a'\n", "program.toml:1: session: phải là các phiên"),
        ("congress.toml", "id = \"a\"\nname = \"b\u{1}\"".as_bytes(), "congress.toml:2: có ký tự điều khiển U+0001"),
        ("documents/02-noi-quy.md", b"", "documents/02-noi-quy.md:1: thiếu phần đầu"),
    ];
    for (file, bytes, expected) in cases {
        let found = problems(good_with(&[(file, bytes)]).path());
        assert!(found.iter().any(|line| line.starts_with(expected)), "{expected}: {found:#?}");
    }
}

#[test]
fn missing_files_are_named() {
    for file in ["congress.toml", "organisations.csv", "people.csv", "program.toml"] {
        let dir = copy_of_good();
        fs::remove_file(dir.path().join(file)).unwrap();
        assert!(problems(dir.path()).iter().any(|line| line.starts_with(&format!("{file}: thiếu"))), "{file}");
    }
    assert_begin(&problems(&fixture("nowhere")), &[".: không có thư mục"]);
    let both = good_with(&[("program.csv", b"session\n")]);
    assert_begin(&problems(both.path()), &["program.csv: gói có cả program.toml và program.csv"]);
}

#[test]
fn nothing_outside_the_folder_is_opened() {
    let dir = copy_of_good();
    symlink("/etc/passwd", dir.path().join("documents/03-ngoai.md")).unwrap();
    symlink("no-such-file", dir.path().join("documents/04-mat.md")).unwrap();
    UnixListener::bind(dir.path().join("documents/05-cam.md")).unwrap();
    fs::create_dir(dir.path().join("documents/phu-luc")).unwrap();
    assert_begin(
        &problems(dir.path()),
        &[
            "documents/03-ngoai.md: trỏ ra ngoài gói tài liệu",
            "documents/04-mat.md: trỏ ra ngoài gói tài liệu",
            "documents/05-cam.md: không phải là tệp thường",
            "documents/phu-luc: không dùng thư mục con",
        ],
    );
    let dir = copy_of_good();
    let elsewhere = copy_of_good();
    fs::remove_dir_all(dir.path().join("files")).unwrap();
    symlink(elsewhere.path().join("files"), dir.path().join("files")).unwrap();
    assert!(problems(dir.path()).iter().any(|line| line.starts_with("files: trỏ ra ngoài gói tài liệu")));
    let inside = copy_of_good();
    fs::rename(inside.path().join("files/so-do.png"), inside.path().join("files/goc.png")).unwrap();
    symlink("goc.png", inside.path().join("files/so-do.png")).unwrap();
    assert_eq!(problems(inside.path()), [""; 0], "a link that stays inside is a file like others");
}

#[test]
fn a_name_with_a_path_is_never_followed() {
    for name in ["../people.csv", "/etc/passwd", "..", ".", "a/../so-do.png", "..\\\\so-do.png"] {
        let dir = good_replacing("documents/01-nghi-quyet.md", "so-do.png", name);
        assert_begin(&problems(dir.path()), &["documents/01-nghi-quyet.md:8: files:"]);
    }
}

#[test]
fn an_attachment_must_be_what_its_name_says() {
    let cases: [(&str, &[u8], Option<&str>); 7] = [
        ("a.pdf", b"%PDF-1.7 ...", None),
        ("a.PNG", b"\x89PNG\r\n\x1a\n...", None),
        ("a.jpeg", b"\xff\xd8\xff\xe0", None),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", None),
        ("a.pdf", b"PK\x03\x04", Some("files/a.pdf: nội dung không phải là PDF")),
        ("a.webp", b"RIFF\0\0\0\0WAVE", Some("files/a.webp: nội dung không phải là WEBP")),
        ("a.docx", b"PK\x03\x04", Some("files/a.docx: chỉ nhận tệp PDF, PNG, JPEG hoặc WebP")),
    ];
    for (name, bytes, expected) in cases {
        let dir = good_replacing("documents/01-nghi-quyet.md", "so-do.png", name);
        fs::write(dir.path().join("files").join(name), bytes).unwrap();
        assert_begin(&problems(dir.path()), &expected.into_iter().collect::<Vec<_>>());
    }
}

/// Makes a file of a size that takes no room on the disk.
fn grow(dir: &std::path::Path, file: &str, bytes: u64) {
    let file = File::options().create(true).append(true).open(dir.join(file)).unwrap();
    file.set_len(bytes).unwrap();
}

#[test]
fn what_is_past_its_limit_is_refused() {
    let dir = copy_of_good();
    grow(dir.path(), "documents/02-noi-quy.md", pack::limits::DOCUMENT_BYTES_MAX + 1);
    grow(dir.path(), "organisations.csv", pack::limits::TABLE_BYTES_MAX + 1);
    grow(dir.path(), "files/so-do.png", pack::limits::ATTACHMENT_BYTES_MAX + 1);
    assert_begin(
        &problems(dir.path()),
        &[
            "documents/02-noi-quy.md: tệp nặng hơn 2 MB",
            "files/so-do.png: tệp nặng hơn 20 MB",
            "organisations.csv: tệp nặng hơn 5 MB",
        ],
    );
    for number in 0..11 {
        grow(dir.path(), &format!("files/{number}.pdf"), pack::limits::ATTACHMENT_BYTES_MAX);
    }
    assert_begin(&problems(dir.path()), &[".: gói tài liệu nặng hơn 200 MB"]);
}

#[test]
fn more_rows_documents_or_items_than_fit_are_refused() {
    let dir = copy_of_good();
    let row = text_of_good("people.csv").lines().last().unwrap().to_owned();
    let many = (0..=pack::limits::PEOPLE_MAX).map(|n| row.replacen("s1", &format!("x{n}"), 1) + "\n");
    fs::write(dir.path().join("people.csv"), text_of_good("people.csv") + &many.collect::<String>()).unwrap();
    for number in 0..pack::limits::DOCUMENTS_MAX {
        let text = text_of_good("documents/02-noi-quy.md").replace("\"noi-quy\"", &format!("\"d{number}\""));
        fs::write(dir.path().join(format!("documents/x{number}.md")), text).unwrap();
    }
    let mut program = text_of_good("program.toml");
    for number in 0..pack::limits::ITEMS_MAX {
        program += &format!("[[session.item]]\nid = \"i{number}\"\n");
    }
    fs::write(dir.path().join("program.toml"), program).unwrap();
    assert_begin(
        &problems(dir.path()),
        &[
            "documents: có hơn 200 tài liệu",
            "people.csv:5003: có hơn 5000 dòng",
            "program.toml: có 504 mục, nhiều hơn 500",
        ],
    );
}
