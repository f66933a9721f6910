//! Writes Word files: the parts that matter, as text, with fixed times, so that the same content gives the same file. The
//! tests and the demo congress are made with it; it knows nothing of the reader.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

pub const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" \
    xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
    xmlns:v=\"urn:schemas-microsoft-com:vml\" \
    xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A file that grows.
#[derive(Clone, Debug)]
pub struct Writer {
    /// XML inside `w:body`, without its section.
    pub body: String,
    /// XML inside `w:styles`, behind the defaults.
    pub styles: String,
    /// XML inside `w:numbering`.
    pub numbering: String,
    /// Name and half points of the font of the text.
    pub font: (String, u32),
    /// Page in twentieths of a point.
    pub page: (u32, u32),
    /// XML of the paragraphs of each.
    pub footnotes: Vec<String>,
    pub comments: Vec<String>,
    pub headers: Vec<String>,
    /// Pictures by name.
    pub media: Vec<(String, Vec<u8>)>,
}

impl Default for Writer {
    fn default() -> Self {
        Self {
            body: String::new(),
            styles: String::new(),
            numbering: String::new(),
            font: ("Times New Roman".to_owned(), 28),
            page: (11_906, 16_838),
            footnotes: Vec::new(),
            comments: Vec::new(),
            headers: Vec::new(),
            media: Vec::new(),
        }
    }
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A run of words; `properties` is XML inside `w:rPr`.
pub fn run(properties: &str, text: &str) -> String {
    let properties = if properties.is_empty() { String::new() } else { format!("<w:rPr>{properties}</w:rPr>") };
    let text = escaped(text).replace('\n', "</w:t><w:br/><w:t xml:space=\"preserve\">");
    let text = text.replace('\t', "</w:t><w:tab/><w:t xml:space=\"preserve\">");
    format!("<w:r>{properties}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// A paragraph; `properties` is XML inside `w:pPr`.
pub fn paragraph(properties: &str, content: &str) -> String {
    let properties = if properties.is_empty() { String::new() } else { format!("<w:pPr>{properties}</w:pPr>") };
    format!("<w:p>{properties}{content}</w:p>")
}

/// A table of cells, each the XML of its paragraphs.
pub fn table(rows: &[Vec<String>], has_borders: bool) -> String {
    let sides = ["top", "left", "bottom", "right", "insideH", "insideV"];
    let border = |side: &&str| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>");
    let borders: String = sides.iter().filter(|_| has_borders).map(border).collect();
    let borders = if has_borders { format!("<w:tblBorders>{borders}</w:tblBorders>") } else { String::new() };
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1);
    let grid = "<w:gridCol w:w=\"2000\"/>".repeat(columns);
    let mut xml =
        format!("<w:tbl><w:tblPr><w:tblW w:w=\"0\" w:type=\"auto\"/>{borders}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>");
    for row in rows {
        let cells: String = row.iter().map(|cell| format!("<w:tc><w:tcPr/>{cell}</w:tc>")).collect();
        // Writing into a String cannot fail.
        _ = write!(xml, "<w:tr>{cells}</w:tr>");
    }
    xml + "</w:tbl>"
}

impl Writer {
    pub fn push(&mut self, xml: &str) {
        self.body.push_str(xml);
    }

    /// The parts of the file by name.
    pub fn parts(&self) -> Vec<(String, Vec<u8>)> {
        let xml = |root: &str, content: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<{root} {NAMESPACES}>{content}</{root}>"
            )
        };
        let (mut relations, mut types, mut parts) = (String::new(), String::new(), Vec::new());
        let mut add = |id: &str, kind: &str, name: &str, content: String| {
            _ = write!(relations, "<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{name}\"/>");
            let media = format!("application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml");
            _ = write!(types, "<Override PartName=\"/word/{name}\" ContentType=\"{media}\"/>");
            parts.push((format!("word/{name}"), content.into_bytes()));
        };
        let (font, half_points) = &self.font;
        let defaults = format!(
            "<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\" w:cs=\"{font}\"/>\
             <w:sz w:val=\"{half_points}\"/></w:rPr></w:rPrDefault></w:docDefaults>\
             <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>"
        );
        add("rId1", "styles", "styles.xml", xml("w:styles", &(defaults + &self.styles)));
        if !self.numbering.is_empty() {
            add("rId2", "numbering", "numbering.xml", xml("w:numbering", &self.numbering));
        }
        let numbered = |element: &str, list: &[String]| {
            let one = |(id, xml): (usize, &String)| format!("<w:{element} w:id=\"{id}\">{xml}</w:{element}>");
            (1..).zip(list).map(one).collect::<String>()
        };
        if !self.footnotes.is_empty() {
            let line = "<w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>";
            add(
                "rId3",
                "footnotes",
                "footnotes.xml",
                xml("w:footnotes", &(line.to_owned() + &numbered("footnote", &self.footnotes))),
            );
        }
        if !self.comments.is_empty() {
            add("rId4", "comments", "comments.xml", xml("w:comments", &numbered("comment", &self.comments)));
        }
        let mut section = String::new();
        for (at, header) in (1..).zip(&self.headers) {
            add(&format!("rIdH{at}"), "header", &format!("header{at}.xml"), xml("w:hdr", header));
            _ = write!(section, "<w:headerReference w:type=\"default\" r:id=\"rIdH{at}\"/>");
        }
        for (at, (name, _)) in (1..).zip(&self.media) {
            _ = write!(relations, "<Relationship Id=\"rIdM{at}\" Type=\"{OFFICE}/image\" Target=\"media/{name}\"/>");
        }
        let (width, height) = self.page;
        _ = write!(
            section,
            "<w:pgSz w:w=\"{width}\" w:h=\"{height}\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1701\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/>"
        );
        let document = xml("w:document", &format!("<w:body>{}<w:sectPr>{section}</w:sectPr></w:body>", self.body));
        let package = "http://schemas.openxmlformats.org/package/2006";
        let rels = |content: &str| {
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"{package}/relationships\">{content}</Relationships>").into_bytes()
        };
        let content_types = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"{package}/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>\
             <Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>{types}</Types>"
        );
        let main = format!("<Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"word/document.xml\"/>");
        let mut all = vec![
            ("[Content_Types].xml".to_owned(), content_types.into_bytes()),
            ("_rels/.rels".to_owned(), rels(&main)),
            ("word/document.xml".to_owned(), document.into_bytes()),
            ("word/_rels/document.xml.rels".to_owned(), rels(&relations)),
        ];
        all.extend(parts);
        all.extend(self.media.iter().map(|(name, bytes)| (format!("word/media/{name}"), bytes.clone())));
        all
    }

    /// The file.
    pub fn bytes(&self) -> ZipResult<Vec<u8>> {
        packed(&self.parts())
    }
}

/// A ZIP of some parts, dated at the beginning of such dates.
pub fn packed(parts: &[(String, Vec<u8>)]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
