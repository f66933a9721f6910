//! Badges: a token that any desk can verify offline, its QR picture, and the short code that is typed when the camera
//! fails. Everything is derived from the congress's key, so that a second import makes the same badges.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use congress::entities::{Badge, Person};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use fast_qr::{ECL, QRBuilder};
use sha2::{Digest, Sha256};
use sync::ids::PersonId;

use crate::secret::{hex, symbol};

const VERSION: &str = "DB1";
const SHORT_CODE_CHARS: usize = 6;

/// Makes the badges of one congress.
pub struct BadgeIssue {
    congress: String,
    key: SigningKey,
    codes: BTreeMap<PersonId, String>,
}

impl BadgeIssue {
    /// `known` are the short codes that are printed already and stay; `people` are all who need one.
    pub fn new<'p>(
        congress: &str,
        secret: &[u8; 32],
        known: BTreeMap<PersonId, String>,
        people: impl IntoIterator<Item = &'p PersonId>,
    ) -> Self {
        let mut issue = Self { congress: congress.to_owned(), key: SigningKey::from_bytes(secret), codes: known };
        for person in people {
            if !issue.codes.contains_key(person) {
                let code = issue.free_code(person);
                issue.codes.insert(person.clone(), code);
            }
        }
        issue
    }

    fn free_code(&self, person: &PersonId) -> String {
        let taken = |code: &String| self.codes.values().any(|other| other == code);
        let mut codes = (0_u32..).map(|counter| self.derive_code(person, counter));
        codes.find(|code| !taken(code)).unwrap_or_default()
    }

    fn derive_code(&self, person: &PersonId, counter: u32) -> String {
        let mut hash = Sha256::new();
        hash.update(self.key.to_bytes());
        hash.update(person.as_str());
        if counter > 0 {
            hash.update([0]);
            hash.update(counter.to_be_bytes());
        }
        hash.finalize().iter().take(SHORT_CODE_CHARS).map(|byte| symbol(*byte)).collect()
    }

    fn token(&self, person: &PersonId) -> String {
        let text = format!("{VERSION}.{}.{person}", self.congress);
        let signature = self.key.sign(text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

impl pack::Issue for BadgeIssue {
    fn badge_key(&self) -> String {
        hex(self.key.verifying_key().as_bytes())
    }

    fn badge(&self, person: &Person) -> Option<Badge> {
        let token = self.token(&person.id);
        let (qr_size, qr_bits) = picture(&token)?;
        Some(Badge { token, qr_size, qr_bits })
    }

    fn short_code(&self, person: &PersonId) -> String {
        self.codes.get(person).cloned().unwrap_or_else(|| self.free_code(person))
    }
}

/// The congress and the person of a token, if the congress's key signed it. `public_key` is 64 hexadecimal digits.
pub fn verify(token: &str, public_key: &str) -> Option<(String, PersonId)> {
    let (text, signature) = token.rsplit_once('.')?;
    let key = VerifyingKey::from_bytes(&unhex(public_key)?).ok()?;
    let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
    key.verify_strict(text.as_bytes(), &signature).ok()?;
    let (congress, person) = text.strip_prefix(VERSION)?.strip_prefix('.')?.split_once('.')?;
    Some((congress.to_owned(), PersonId::new(person)))
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes: Option<Vec<u8>> =
        text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect();
    bytes?.try_into().ok()
}

/// Modules on one side, and the modules row by row, four to a hexadecimal digit, the first one highest.
fn picture(token: &str) -> Option<(u32, String)> {
    let code = QRBuilder::new(token).ecl(ECL::M).build().ok()?;
    let modules: Vec<bool> = (0..code.size).flat_map(|row| code[row][..code.size].iter().map(|m| m.value())).collect();
    let digits = modules.chunks(4).map(|four| {
        let value = (0..4).fold(0, |value, at| value << 1 | u32::from(four.get(at).copied().unwrap_or(false)));
        char::from_digit(value, 16).unwrap_or('0')
    });
    Some((u32::try_from(code.size).ok()?, digits.collect()))
}

#[cfg(test)]
mod tests {
    use pack::Issue;

    use super::*;

    fn people(count: usize) -> Vec<PersonId> {
        (0..count).map(|at| PersonId(format!("p{at:04}"))).collect()
    }

    fn issue(people: &[PersonId]) -> BadgeIssue {
        BadgeIssue::new("dai-hoi", &[7; 32], BTreeMap::new(), people)
    }

    #[test]
    fn a_token_verifies_with_the_key_of_its_congress_only() {
        let issue = issue(&[]);
        let token = issue.token(&PersonId::new("p001"));
        let ours = issue.badge_key();
        assert_eq!(verify(&token, &ours), Some(("dai-hoi".to_owned(), PersonId::new("p001"))));
        let other = BadgeIssue::new("dai-hoi", &[8; 32], BTreeMap::new(), &[]);
        assert_eq!(verify(&token, &other.badge_key()), None);
    }

    #[test]
    fn a_token_with_one_letter_changed_does_not_verify() {
        let issue = issue(&[]);
        let (token, key) = (issue.token(&PersonId::new("p001")), issue.badge_key());
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(bytes).unwrap();
            assert_eq!(verify(&forged, &key), None, "{forged}");
        }
        for nonsense in ["", ".", "DB1.a.b", "DB1.a.b.c"] {
            assert_eq!(verify(nonsense, &key), None, "{nonsense}");
        }
        assert_eq!(verify(&token, "zz"), None);
    }

    #[test]
    fn the_picture_has_a_bit_for_each_module_and_its_three_eyes() {
        let (size, bits) = picture(&issue(&[]).token(&PersonId::new("p001"))).unwrap();
        assert_eq!(bits.len(), (size * size).div_ceil(4) as usize);
        let dark = |row: u32, column: u32| {
            let at = row * size + column;
            let digit = bits.as_bytes()[(at / 4) as usize];
            char::from(digit).to_digit(16).unwrap() >> (3 - at % 4) & 1 == 1
        };
        for (row, column) in [(0, 0), (0, size - 7), (size - 7, 0)] {
            assert!((0..7).all(|at| dark(row, column + at) && dark(row + 6, column + at)));
            assert!((1..6).all(|at| !dark(row + 1, column + at)));
            assert!(dark(row + 3, column + 3));
        }
    }

    #[test]
    fn short_codes_are_never_shared_and_never_change() {
        let everyone = people(3_000);
        let all = issue(&everyone);
        let codes: BTreeMap<String, &PersonId> = everyone.iter().map(|p| (all.short_code(p), p)).collect();
        assert_eq!(codes.len(), everyone.len());
        let later = BadgeIssue::new("dai-hoi", &[7; 32], all.codes.clone(), everyone.iter().rev());
        assert!(everyone.iter().all(|p| later.short_code(p) == all.short_code(p)));
    }

    #[test]
    fn a_taken_code_is_derived_anew() {
        let first = issue(&people(1));
        let taken = BTreeMap::from([(PersonId::new("other"), first.short_code(&PersonId::new("p0000")))]);
        let second = BadgeIssue::new("dai-hoi", &[7; 32], taken, &people(1));
        let (old, new) = (first.short_code(&PersonId::new("p0000")), second.short_code(&PersonId::new("p0000")));
        assert_ne!(old, new);
        assert_eq!(new.len(), SHORT_CODE_CHARS);
    }
}
