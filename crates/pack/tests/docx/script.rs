//! A script of a Word file, one paragraph a line, so that each case of the corpus can be read with the eyes:
//!
//! ```text
//! @font .VnTime 26          font and half points of the text;  @page 15840 12240  the paper
//! @header MẬT               a header
//! c b| ĐẠI HỘI              looks and words: c r centre, right; b i u caps; h1 heading; o1 outline; l1.0 list 1 level 0;
//!                           font=VNI-Times; style=Title
//! | **bold** *italic* __under__ ++inserted++ ~~deleted~~ {note:…} {comment:…} {png:…} {emf:…} {tab} {br} {page}
//! T| a | b                  a row of a table, its neighbours with it;  L| a | b  one without borders
//! <w:p>…                    XML as it is;  STYLE <w:style>…  and  NUM <w:abstractNum>…  beside the text
//! ```

use crate::writer::{Writer, escaped, paragraph, run, table};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const HEADINGS: &str = "<w:style w:type=\"paragraph\" w:styleId=\"HeadingN\"><w:name w:val=\"heading N\"/>\
    <w:basedOn w:val=\"Normal\"/><w:pPr><w:outlineLvl w:val=\"M\"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>";
const OTHERS: &str = "<w:style w:type=\"paragraph\" w:styleId=\"Title\"><w:name w:val=\"Title\"/><w:pPr>\
    <w:jc w:val=\"center\"/></w:pPr><w:rPr><w:b/></w:rPr></w:style><w:style w:type=\"paragraph\" w:styleId=\"TOC1\">\
    <w:name w:val=\"toc 1\"/></w:style>";
/// List 1: I. 1. 1.1. a) ; list 2: dashes; list 3: 1. 2. 3.
const LISTS: [&[(&str, &str)]; 3] = [
    &[("upperRoman", "%1."), ("decimal", "%2."), ("decimal", "%2.%3."), ("lowerLetter", "%4)")],
    &[("bullet", "-"), ("bullet", "+")],
    &[("decimal", "%1."), ("lowerLetter", "%2)")],
];

pub fn written(script: &str) -> Writer {
    let mut writer = Writer::default();
    for level in 1..=6 {
        writer.styles += &HEADINGS.replace('N', &level.to_string()).replace('M', &(level - 1).to_string());
    }
    writer.styles += OTHERS;
    for (id, levels) in (1..).zip(LISTS) {
        let levels = (0..).zip(levels).map(|(at, (format, text)): (u32, _)| {
            format!("<w:lvl w:ilvl=\"{at}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl>")
        });
        writer.numbering +=
            &format!("<w:abstractNum w:abstractNumId=\"{id}\">{}</w:abstractNum>", levels.collect::<String>());
    }
    for id in 1..=LISTS.len() {
        writer.numbering += &format!("<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{id}\"/></w:num>");
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut has_borders = false;
    for line in script.lines().chain([""]) {
        let is_row = line.starts_with("T|") || line.starts_with("L|");
        if is_row {
            has_borders = line.starts_with('T');
            let cells = line[2..].split('|').map(|cell| {
                let lines = cell.trim().split("{br}").map(|line| paragraph("", &inline(&mut writer, line, "")));
                lines.collect::<String>()
            });
            rows.push(cells.collect());
            continue;
        }
        if !rows.is_empty() {
            writer.push(&table(&std::mem::take(&mut rows), has_borders));
        }
        one(&mut writer, line);
    }
    writer
}

fn one(writer: &mut Writer, line: &str) {
    if let Some(rest) = line.strip_prefix("@font ") {
        let (font, size) = rest.rsplit_once(' ').unwrap();
        writer.font = (font.to_owned(), size.parse().unwrap());
    } else if let Some(rest) = line.strip_prefix("@page ") {
        let (width, height) = rest.split_once(' ').unwrap();
        writer.page = (width.parse().unwrap(), height.parse().unwrap());
    } else if let Some(words) = line.strip_prefix("@header ") {
        writer.header(&if words.starts_with('<') { words.to_owned() } else { paragraph("", &run("", words)) });
    } else if let Some(xml) = line.strip_prefix("STYLE ") {
        writer.styles += xml;
    } else if let Some(xml) = line.strip_prefix("NUM ") {
        writer.numbering.insert_str(0, xml);
    } else if line.starts_with('<') {
        writer.push(line);
    } else if let Some((looks, words)) = line.split_once('|') {
        let (mut of_paragraph, mut of_words) = (String::new(), String::new());
        for look in looks.split_whitespace() {
            let (before, of) = look.split_at(look.len().min(1));
            match (look, before) {
                ("c", _) => of_paragraph += "<w:jc w:val=\"center\"/>",
                ("r", _) => of_paragraph += "<w:jc w:val=\"right\"/>",
                ("b" | "i" | "caps" | "vanish", _) => of_words += &format!("<w:{look}/>"),
                ("u", _) => of_words += "<w:u w:val=\"single\"/>",
                _ if look.starts_with("font=") => {
                    let font = look[5..].replace('_', " ");
                    of_words += &format!("<w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\"/>");
                }
                _ if look.starts_with("size=") => of_words += &format!("<w:sz w:val=\"{}\"/>", &look[5..]),
                _ if look.starts_with("style=") => of_paragraph += &format!("<w:pStyle w:val=\"{}\"/>", &look[6..]),
                (_, "h") => of_paragraph += &format!("<w:pStyle w:val=\"Heading{of}\"/>"),
                (_, "o") => of_paragraph += &format!("<w:outlineLvl w:val=\"{}\"/>", of.parse::<u8>().unwrap() - 1),
                (_, "l") => {
                    let (list, level) = of.split_once('.').unwrap();
                    of_paragraph +=
                        &format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>");
                }
                _ => panic!("no look {look}"),
            }
        }
        let content = inline(writer, words.trim(), &of_words);
        writer.push(&paragraph(&of_paragraph, &content));
    } else {
        assert!(line.trim().is_empty() || line.starts_with('#'), "{line}");
        if line.trim().is_empty() && !line.is_empty() {
            writer.push(&paragraph("", ""));
        }
    }
}

const MARKS: [(&str, &str); 5] =
    [("**", "<w:b/>"), ("__", "<w:u w:val=\"single\"/>"), ("++", "ins"), ("~~", "del"), ("*", "<w:i/>")];

fn inline(writer: &mut Writer, words: &str, looks: &str) -> String {
    let mut xml = String::new();
    let mut rest = words;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('{') {
            let (field, after) = inside.split_once('}').unwrap();
            rest = after;
            let (name, value) = field.split_once(':').unwrap_or((field, ""));
            xml += &match name {
                "note" => writer.footnote(value),
                "comment" => writer.comment(value),
                "png" => writer.picture("png", PNG, value),
                "emf" => writer.picture("emf", b"\x01\0\0\0", value),
                "tab" => "<w:r><w:tab/></w:r>".to_owned(),
                "br" => "<w:r><w:br/></w:r>".to_owned(),
                "page" => "<w:r><w:br w:type=\"page\"/></w:r>".to_owned(),
                other => panic!("no field {other}"),
            };
            continue;
        }
        let mark = MARKS.iter().find(|(mark, _)| rest.starts_with(mark) && rest[mark.len()..].contains(mark));
        if let Some((mark, look)) = mark {
            let (inside, after) = rest[mark.len()..].split_once(mark).unwrap();
            rest = after;
            xml += &match *look {
                "ins" => format!("<w:ins w:id=\"1\">{}</w:ins>", run(looks, inside)),
                "del" => format!("<w:del w:id=\"1\"><w:r><w:delText>{inside}</w:delText></w:r></w:del>"),
                look => run(&format!("{looks}{look}"), inside),
            };
            continue;
        }
        let next = rest.char_indices().skip(1).find(|(_, c)| "{*_+~".contains(*c)).map_or(rest.len(), |(at, _)| at);
        xml += &run(looks, &rest[..next]);
        rest = &rest[next..];
    }
    xml
}

/// What stands beside the text.
impl Writer {
    /// The reference to a new footnote.
    fn footnote(&mut self, text: &str) -> String {
        self.footnotes.push(paragraph("", &format!("<w:r><w:footnoteRef/></w:r>{}", run("", text))));
        format!("<w:r><w:footnoteReference w:id=\"{}\"/></w:r>", self.footnotes.len())
    }

    /// The reference to a new comment.
    fn comment(&mut self, text: &str) -> String {
        self.comments.push(paragraph("", &run("", text)));
        format!("<w:r><w:commentReference w:id=\"{}\"/></w:r>", self.comments.len())
    }

    /// A header of the only section; XML of its paragraphs.
    fn header(&mut self, xml: &str) {
        self.headers.push(xml.to_owned());
    }

    /// A picture in the text.
    fn picture(&mut self, extension: &str, bytes: &[u8], description: &str) -> String {
        self.media.push((format!("image{}.{extension}", self.media.len() + 1), bytes.to_vec()));
        let (id, description) = (self.media.len(), escaped(description));
        format!(
            "<w:r><w:drawing><wp:inline><wp:extent cx=\"900000\" cy=\"900000\"/><wp:docPr id=\"{id}\" name=\"Picture\" \
             descr=\"{description}\"/><a:graphic><a:graphicData uri=\"x\"><pic:pic><pic:blipFill>\
             <a:blip r:embed=\"rIdM{id}\"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )
    }
}
