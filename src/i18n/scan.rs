//! Words of the screen "Quét thẻ".

pub struct Text {
    pub title: &'static str,
}

pub const VI: Text = Text { title: "Quét thẻ" };

pub const EN: Text = Text { title: "Scan" };
