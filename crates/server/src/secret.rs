//! Secrets that people and devices carry: enrolment codes and device tokens. The server keeps their SHA-256 only, and
//! looks them up by it, so that no comparison can leak how much of a guess was right.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::clock::{NoRandom, random_bytes};

/// 32 letters and digits without look-alikes (no 0, 1, I, O), in one case: easy to read out, and small in a QR code.
pub const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// 26 symbols of 5 bits: 130 bits.
const CODE_CHARS: usize = 26;

/// A new enrolment code. Whoever holds it may enrol a device.
pub fn new_code() -> Result<String, NoRandom> {
    Ok(random_bytes::<CODE_CHARS>()?.map(symbol).iter().collect())
}

/// The symbol of the five lowest bits.
pub fn symbol(byte: u8) -> char {
    char::from(ALPHABET[usize::from(byte % 32)])
}

/// A new device token, 256 bits.
pub fn new_token() -> Result<String, NoRandom> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?))
}

/// The hash of a code as a person may type it: any case, with spaces or dashes. `None` if it cannot be a code.
pub fn code_hash(typed: &str) -> Option<String> {
    let symbols: String =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let fits = symbols.len() == CODE_CHARS && symbols.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then(|| sha256_hex(symbols.as_bytes()))
}

pub fn token_hash(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let code = new_code().unwrap();
        assert_eq!(code.len(), CODE_CHARS);
        let typed = format!(" {}-{} ", code[..13].to_lowercase(), &code[13..]);
        assert_eq!(code_hash(&typed), code_hash(&code));
        assert!(code_hash(&code).is_some());
    }

    #[test]
    fn what_cannot_be_a_code_has_no_hash() {
        let long = "A".repeat(CODE_CHARS + 1);
        for typed in ["", "ABC", "0AAAAAAAAAAAAAAAAAAAAAAAAA", "ĐAAAAAAAAAAAAAAAAAAAAAAAAA", &long] {
            assert_eq!(code_hash(typed), None, "{typed}");
        }
    }

    #[test]
    fn secrets_differ() {
        assert_ne!(new_code().unwrap(), new_code().unwrap());
        assert_ne!(new_token().unwrap(), new_token().unwrap());
        assert_eq!(new_token().unwrap().len(), 43);
    }
}
