//! Every limit of a pack, each with its reason. A pack is prepared by people in a hurry and may come from anywhere:
//! nothing in it is read before its size is known.

/// Bytes of one document: 2 MB is about 300,000 words, four times the longest political report with its annexes.
pub const DOCUMENT_BYTES_MAX: u64 = 2_000_000;
/// Bytes of `congress.toml`, of a table or of the programme: 5,000 people with every column filled take 2 MB.
pub const TABLE_BYTES_MAX: u64 = 5_000_000;
/// Bytes of an attachment: a scanned report of 100 pages; more than that no phone in a hall should have to fetch.
pub const ATTACHMENT_BYTES_MAX: u64 = 20_000_000;
/// Bytes of the whole folder: the server holds it in memory while it imports.
pub const PACK_BYTES_MAX: u64 = 200_000_000;
/// Files in one folder: 200 documents and their attachments fit many times.
pub const FOLDER_ENTRIES_MAX: usize = 2_000;
/// People: the national congress convenes 1,600 and about as many guests and staff.
pub const PEOPLE_MAX: usize = 5_000;
/// Organisations: a province has about 1,000 below its committee, the Party about 60 under the Centre.
pub const ORGANISATIONS_MAX: usize = 5_000;
/// Levels of organisations above one another: the Party has five.
pub const ORGANISATION_DEPTH_MAX: usize = 20;
/// Documents: the national set with every printed paper has about 150.
pub const DOCUMENTS_MAX: usize = 200;
/// Agenda items: eight days of 60 items.
pub const ITEMS_MAX: usize = 500;
/// Sessions: 31 days with a morning and an afternoon.
pub const SESSIONS_MAX: usize = 62;
/// Minutes of one item: a session is one part of one day.
pub const ITEM_MINUTES_MAX: u32 = 720;
/// Entries of one list (presenters, documents, files, script lines).
pub const LIST_ENTRIES_MAX: usize = 200;
/// Letters of a name or a title: the longest titles of congress papers have 300.
pub const TEXT_CHARS_MAX: usize = 500;
/// Letters of a note or a line of the script: one printed page.
pub const LONG_TEXT_CHARS_MAX: usize = 4_000;
/// Letters of the congress's short name: what the header of the app can show on a narrow phone.
pub const SHORT_NAME_CHARS_MAX: usize = 24;
/// Letters of an id: it becomes part of row ids, badges and addresses.
pub const ID_CHARS_MAX: usize = 40;
/// Party members of one organisation: the whole Party has 5.6 million.
pub const MEMBERS_MAX: u32 = 10_000_000;
/// Blocks of one document: a place for comments each; 2 MB of short lines would make many more.
pub const BLOCKS_MAX: usize = 20_000;
/// Columns of a table: a printed A3 page holds 20.
pub const TABLE_COLUMNS_MAX: usize = 40;
/// Problems listed at once: beyond it the same fault stands in every row.
pub const PROBLEMS_MAX: usize = 5_000;
/// Words on a printed page, by which pages are estimated.
pub const WORDS_PER_PAGE: u32 = 450;
/// Bytes of a Word file: the longest report with its maps and photographs.
pub const DOCX_BYTES_MAX: u64 = 20_000_000;
/// Parts of a Word file: one a picture, and Word itself makes about twenty.
pub const DOCX_ENTRIES_MAX: usize = 2_000;
/// Bytes that all parts of a Word file unpack to: the text of 300 pages with every change tracked takes 30 MB.
pub const DOCX_UNPACKED_BYTES_MAX: u64 = 60_000_000;
/// Bytes of the words of a Word file: as many as a document in Markdown may have.
pub const DOCX_WORDS_BYTES_MAX: usize = 2_000_000;
/// Paragraphs of a Word file, empty ones and those in tables included: 20,000 blocks and large tables.
pub const DOCX_PARAGRAPHS_MAX: usize = 100_000;
/// Pictures of a Word file.
pub const DOCX_PICTURES_MAX: usize = 100;
/// Bytes of all pictures of a Word file: pictures are packed already, so that they are hardly larger than the file.
pub const DOCX_PICTURES_BYTES_MAX: u64 = 40_000_000;
/// Styles of a Word file, and lists: Word itself brings 400.
pub const DOCX_STYLES_MAX: usize = 5_000;
/// Headers and footers of a Word file: three of each in a section.
pub const DOCX_HEADERS_MAX: usize = 200;
/// Elements inside one another: a text box in a table in a table needs 40.
pub const XML_DEPTH_MAX: usize = 200;
/// Bytes of one tag: the longest is the first one of a part, with 4,000.
pub const XML_TAG_BYTES_MAX: usize = 100_000;
/// Prefixes declared at once: Word declares 40.
pub const XML_NAMESPACES_MAX: usize = 200;
/// Bytes of one tag or one run of words: all words of a file fit.
pub const XML_TOKEN_BYTES_MAX: u64 = 4_000_000;
/// Tags and words of one part: the text of 300 pages with every change tracked has a million.
pub const XML_TOKENS_MAX: usize = 5_000_000;
/// Words and signs of a paragraph that are compared one by one with the version before: ten printed pages. A longer
/// one is shown as gone and come.
pub const COMPARED_WORDS_MAX: usize = 10_000;
