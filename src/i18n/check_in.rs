//! Words of the screen "Điểm danh".

pub struct Text {
    pub qr: &'static str,
    pub seat: fn(&str) -> String,
    pub number: fn(&str) -> String,
    pub delegation: fn(&str) -> String,
    pub code: &'static str,
    pub bright: &'static str,
    pub no_badge_title: &'static str,
    pub no_badge_text: &'static str,
    pub checked_in: fn(&str) -> String,
    pub not_yet: &'static str,
    pub next: fn(&str) -> String,
    pub session: fn(&str) -> String,
    pub as_of: fn(&str) -> String,
    pub no_session: &'static str,
    pub earlier: &'static str,
    pub earlier_line: fn(&str, &str) -> String,
}

pub static VI: Text = Text {
    qr: "Mã QR của thẻ đại biểu",
    seat: |seat| if seat.to_lowercase().starts_with("ghế") { seat.to_owned() } else { format!("Ghế {seat}") },
    number: |number| format!("Thẻ số {number}"),
    delegation: |name| {
        if name.to_lowercase().starts_with("đoàn") { name.to_owned() } else { format!("Đoàn {name}") }
    },
    code: "Mã đọc cho bàn điểm danh",
    bright: "Tăng độ sáng màn hình rồi đưa mã QR cho bàn điểm danh. Không cần mạng; màn hình được giữ sáng.",
    no_badge_title: "Đồng chí không có thẻ đại biểu",
    no_badge_text: "Cán bộ phục vụ không điểm danh bằng mã QR. Nếu đồng chí là đại biểu hoặc khách mời, hãy hỏi bộ phận tiếp đón.",
    checked_in: |time| format!("Đã điểm danh lúc {time}"),
    not_yet: "Chưa ghi nhận điểm danh. Đưa mã QR cho bàn điểm danh ở cửa hội trường.",
    next: |title| format!("Phiên tới: {title}"),
    session: |title| format!("Phiên này: {title}"),
    as_of: |time| format!("Theo dữ liệu nhận lúc {time}."),
    no_session: "Chương trình chưa có trên máy.",
    earlier: "Các phiên đã điểm danh",
    earlier_line: |title, time| format!("{title}: {time}"),
};

pub static EN: Text = Text {
    qr: "QR code of your badge",
    seat: |seat| format!("Seat {seat}"),
    number: |number| format!("Badge no. {number}"),
    delegation: |name| format!("Delegation: {name}"),
    code: "Code to read out at the desk",
    bright: "Turn the brightness up and show the QR code at the desk. No connection needed; the screen stays on.",
    no_badge_title: "You have no badge",
    no_badge_text: "Staff do not check in by QR code. If you are a delegate or a guest, ask at the reception.",
    checked_in: |time| format!("Checked in at {time}"),
    not_yet: "No check-in recorded yet. Show the QR code at the desk at the door of the hall.",
    next: |title| format!("Next session: {title}"),
    session: |title| format!("This session: {title}"),
    as_of: |time| format!("As of {time}."),
    no_session: "The programme is not on the device yet.",
    earlier: "Sessions checked in",
    earlier_line: |title, time| format!("{title}: {time}"),
};
