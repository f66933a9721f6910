//! The XML of a Word file, token by token, within bounds: no document type, no entity but the five of XML, no more than
//! so many elements inside one another. What breaks a bound ends the reading of the whole file.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{BufRead, ErrorKind};
use std::rc::Rc;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};

use crate::limits::{
    DOCX_PARAGRAPHS_MAX, DOCX_WORDS_BYTES_MAX, XML_DEPTH_MAX, XML_NAMESPACES_MAX, XML_TAG_BYTES_MAX, XML_TOKENS_MAX,
};

/// The vocabularies that a Word file mixes, told by their addresses and not by their prefixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Vocabulary {
    /// Text and its formatting, in both of its editions.
    Word,
    /// What pictures are made of, of all kinds.
    Drawing,
    /// The older kind of pictures and text boxes.
    Vml,
    /// One of several ways to say the same.
    Alternatives,
    Math,
    /// Which part belongs to which.
    Relations,
    Other,
}

/// Endings of addresses: the editions of the standard differ in how they begin.
const VOCABULARIES: [(&str, Vocabulary); 9] = [
    ("/wordprocessingml/2006/main", Vocabulary::Word),
    ("/ooxml/wordprocessingml/main", Vocabulary::Word),
    ("/markup-compatibility/2006", Vocabulary::Alternatives),
    ("/officeDocument/2006/math", Vocabulary::Math),
    ("/ooxml/officeDocument/math", Vocabulary::Math),
    ("microsoft-com:vml", Vocabulary::Vml),
    ("/package/2006/relationships", Vocabulary::Relations),
    ("/drawingml/2006/wordprocessingDrawing", Vocabulary::Drawing),
    ("/drawingml/2006/main", Vocabulary::Drawing),
];

#[derive(Debug)]
pub(super) enum Token {
    Start(Element),
    End,
    Text(String),
    /// The end of the part.
    Done,
}

#[derive(Debug)]
pub(super) struct Element {
    pub(super) vocabulary: Vocabulary,
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    pub(super) fn is(&self, name: &str) -> bool {
        self.vocabulary == Vocabulary::Word && self.name == name
    }

    /// An attribute by its name without prefix.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn value(&self) -> Option<&str> {
        self.get("val")
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// A property that is there or not: `<w:b/>`, `<w:b w:val="0"/>`.
    pub(super) fn is_on(&self) -> bool {
        !matches!(self.value(), Some("0" | "false" | "off" | "none"))
    }
}

/// Why a part cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Broken {
    Syntax,
    Doctype,
    Entity,
    Depth,
    Tag,
    Namespaces,
    TooLarge,
    Packed,
    Paragraphs,
    Words,
}

impl Broken {
    /// What is wrong and what to do.
    pub(super) fn message(self, part: &str) -> String {
        let wrong = match self {
            Broken::Syntax => "có XML không đúng cú pháp",
            Broken::Doctype => "khai báo DTD, điều không có trong tệp do Word lưu",
            Broken::Entity => "dùng thực thể XML lạ",
            Broken::Depth => "có quá nhiều lớp lồng nhau",
            Broken::Tag => "có thẻ XML quá dài",
            Broken::Namespaces => "khai báo quá nhiều không gian tên XML",
            Broken::TooLarge => "bung ra quá lớn",
            Broken::Packed => "nén hỏng",
            Broken::Paragraphs => return format!("có hơn {DOCX_PARAGRAPHS_MAX} đoạn; hãy chia thành nhiều tài liệu"),
            Broken::Words => {
                let megabytes = DOCX_WORDS_BYTES_MAX / 1_000_000;
                return format!("phần chữ nặng hơn {megabytes} MB; hãy chia thành nhiều tài liệu");
            }
        };
        format!("phần {part} {wrong}; hãy mở tệp bằng Word hoặc LibreOffice và lưu lại thành .docx")
    }
}

pub(super) struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    depth: usize,
    /// Prefixes that are declared, innermost last, with the depth of their element.
    prefixes: Vec<(usize, String, Vocabulary)>,
    /// Bytes taken for the piece that is being read, for who bounds them.
    token: Rc<Cell<u64>>,
    left: usize,
}

impl<R: BufRead> Xml<R> {
    pub(super) fn new(from: R, token: Rc<Cell<u64>>) -> Self {
        let mut reader = Reader::from_reader(from);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0, prefixes: Vec::new(), token, left: XML_TOKENS_MAX }
    }

    pub(super) fn next(&mut self) -> Result<Token, Broken> {
        loop {
            self.left = self.left.checked_sub(1).ok_or(Broken::TooLarge)?;
            self.token.set(0);
            self.buffer.clear();
            let mut buffer = std::mem::take(&mut self.buffer);
            let token = self.reader.read_event_into(&mut buffer).map_err(|error| broken(&error)).map(read);
            let token = match token {
                Ok(Found::Start(tag)) => Ok(Some(Token::Start(self.open(&tag)?))),
                Ok(Found::End) => {
                    self.close();
                    Ok(Some(Token::End))
                }
                Ok(Found::Text(text)) => Ok(Some(Token::Text(text))),
                Ok(Found::Nothing) => Ok(None),
                Ok(Found::Done) if self.depth > 0 => Err(Broken::Syntax),
                Ok(Found::Done) => Ok(Some(Token::Done)),
                Ok(Found::Broken(broken)) | Err(broken) => Err(broken),
            };
            self.buffer = buffer;
            if let Some(token) = token? {
                return Ok(token);
            }
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<Element, Broken> {
        if tag.attributes_raw().len() > XML_TAG_BYTES_MAX {
            return Err(Broken::Tag);
        }
        self.depth += 1;
        if self.depth > XML_DEPTH_MAX {
            return Err(Broken::Depth);
        }
        let mut attributes = Vec::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Broken::Syntax)?;
            let key = attribute.key.0;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Broken::Entity)?;
            match key.split_once(':') {
                Some(("xmlns", prefix)) => self.declare(prefix, &value)?,
                None if key == "xmlns" => self.declare("", &value)?,
                Some((_, name)) => attributes.push((name.to_owned(), value.into_owned())),
                None => attributes.push((key.to_owned(), value.into_owned())),
            }
        }
        let name = tag.name().0;
        let (prefix, name) = name.split_once(':').unwrap_or(("", name));
        let declared = self.prefixes.iter().rev().find(|(_, known, _)| known == prefix);
        let vocabulary = declared.map_or(Vocabulary::Other, |(.., vocabulary)| *vocabulary);
        Ok(Element { vocabulary, name: name.to_owned(), attributes })
    }

    fn declare(&mut self, prefix: &str, address: &str) -> Result<(), Broken> {
        if self.prefixes.len() == XML_NAMESPACES_MAX {
            return Err(Broken::Namespaces);
        }
        let vocabulary = VOCABULARIES.iter().find(|(end, _)| address.ends_with(end)).map(|(_, known)| *known);
        self.prefixes.push((self.depth, prefix.to_owned(), vocabulary.unwrap_or(Vocabulary::Other)));
        Ok(())
    }

    fn close(&mut self) {
        let depth = self.depth;
        while self.prefixes.last().is_some_and(|(of, ..)| *of >= depth) {
            self.prefixes.pop();
        }
        self.depth = depth.saturating_sub(1);
    }

    /// The next element inside the one that is open; `None` at its end. Text between elements is passed over.
    pub(super) fn child(&mut self) -> Result<Option<Element>, Broken> {
        loop {
            match self.next()? {
                Token::Start(element) => return Ok(Some(element)),
                Token::End | Token::Done => return Ok(None),
                Token::Text(_) => {}
            }
        }
    }

    /// Passes over the rest of the element that is open.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        let mut open = 1_usize;
        while open > 0 {
            match self.next()? {
                Token::Start(_) => open += 1,
                Token::End => open -= 1,
                Token::Text(_) => {}
                Token::Done => break,
            }
        }
        Ok(())
    }

    /// The words of the element that is open, to its end.
    pub(super) fn words(&mut self) -> Result<String, Broken> {
        let (mut words, mut open) = (String::new(), 1_usize);
        while open > 0 {
            match self.next()? {
                Token::Start(_) => open += 1,
                Token::End => open -= 1,
                Token::Text(text) => words.push_str(&text),
                Token::Done => break,
            }
        }
        Ok(words)
    }
}

enum Found<'b> {
    Start(BytesStart<'b>),
    End,
    Text(String),
    Nothing,
    Done,
    Broken(Broken),
}

fn read(event: Event<'_>) -> Found<'_> {
    match event {
        Event::Start(tag) | Event::Empty(tag) => Found::Start(tag),
        Event::End(_) => Found::End,
        Event::Text(text) => Found::Text(text.xml10_content().into_owned()),
        Event::CData(text) => Found::Text(text.xml10_content().into_owned()),
        Event::GeneralRef(name) => {
            let letter = match name.resolve_char_ref() {
                Ok(Some(letter)) => Some(Cow::Owned(letter.to_string())),
                Ok(None) => quick_xml::escape::resolve_xml_entity(&name.xml10_content()).map(Cow::Borrowed),
                Err(_) => None,
            };
            letter.map_or(Found::Broken(Broken::Entity), |letter| Found::Text(letter.into_owned()))
        }
        Event::DocType(_) => Found::Broken(Broken::Doctype),
        Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Found::Nothing,
        Event::Eof => Found::Done,
    }
}

fn broken(error: &Error) -> Broken {
    match error {
        Error::Io(error) if error.kind() == ErrorKind::FileTooLarge => Broken::TooLarge,
        Error::Io(_) => Broken::Packed,
        _ => Broken::Syntax,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(xml: &str) -> Result<String, Broken> {
        let mut reader = Xml::new(xml.as_bytes(), Rc::default());
        let mut seen = String::new();
        loop {
            match reader.next()? {
                Token::Start(element) => seen += &format!("<{:?} {}>", element.vocabulary, element.name),
                Token::End => seen += "</>",
                Token::Text(text) => seen += &text,
                Token::Done => return Ok(seen),
            }
        }
    }

    #[test]
    fn vocabularies_are_told_by_their_addresses() {
        let xml = "<a:p xmlns:a='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>x\
                   <p xmlns='http://purl.oclc.org/ooxml/wordprocessingml/main'/><p/>&lt;&#272;</a:p>";
        assert_eq!(outcome(xml).unwrap(), "<Word p>x<Word p></><Other p></><Đ</>");
    }

    #[test]
    fn what_breaks_a_bound_ends_the_reading() {
        let deep = "<a>".repeat(XML_DEPTH_MAX + 1);
        let names: String = (0..=XML_NAMESPACES_MAX).map(|n| format!(" xmlns:n{n}='x'")).collect();
        let cases = [
            ("<a><b></a>", Broken::Syntax),
            ("<a>", Broken::Syntax),
            ("<a", Broken::Syntax),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", Broken::Doctype),
            ("<a>&b;</a>", Broken::Entity),
            ("<a b='&c;'/>", Broken::Entity),
            (deep.as_str(), Broken::Depth),
            (&format!("<a{names}/>"), Broken::Namespaces),
            (&format!("<a b='{}'/>", "c".repeat(XML_TAG_BYTES_MAX)), Broken::Tag),
        ];
        for (xml, expected) in cases {
            assert_eq!(outcome(xml), Err(expected), "{}", &xml[..xml.len().min(60)]);
        }
    }
}
