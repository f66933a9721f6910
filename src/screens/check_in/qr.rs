//! The badge's QR picture as one path: the modules come from the server, nothing is computed from the token here.

use std::fmt::Write;

use congress::entities::Badge;
use leptos::prelude::*;

use crate::state::t;

/// Light modules on each side, as readers expect.
const QUIET: u32 = 4;

pub fn picture(badge: &Badge) -> AnyView {
    let side = badge.qr_size + 2 * QUIET;
    view! {
        <svg viewBox=format!("0 0 {side} {side}") role="img" aria-label=t().check_in.qr>
            <path fill="#000" d=path(badge.qr_size, &badge.qr_bits)></path>
        </svg>
    }
    .into_any()
}

/// One rectangle for each run of dark modules in a row.
fn path(size: u32, bits: &str) -> String {
    let digits: Vec<u32> = bits.chars().map(|digit| digit.to_digit(16).unwrap_or(0)).collect();
    let is_dark = |row: u32, column: u32| {
        let at = row * size + column;
        let digit = usize::try_from(at / 4).ok().and_then(|index| digits.get(index)).copied().unwrap_or(0);
        column < size && digit >> (3 - at % 4) & 1 == 1
    };
    let mut path = String::new();
    for row in 0..size {
        let mut column = 0;
        while column < size {
            let run = (column..size).take_while(|at| is_dark(row, *at)).count();
            let run = u32::try_from(run).unwrap_or(0);
            if run > 0 {
                // Writing to a string does not fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET);
            }
            column += run.max(1);
        }
    }
    path
}
