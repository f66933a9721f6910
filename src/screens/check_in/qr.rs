//! The badge's QR picture as one path: the modules come from the server, nothing is computed from the token here.

use congress::entities::Badge;

use crate::parts::html::Html;
use crate::state::t;

/// Light modules on each side, as readers expect.
const QUIET: u32 = 4;

pub fn write(html: &mut Html, badge: &Badge) {
    let side = (badge.qr_size + 2 * QUIET).to_string();
    html.markup("<svg role=\"img\" aria-label=\"").words(t().check_in().qr).markup("\" viewBox=\"0 0 ");
    html.words(&side).markup(" ").words(&side).markup("\"><path fill=\"#000\" d=\"");
    html.words(&path(badge.qr_size, &badge.qr_bits)).markup("\"/></svg>");
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
                path += &format!("M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET);
            }
            column += run.max(1);
        }
    }
    path
}
