//! Words of the screen "Chương trình".

pub struct Text {
    pub title: &'static str,
}

pub const VI: Text = Text { title: "Chương trình" };

pub const EN: Text = Text { title: "Programme" };
