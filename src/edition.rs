//! The two apps that are built from this library. A delegate's first download is sacred: what only presidium,
//! secretariat and desks need is linked into the second one, which is fetched by their devices alone.

use congress::{CongressRules, DelegateRules};
use leptos::prelude::*;
use sync::rules::Rules;

use crate::routes;

/// What one of the two apps is made of. Function pointers, so that the linker leaves out what the other one needs.
#[derive(Clone, Copy)]
pub struct Edition {
    pub routes: fn() -> AnyView,
    /// What the device foretells.
    pub rules: fn() -> Box<dyn Rules>,
    /// Holds the screens of presidium, secretariat and desks.
    pub for_staff: bool,
}

/// Everything a delegate needs.
pub const DELEGATE: Edition = Edition { routes: routes::delegate, rules: || Box::new(DelegateRules), for_staff: false };

/// The same, and the screens under `/console` and `/scan`.
pub const STAFF: Edition = Edition { routes: routes::staff, rules: || Box::new(CongressRules), for_staff: true };
