//! Words of the search over everything.

/// How much was found of what.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    pub passages: usize,
    /// In whose text or title something was found.
    pub documents: usize,
    pub items: usize,
    pub people: usize,
    /// Of the person, as are the notes.
    pub comments: usize,
    pub notes: usize,
}

pub struct Text {
    pub search: &'static str,
    pub hint: &'static str,
    pub searching: &'static str,
    pub found: fn(Counts) -> String,
    pub found_nothing: &'static str,
    pub found_nothing_text: &'static str,
    pub not_searched: fn(usize) -> String,
    // What is found together
    pub agenda: &'static str,
    pub people: &'static str,
    pub comments: &'static str,
    pub notes: &'static str,
    pub passages: fn(usize) -> String,
    pub items: fn(usize) -> String,
    pub persons: fn(usize) -> String,
    pub writings: fn(usize) -> String,
    pub own_notes: fn(usize) -> String,
    pub only_title: &'static str,
    pub show: fn(&str) -> String,
    pub more: fn(&str) -> String,
    pub more_groups: fn(usize) -> String,
    pub seat: fn(&str) -> String,
}

pub static VI: Text = Text {
    search: "Tìm trong mọi thứ",
    hint: "Cả chương trình, tên người, ý kiến, ghi chú. Không cần gõ dấu; “…” tìm đúng cụm từ.",
    searching: "Đang đọc văn kiện trên máy…",
    found: |counts| {
        let Counts { passages, documents, items, people, comments, notes } = counts;
        let parts = [
            (documents, format!("{passages} đoạn trong {documents} văn kiện")),
            (items, format!("{items} mục chương trình")),
            (people, format!("{people} người")),
            (comments, format!("{comments} ý kiến của tôi")),
            (notes, format!("{notes} ghi chú của tôi")),
        ];
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect::<Vec<_>>().join(" · ")
    },
    found_nothing: "Không tìm thấy",
    found_nothing_text: "Thử ít chữ hơn, hoặc bỏ dấu ngoặc kép. Không cần gõ dấu: “tim khong dau” cũng tìm được “Tìm không dấu”.",
    not_searched: |documents| format!("{documents} văn kiện chưa có trên máy nên chưa được tìm."),
    agenda: "Chương trình",
    people: "Người",
    comments: "Ý kiến của tôi",
    notes: "Ghi chú của tôi",
    passages: |count| format!("{count} đoạn"),
    items: |count| format!("{count} mục"),
    persons: |count| format!("{count} người"),
    writings: |count| format!("{count} ý kiến"),
    own_notes: |count| format!("{count} ghi chú"),
    only_title: "Chỉ có trong tên văn kiện",
    show: |count| format!("Xem {count}"),
    more: |count| format!("Xem thêm {count}"),
    more_groups: |count| format!("Xem thêm {count} văn kiện"),
    seat: |seat| format!("Ghế {seat}"),
};

pub static EN: Text = Text {
    search: "Search everything",
    hint: "Programme, people, my comments and notes too. Accents are not needed; “…” finds the phrase as it stands.",
    searching: "Reading the documents on this device…",
    found: |counts| {
        let Counts { passages, documents, items, people, comments, notes } = counts;
        let parts = [
            (documents, format!("{passages} passages in {documents} documents")),
            (items, format!("{items} agenda items")),
            (people, format!("{people} people")),
            (comments, format!("{comments} of my comments")),
            (notes, format!("{notes} of my notes")),
        ];
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect::<Vec<_>>().join(" · ")
    },
    found_nothing: "Nothing found",
    found_nothing_text: "Try fewer words, or leave the quotation marks out. Accents are not needed.",
    not_searched: |documents| format!("{documents} documents are not on this device yet and were not searched."),
    agenda: "Programme",
    people: "People",
    comments: "My comments",
    notes: "My notes",
    passages: |count| format!("{count} passages"),
    items: |count| format!("{count} items"),
    persons: |count| format!("{count} people"),
    writings: |count| format!("{count} comments"),
    own_notes: |count| format!("{count} notes"),
    only_title: "Only in the title",
    show: |count| format!("Show {count}"),
    more: |count| format!("Show {count} more"),
    more_groups: |count| format!("Show {count} more documents"),
    seat: |seat| format!("Seat {seat}"),
};
