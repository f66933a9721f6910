//! Time and chance.

use js_sys::Date;
use sync::ids::{CommandId, Timestamp};

use crate::ports::{Clock, Random};

/// The device's clock and its source of random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct World;

impl Clock for World {
    fn now(&self) -> Timestamp {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are whole and far below 2^53")]
        Timestamp(Date::now() as i64)
    }
}

impl Random for World {
    fn bits(&self) -> u64 {
        let bytes = random_u128().to_be_bytes();
        u64::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]])
    }
}

pub fn now() -> Timestamp {
    World.now()
}

/// 128 bits from the browser's cryptographic generator.
pub fn random_u128() -> u128 {
    let mut bytes = [0_u8; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // It fails only for arrays over 64 KB.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    u128::from_be_bytes(bytes)
}

/// A fresh UUIDv4 as text.
pub fn new_uuid() -> String {
    sync::ids::ClientId::from_random(random_u128()).to_string()
}

pub fn new_command_id() -> CommandId {
    CommandId::from_time(now(), random_u128())
}
