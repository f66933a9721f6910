//! Words of the screen "Điều hành".

pub struct Text {
    pub title: &'static str,
}

pub const VI: Text = Text { title: "Điều hành" };

pub const EN: Text = Text { title: "Console" };
