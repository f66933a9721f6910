//! What a good pack becomes.

use congress::entities::{BlockKind, PersonKind, Role, RunStyle};
use unicode_normalization::UnicodeNormalization;

use crate::common::{copy_of_good, good, good_with, problems, read, text_of, text_of_good};

#[test]
fn names_times_and_rights_are_resolved() {
    let pack = read(&good());
    assert_eq!(pack.notes, [""; 0]);
    assert_eq!((pack.congress_id(), pack.congress.convened, pack.congress.utc_offset_minutes), ("xa-lang-tre", 2, 420));
    assert_eq!(pack.congress.speaking_minutes, 7);
    let [first, second, alternate, guest, staff] = &pack.people[..] else { panic!("five people") };
    assert_eq!(first.person.full_name(), "Lê Thị Ân");
    assert_eq!(first.person.organisation, "Đảng bộ xã Làng Tre");
    assert_eq!(second.person.organisation, "Thôn Thượng", "the short name where there is one");
    assert_eq!(second.person.roles.iter().copied().collect::<Vec<_>>(), [Role::Secretariat, Role::Credentials]);
    assert_eq!(alternate.person.alternate_rank, Some(1));
    assert_eq!(guest.person.full_name(), "Nhà giáo ưu tú Hà Dung");
    assert_eq!(staff.person.kind, PersonKind::Staff);
    assert_eq!(first.credentials.birth_date.unwrap().to_string(), "02/09/1975");
    let shown: Vec<String> =
        pack.sessions.iter().map(|s| format!("{} {} {}–{}", s.id, s.date, s.start, s.end)).collect();
    assert_eq!(shown, ["sang-10 10/12/2026 07:30–09:30", "sang-11 11/12/2026 08:00–08:30"]);
    assert_eq!(pack.items[0].chair.as_ref().unwrap().position, "Bí thư Đảng ủy xã");
    assert_eq!(pack.items[0].presenters[1].name, "Nhà giáo ưu tú Hà Dung");
    assert_eq!(pack.items[1].chair, None);
    assert_eq!((pack.scripts.len(), pack.scripts[0].lines.len()), (1, 2));
}

#[test]
fn a_document_becomes_blocks_with_places_and_markers() {
    let pack = read(&good());
    let text = text_of(&pack, "nghi-quyet");
    let shown: Vec<String> = text
        .blocks
        .iter()
        .map(|block| match &block.kind {
            BlockKind::Heading { level, .. } => format!("h{level} {}", block.place),
            BlockKind::Paragraph { runs } => format!("p {}", runs.len()),
            BlockKind::ListItem { depth, marker, .. } => format!("{depth} {marker} {}", block.plain_text()),
            BlockKind::Table { rows } => format!("t {}×{}", rows.len(), rows[0].len()),
        })
        .collect();
    let expected = [
        "h1 Phần thứ nhất",
        "h2 Phần thứ nhất, mục I",
        "p 5",
        "0 – Lúa: 5 tấn",
        "1 1. Vụ xuân",
        "1 2. Vụ mùa",
        "0 – Rừng",
        "t 2×2",
        "h2 Phần thứ nhất, mục II",
        "p 5",
    ];
    assert_eq!(shown, expected);
    let BlockKind::Paragraph { runs } = &text.blocks[2].kind else { panic!("a paragraph") };
    assert_eq!(
        runs.iter().map(|run| run.style).collect::<Vec<_>>(),
        [RunStyle::Plain, RunStyle::Bold, RunStyle::Plain, RunStyle::Italic, RunStyle::Plain]
    );
    assert_eq!(text.blocks[9].id, format!("{}-2", text.blocks[2].id), "the same words twice");
    let rules = text_of(&pack, "noi-quy");
    let markers = rules.blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::ListItem { marker, .. } => Some(marker.as_str()),
        _ => None,
    });
    assert_eq!(markers.collect::<Vec<_>>(), ["1)", "2)"], "counting left to Markdown");
    let document = &pack.documents[0];
    assert_eq!((document.position, document.pages, document.files[0].media_type.as_str()), (1, 1, "image/png"));
    assert_eq!(document.words, 54);
}

#[test]
fn text_that_is_not_in_nfc_and_the_marks_of_editors_are_repaired() {
    let plain = read(&good());
    let people: String = text_of_good("people.csv").nfd().collect();
    let program = format!("\u{feff}{}", text_of_good("program.toml").replace('\n', "\r\n"));
    let files: [(&str, &[u8]); 2] = [("people.csv", people.as_bytes()), ("program.toml", program.as_bytes())];
    let mut repaired = read(good_with(&files).path());
    assert_eq!(repaired.notes, ["people.csv: 5 dòng chưa ở dạng Unicode NFC (từ dòng 2) đã được sửa"]);
    repaired.notes.clear();
    assert_eq!(repaired, plain);
}

#[test]
fn files_that_nobody_asked_for_are_noted_or_passed_over() {
    let dir = copy_of_good();
    for file in ["ghi-chu.txt", ".DS_Store", "~$people.csv", "files/thua.pdf"] {
        std::fs::write(dir.path().join(file), "x").unwrap();
    }
    assert_eq!(
        read(dir.path()).notes,
        [
            "ghi-chu.txt: tệp không thuộc gói tài liệu, được bỏ qua",
            "files/thua.pdf: không tài liệu nào dùng tệp này, được bỏ qua"
        ]
    );
}

const HEADER: &str =
    "session,session_title,session_kind,date,item,title,start,minutes,kind,chair,presenters,documents,note\n";

#[test]
fn a_programme_is_the_same_from_a_table() {
    let rows = "\
        sang-10,Phiên trù bị,preparatory,10/12/2026,khai-mac,\"Chào cờ, khai mạc\",7:30,20,opening,p1,p1;p4,,Đại biểu có mặt trước 15 phút.\n\
        sang-10,,,,giai-lao,Giải lao,07:50,10,break,,,,\n\
        sang-10,Phiên trù bị,preparatory,10/12/2026,thao-luan,Thảo luận dự thảo nghị quyết,08:00,90,discussion,p1,,nghi-quyet,\n\
        ,,,,,,,,,,,,\n\
        sang-11,Phiên chính thức,official,11/12/2026,be-mac,Bế mạc,08:00,30,ceremony,p1,,,\n";
    let dir = good_with(&[("program.csv", (HEADER.to_owned() + rows).as_bytes())]);
    std::fs::remove_file(dir.path().join("program.toml")).unwrap();
    let (table, toml) = (read(dir.path()), read(&good()));
    assert_eq!((table.sessions, table.items, table.scripts), (toml.sessions, toml.items, vec![]));
}

#[test]
fn a_table_of_the_programme_names_its_own_columns() {
    let rows = "\
        sang-10,Phiên trù bị,preparatory,10/12/2026,khai-mac,Khai mạc,7:30,20,opening,p1,,,\n\
        sang-10,Phiên khác,,,khai-mac,Khai mạc,7:30,20,opening,p2,,,\n\
        sang-11,,official,,be-mac,Bế mạc,08:00,30,ceremony,p1;p2,,,\n\
        ,,,,x,Bế mạc,08:00,30,ceremony,p1,,,\n";
    let dir = good_with(&[("program.csv", (HEADER.to_owned() + rows).as_bytes())]);
    std::fs::remove_file(dir.path().join("program.toml")).unwrap();
    let expected = [
        "program.csv:3: session_title: “Phiên khác” khác với dòng 2 của cùng phiên; hãy ghi như nhau",
        "program.csv:3: chair: mục “khai-mac” có hai người điều hành (dòng 2 và dòng này); chỉ ghi một người",
        "program.csv:4: session_title: còn thiếu; hãy ghi vào",
        "program.csv:4: date: còn thiếu; hãy ghi vào",
        "program.csv:4: chair: có hai người điều hành; mỗi mục chỉ ghi một người",
        "program.csv:5: session: còn thiếu; hãy ghi vào",
        "program.csv:5: session_title: còn thiếu; hãy ghi vào",
        "program.csv:5: session_kind: còn thiếu; hãy ghi vào",
        "program.csv:5: date: còn thiếu; hãy ghi vào",
    ];
    assert_eq!(problems(dir.path()), expected);
}

#[test]
fn only_words_make_blocks() {
    let front = "+++\nid = \"x\"\nkind = \"guide\"\ntitle = \"X\"\nversion = 1\nsecrecy = \"none\"\n+++\n";
    let body =
        "Một\\\nhai <ba\n\n***\n\n|||\n|-|-|\n\n- \n- bốn\n\n  năm\n\n> sáu **bảy**`tám`\n\n7. chín\n9. mười\n9. hai\n";
    let dir = good_with(&[("documents/03.md", (front.to_owned() + body).as_bytes())]);
    let text = text_of(&read(dir.path()), "x");
    let shown = text.blocks.iter().map(|block| match &block.kind {
        BlockKind::ListItem { marker, .. } => format!("{marker}/{}", block.plain_text()),
        _ => block.plain_text(),
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        ["Một\nhai <ba", "–/bốn", "/năm", "sáu bảytám", "7./chín", "9./mười", "10./hai"]
    );
}
