//! Words of the screen "Thêm".

pub struct Text {
    pub title: &'static str,
}

pub const VI: Text = Text { title: "Thêm" };

pub const EN: Text = Text { title: "More" };
