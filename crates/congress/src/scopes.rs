//! The scopes: who receives a row (design.md section 3).

use sync::ids::{PersonId, Scope};

/// Everyone with a device: the programme.
pub fn public() -> Scope {
    Scope::new("public")
}

/// Delegates, and staff who serve the discussion: the documents.
pub fn delegates() -> Scope {
    Scope::new("delegates")
}

/// Presidium and secretariat: comments in full, the floor, the script.
pub fn presidium() -> Scope {
    Scope::new("presidium")
}

/// Secretariat alone: documents that are not released yet.
pub fn secretariat() -> Scope {
    Scope::new("secretariat")
}

/// Check-in desks: who is expected, who is present.
pub fn checkin() -> Scope {
    Scope::new("checkin")
}

/// The credentials board: birth dates and everything else that is sensitive. It reaches no device until the board
/// has a screen that needs it.
pub fn credentials() -> Scope {
    Scope::new("credentials")
}

/// One person's own rows.
pub fn user(person: &PersonId) -> Scope {
    Scope(format!("user:{person}"))
}

/// The server's own book: persons with their roles, counters. Reaches no device.
pub fn registry() -> Scope {
    Scope::new("registry")
}
