//! Files that nobody should have made: each ends in one clear line, within the limits, and never in a panic.

use proptest::prelude::*;

use crate::script::written;
use crate::shared::{FILE, outcome, pack_with};
use crate::writer::{NAMESPACES, Writer, packed, paragraph, run};

fn with_document(xml: &str) -> Vec<u8> {
    let mut parts = Writer::default().parts();
    let document = parts.iter_mut().find(|(name, _)| name == "word/document.xml").unwrap();
    document.1 = xml.as_bytes().to_vec();
    packed(&parts).unwrap()
}

fn body(xml: &str) -> Vec<u8> {
    with_document(&format!("<w:document {NAMESPACES}><w:body>{xml}</w:body></w:document>"))
}

/// The file ends in exactly one line, which says this.
fn assert_refused(bytes: &[u8], expected: &str) {
    let found = outcome(bytes);
    assert_eq!(found.lines().count(), 1, "{found}");
    assert!(found.starts_with(&format!("! {FILE}")) && found.contains(expected), "{found}, not {expected}");
}

#[test]
fn what_is_no_word_file_is_refused_by_what_it_is() {
    let good = written("b| I. MỘT\n| Hai.").bytes().unwrap();
    assert_refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "là tệp .doc kiểu cũ hoặc tệp có mật khẩu");
    assert_refused(b"{\\rtf1 text}", "nội dung không phải là .docx");
    assert_refused(b"", "nội dung không phải là .docx");
    assert_refused(b"PK\x03\x04 and nothing", "tệp .docx bị hỏng");
    assert_refused(&good[..good.len() - 40], "tệp .docx bị hỏng");
    assert_refused(&packed(&[("a.txt".to_owned(), b"a".to_vec())]).unwrap(), "nội dung không phải là .docx");
    let sheet = [("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>")];
    let sheet: Vec<_> = sheet.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into();
    assert_refused(&packed(&sheet).unwrap(), "không phải là văn bản Word");
}

#[test]
fn broken_and_hostile_xml_is_refused_with_its_part() {
    let cases = [
        ("<w:document><w:body></w:document>".to_owned(), "word/document.xml có XML không đúng cú pháp"),
        ("<w:document".to_owned(), "XML không đúng cú pháp"),
        ("<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>".to_owned(), "khai báo DTD"),
        (format!("<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>&lol;</w:t>"), "thực thể XML lạ"),
        (format!("<w:document {NAMESPACES}>{}", "<w:ins>".repeat(10_000)), "quá nhiều lớp lồng nhau"),
        (format!("<w:document {NAMESPACES} a=\"{}\"/>", "b".repeat(200_000)), "thẻ XML quá dài"),
    ];
    for (xml, expected) in cases {
        assert_refused(&with_document(&xml), expected);
    }
}

#[test]
fn a_file_that_unpacks_too_large_is_refused() {
    let spaces = " ".repeat(5_000_000);
    assert_refused(&body(&spaces), "bung ra quá lớn");
    let unpacked = usize::try_from(pack::limits::DOCX_UNPACKED_BYTES_MAX).unwrap();
    let comments = format!("<!--{}-->", " ".repeat(100_000)).repeat(unpacked / 100_000);
    assert_refused(&body(&comments), "bung ra quá lớn");
    assert_refused(&body(&"<a/>".repeat(pack::limits::XML_TOKENS_MAX / 2)), "bung ra quá lớn");
    let mut parts = Writer::default().parts();
    for (name, bytes) in &mut parts {
        if name == "word/styles.xml" {
            *bytes = format!("<w:styles {NAMESPACES}>{spaces}</w:styles>").into_bytes();
        }
    }
    assert_refused(&packed(&parts).unwrap(), "phần word/styles.xml bung ra quá lớn");
}

#[test]
fn what_is_past_its_limit_is_refused() {
    assert_refused(&body(&"<w:p/>".repeat(pack::limits::DOCX_PARAGRAPHS_MAX + 1)), "có hơn 100000 đoạn");
    let words = paragraph("", &run("", &"nghị quyết ".repeat(20_000)));
    assert_refused(&body(&words.repeat(10)), "phần chữ nặng hơn 2 MB");
    let row: String = "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>".repeat(41);
    assert_refused(&body(&format!("<w:tbl><w:tr>{row}</w:tr></w:tbl>")), "bảng có hơn 40 cột");
    let wide = "<w:tc><w:tcPr><w:gridSpan w:val=\"4000000000\"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>";
    assert_refused(&body(&format!("<w:tbl><w:tr>{wide}{wide}</w:tr></w:tbl>")), "bảng có hơn 40 cột");
    let short = paragraph("", &run("", "a"));
    assert_refused(&body(&short.repeat(pack::limits::BLOCKS_MAX + 1)), "có hơn 20000 đoạn");
    let many: Vec<_> = (0..=pack::limits::DOCX_ENTRIES_MAX).map(|at| (format!("word/{at}.xml"), Vec::new())).collect();
    let many: Vec<_> = Writer::default().parts().into_iter().chain(many).collect();
    assert_refused(&packed(&many).unwrap(), "có hơn 2000 phần");
}

#[test]
fn structures_inside_one_another_end() {
    let mut xml = paragraph("", &run("", "trong cùng"));
    for _ in 0..60 {
        xml = format!("<w:tbl><w:tr><w:tc>{xml}</w:tc></w:tr></w:tbl>");
    }
    assert!(outcome(&body(&xml)).contains("trong cùng"));
    let mut xml = run("", "trong cùng");
    for _ in 0..90 {
        xml = format!("<w:ins>{xml}</w:ins>");
    }
    assert!(outcome(&body(&paragraph("", &xml))).contains("trong cùng"));
    let ring = "STYLE <w:style w:type=\"paragraph\" w:styleId=\"A\"><w:name w:val=\"A\"/><w:basedOn w:val=\"B\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"B\"><w:name w:val=\"B\"/><w:basedOn w:val=\"A\"/></w:style>\nstyle=A| Vòng.";
    assert!(outcome(&written(ring).bytes().unwrap()).contains("¶ Vòng."));
}

/// Scripts of real shape, to be mangled.
const SCRIPTS: [&str; 2] = [
    include_str!("cases/07-letterhead-in-table.txt"),
    "h1| I. MỘT\n| Hai{note:ba} ++bốn++{png:năm}\nl1.0 b| Sáu\nl1.2| Bảy\nT| a | b\n@header tám\n{comment:x}|",
];

fn script(at: usize) -> Vec<(String, Vec<u8>)> {
    let text = SCRIPTS[at].lines().filter(|line| !line.starts_with('{')).collect::<Vec<_>>().join("\n");
    written(&text).parts()
}

fn assert_orderly(bytes: &[u8]) {
    let dir = pack_with(bytes);
    if let Err(problems) = pack::read(dir.path()) {
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|problem| !problem.to_string().contains('\n')), "{problems:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_bytes_in_the_file_make_the_reader_panic(
        at in 0..2_usize, place in 0..1000_usize, cut in 0..40_usize, piece in proptest::collection::vec(any::<u8>(), 0..20),
    ) {
        let mut bytes = packed(&script(at)).unwrap();
        let start = bytes.len() * place / 1000;
        let end = bytes.len().min(start + cut);
        bytes.splice(start..end, piece);
        assert_orderly(&bytes);
    }

    #[test]
    fn no_xml_in_a_part_makes_the_reader_panic(
        at in 0..2_usize, part in any::<proptest::sample::Index>(), place in 0..1000_usize, cut in 0..60_usize,
        piece in prop_oneof![
            "[<>/=\"&;a-z0-9: ]{0,20}",
            "<w:(p|r|t|tbl|tr|tc|pPr|rPr|sdt|ins|del|numPr|txbxContent|footnoteReference|drawing)( w:(val|id|ilvl)=\"[-0-9a-z]{0,12}\")?/?>",
            "</w:(p|r|t|tbl|tr|tc|pPr|rPr)>",
        ],
    ) {
        let mut parts = script(at);
        let part = part.index(parts.len());
        let bytes = &mut parts[part].1;
        let start = bytes.len() * place / 1000;
        let end = bytes.len().min(start + cut);
        bytes.splice(start..end, piece.into_bytes());
        assert_orderly(&packed(&parts).unwrap());
    }

    #[test]
    fn no_values_of_attributes_make_the_reader_panic(
        at in 0..2_usize, nth in 0..80_usize, value in "-?[0-9]{1,20}|[a-zA-Z]{0,8}|%[0-9]",
    ) {
        let mut parts = script(at);
        for (_, bytes) in parts.iter_mut().filter(|(name, _)| name.ends_with(".xml")) {
            let text = String::from_utf8(std::mem::take(bytes)).unwrap();
            let pieces: Vec<&str> = text.split("w:val=\"").collect();
            let mangled = pieces.iter().enumerate().map(|(place, piece)| match piece.split_once('"') {
                Some((_, rest)) if place > 0 && place % 80 == nth => format!("{value}\"{rest}"),
                _ => (*piece).to_owned(),
            });
            *bytes = mangled.collect::<Vec<_>>().join("w:val=\"").into_bytes();
        }
        assert_orderly(&packed(&parts).unwrap());
    }

    #[test]
    fn no_paragraphs_make_the_reader_panic_and_all_their_words_come_through(
        lines in proptest::collection::vec("(b|c b|i|l1\\.[0-3]|l2\\.1|h[1-6]|r)?\\| ([IVX]{1,3}\\.|[0-9]\\.[0-9]?|[a-dđ]\\)|-|\\+|Điều 1\\.|Phần thứ hai|T/M)? ?[A-Za-zđĐạ]{1,9} [a-zđ;:.,]{0,12}", 0..25),
    ) {
        let bytes = written(&lines.join("\n")).bytes().unwrap();
        let found = outcome(&bytes);
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
        for line in &lines {
            let words = line.split_once('|').unwrap().1;
            let last = words.split_whitespace().last().unwrap().trim_matches([';', ':', '.', ',']);
            prop_assert!(letters(last) == 0 || found.contains(last), "{last} of {line} in {found}");
        }
    }
}
