//! Words of the screen "Văn kiện".

pub struct Text {
    pub title: &'static str,
}

pub const VI: Text = Text { title: "Văn kiện" };

pub const EN: Text = Text { title: "Documents" };
