//! Words of the screen "Sổ tay Đại biểu".

pub struct Text {
    pub title: &'static str,
}

pub const VI: Text = Text { title: "Sổ tay Đại biểu" };

pub const EN: Text = Text { title: "Delegate's handbook" };
