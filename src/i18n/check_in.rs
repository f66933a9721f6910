//! Words of the screen "Điểm danh".

pub struct Text {
    pub title: &'static str,
}

pub const VI: Text = Text { title: "Điểm danh" };

pub const EN: Text = Text { title: "Check-in" };
