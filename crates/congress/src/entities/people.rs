//! People: the server's register, the sensitive part, what a person knows of themself, what desks know.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sync::ids::{CommandId, PersonId, Timestamp};

use crate::calendar::Date;
use crate::entities::{Entity, PersonRef};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonKind {
    Official,
    Alternate,
    Guest,
    Staff,
}

/// How an official delegate came to be one (domain.md C-1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    ExOfficio,
    Elected,
    Appointed,
}

/// Technical roles. Rights to speak and vote come from [`PersonKind`], never from these.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Presidium,
    Secretariat,
    Credentials,
    Checkin,
    Organiser,
}

impl Role {
    pub const ALL: [Role; 5] = [Role::Presidium, Role::Secretariat, Role::Credentials, Role::Checkin, Role::Organiser];
}

/// A person in the server's register (scope `registry`): what rules need. No sensitive field stands here.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub family_name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub middle_name: String,
    pub given_name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub honorific: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub position: String,
    /// Name of the sending organisation, short where there is a short one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub delegation: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    pub kind: PersonKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternate_rank: Option<u32>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<Role>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seat: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub badge_number: String,
    /// Six letters and digits without look-alikes, made by the importer; typed at a desk when the camera fails.
    pub short_code: String,
}

impl Person {
    /// Family, middle and given name; the honorific of a guest comes first.
    pub fn full_name(&self) -> String {
        let parts = [&self.honorific, &self.family_name, &self.middle_name, &self.given_name];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }

    pub fn reference(&self) -> PersonRef {
        PersonRef { id: self.id.clone(), name: self.full_name(), position: self.position.clone() }
    }

    /// May write comments and ask for the floor: official delegates only (domain.md C-5, C-8).
    pub fn may_discuss(&self) -> bool {
        self.kind == PersonKind::Official
    }

    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

impl Entity for Person {
    const KIND: &'static str = "person";
    fn id(&self) -> String {
        self.id.0.clone()
    }
}

/// Sensitive personal data (scope `credentials`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Credentials {
    pub person: PersonId,
    /// `male` or `female`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gender: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ethnicity: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub religion: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party_joined_on: Option<Date>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub education: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub qualification: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub political_theory: String,
}

impl Entity for Credentials {
    const KIND: &'static str = "credentials";
    fn id(&self) -> String {
        self.person.0.clone()
    }
}

/// What a badge shows: a signed token and its QR picture, both made by the server.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Badge {
    /// `DB1.<congress>.<person>.<signature>`: Ed25519 over what stands before the last dot, base64url.
    pub token: String,
    /// Modules on one side of the QR picture, quiet zone not counted.
    pub qr_size: u32,
    /// The modules row by row, one bit each, dark = 1, most significant bit first, as hexadecimal digits.
    pub qr_bits: String,
}

/// Who I am (scope `user:<person>`, id `main`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Me {
    pub person: PersonId,
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub position: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub delegation: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    pub kind: PersonKind,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<Role>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seat: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub badge_number: String,
    pub short_code: String,
    /// Staff carry no badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub badge: Option<Badge>,
}

impl Me {
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    pub fn may_discuss(&self) -> bool {
        self.kind == PersonKind::Official
    }
}

impl Entity for Me {
    const KIND: &'static str = "me";
    fn id(&self) -> String {
        "main".to_owned()
    }
}

/// Whom a desk expects (scope `checkin`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attendee {
    pub id: PersonId,
    pub name: String,
    /// Given, middle, family name: the order in which lists are sorted (domain.md E-14).
    pub sort_name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub delegation: String,
    pub kind: PersonKind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seat: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub badge_number: String,
    pub short_code: String,
}

impl Entity for Attendee {
    const KIND: &'static str = "attendee";
    fn id(&self) -> String {
        self.id.0.clone()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PresenceHow {
    /// Found by name or in the list.
    Search,
    /// By the short code on the badge.
    Code,
    /// By scanning the badge.
    Scan,
}

/// One desk's observation. Facts are merged and never rejected; a mistake is taken back by naming the fact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PresenceFact {
    /// The command that recorded it.
    pub id: CommandId,
    /// On the desk's clock.
    pub at: Timestamp,
    /// On the server's clock; `None` while it is only on the desk's device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    pub how: PresenceHow,
    pub by: PersonId,
    /// Recorded by someone who was no desk when it arrived: kept, and flagged for the chief.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flagged: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracted: Option<PersonId>,
}

/// Every fact about one person in one session (scope `checkin`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Presence {
    pub session: String,
    pub person: PersonId,
    pub facts: Vec<PresenceFact>,
}

impl Presence {
    pub fn row_id(session: &str, person: &PersonId) -> String {
        format!("{session}~{person}")
    }

    /// When the person was first seen, by facts that stand. `None` is "not seen", not "absent".
    pub fn first_at(&self) -> Option<Timestamp> {
        let standing = self.facts.iter().filter(|fact| fact.retracted.is_none() && !fact.flagged);
        standing.map(|fact| fact.at).min()
    }

    pub fn is_present(&self) -> bool {
        self.first_at().is_some()
    }
}

impl Entity for Presence {
    const KIND: &'static str = "presence";
    fn id(&self) -> String {
        Self::row_id(&self.session, &self.person)
    }
}

/// Am I checked in (scope `user:<person>`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnPresence {
    pub session: String,
    pub first_at: Timestamp,
}

impl Entity for OwnPresence {
    const KIND: &'static str = "own-presence";
    fn id(&self) -> String {
        self.session.clone()
    }
}

/// How many are present, for presidium and secretariat (scope `presidium`). Official delegates only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attendance {
    pub session: String,
    pub present: u32,
    pub convened: u32,
}

impl Entity for Attendance {
    const KIND: &'static str = "attendance";
    fn id(&self) -> String {
        self.session.clone()
    }
}
