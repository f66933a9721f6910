//! Words of the screen "Ý kiến".

pub struct Text {
    pub title: &'static str,
}

pub const VI: Text = Text { title: "Ý kiến" };

pub const EN: Text = Text { title: "Comments" };
