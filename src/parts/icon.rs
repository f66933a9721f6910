//! Icons: strokes on a 24 x 24 grid (lucide, ISC licence). Decorative always; the word beside them carries the name.

use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Symbol {
    Alert,
    ArrowDown,
    ArrowLeft,
    ArrowUp,
    Bookmark,
    Calendar,
    Check,
    CheckCheck,
    Clock,
    CloudOff,
    Copy,
    Device,
    Download,
    FileText,
    Filter,
    Flag,
    Highlighter,
    Info,
    Link,
    List,
    Menu,
    MessageSquare,
    Mic,
    Note,
    Pause,
    Pen,
    Play,
    QrCode,
    Refresh,
    Search,
    Speaker,
    Stop,
    Trash,
    Undo,
    User,
    X,
}

impl Symbol {
    /// What the strokes draw.
    pub fn path(self) -> &'static str {
        match self {
            Symbol::Alert => "M12 3 2 20h20L12 3zM12 9v5M12 17v.5",
            Symbol::ArrowDown => "M12 5v14M19 12l-7 7-7-7",
            Symbol::ArrowLeft => "M19 12H5M12 19l-7-7 7-7",
            Symbol::ArrowUp => "M12 19V5M5 12l7-7 7 7",
            Symbol::Bookmark => "M6 3h12v18l-6-4-6 4z",
            Symbol::Calendar => "M4 5h16v16H4zM8 3v4M16 3v4M4 10h16",
            Symbol::Check => "M20 6 9 17l-5-5",
            Symbol::CheckCheck => "M18 6 7 17l-5-5M22 10l-7.5 7.5L13 16",
            Symbol::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
            Symbol::CloudOff => "M3 3l18 18M6 8a7 7 0 0 0 1 11h10M20 17a4 4 0 0 0-2-7h-1A7 7 0 0 0 9.5 5.4",
            Symbol::Copy => "M9 9h12v12H9zM5 15H3V3h12v2",
            Symbol::Device => "M7 2h10v20H7zM11 18h2",
            Symbol::Download => "M12 3v12M7 10l5 5 5-5M4 21h16",
            Symbol::FileText => "M6 2h9l5 5v15H6zM14 2v6h6M9 13h8M9 17h8M9 9h2",
            Symbol::Filter => "M3 5h18l-7 8v6l-4-2v-4z",
            Symbol::Flag => "M5 22V4M5 4c5-3 9 3 14 0v10c-5 3-9-3-14 0",
            Symbol::Highlighter => "M9 11l-6 6v3h9l3-3M14 4l-5 7 6 6 7-5",
            Symbol::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8v.5",
            Symbol::Link => "M9 12h6M10 7H8a5 5 0 0 0 0 10h2M14 7h2a5 5 0 0 1 0 10h-2",
            Symbol::List => "M8 6h13M8 12h13M8 18h13M3 6h1M3 12h1M3 18h1",
            Symbol::Menu => "M4 6h16M4 12h16M4 18h16",
            Symbol::MessageSquare => "M4 4h16v13H9l-5 4z",
            Symbol::Mic => "M12 2a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V5a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v4",
            Symbol::Note => "M4 4h16v11l-5 5H4zM20 15h-5v5",
            Symbol::Pause => "M7 4v16M17 4v16",
            Symbol::Pen => "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
            Symbol::Play => "M7 4l13 8-13 8z",
            Symbol::QrCode => "M3 3h7v7H3zM14 3h7v7h-7zM3 14h7v7H3zM14 14h3v3M21 14v.5M14 21h3M21 18v3h-1",
            Symbol::Refresh => "M20 5v5h-5M4 19v-5h5M5.5 9a7 7 0 0 1 12-3L20 10M18.5 15a7 7 0 0 1-12 3L4 14",
            Symbol::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM20 20l-4-4",
            Symbol::Speaker => "M4 9h4l6-5v16l-6-5H4zM17 9a4 4 0 0 1 0 6M19.5 6a8 8 0 0 1 0 12",
            Symbol::Stop => "M5 5h14v14H5z",
            Symbol::Trash => "M4 6h16M9 6V3h6v3M6 6l1 15h10l1-15M10 11v6M14 11v6",
            Symbol::Undo => "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
            Symbol::User => "M12 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21a8 8 0 0 1 16 0",
            Symbol::X => "M6 6l12 12M18 6 6 18",
        }
    }
}

#[component]
pub fn Icon(symbol: Symbol) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=symbol.path()></path>
        </svg>
    }
}
