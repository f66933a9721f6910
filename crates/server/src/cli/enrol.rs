//! `congress-server enrol`: makes invitations. A code is shown once, here; the database keeps its hash.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use congress::CongressRules;
use congress::entities::{Person, PersonKind, Role, read_all};
use congress::scopes;
use serde::Serialize;
use sync::ids::PersonId;

use super::{DataArgs, congress_of};
use crate::clock::now;
use crate::hall::Writer;
use crate::limits::DEVICES_PER_CODE_MAX;
use crate::secret;
use crate::store::{NewEnrolment, Store};

/// Make enrolment links. Each call makes new codes; earlier ones stay valid.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("who").required(true).multiple(true).args(["person", "role"])))]
pub struct EnrolArgs {
    #[command(flatten)]
    data: DataArgs,
    /// A person by id. May be repeated.
    #[arg(long, value_name = "ID")]
    person: Vec<String>,
    /// Somebody with this role, those without a code first. May be repeated.
    #[arg(long)]
    role: Vec<RoleName>,
    /// The congress, if the database holds several.
    #[arg(long, value_name = "ID")]
    congress: Option<String>,
    /// Print a JSON array of {person, name, role, link}.
    #[arg(long)]
    json: bool,
    /// The address with which links begin.
    #[arg(long, env = "CONGRESS_PUBLIC_URL", default_value = "http://localhost:8080", value_name = "URL")]
    base_url: String,
    /// How many devices one code serves: phone, its installed copy, tablet.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=i64::from(DEVICES_PER_CODE_MAX)))]
    devices: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum RoleName {
    /// An official delegate without any other role.
    Delegate,
    Presidium,
    Secretariat,
    Checkin,
    Organiser,
    Credentials,
}

#[derive(Serialize)]
struct Link {
    person: PersonId,
    name: String,
    role: String,
    link: String,
}

pub async fn enrol(args: EnrolArgs) -> Result<()> {
    let store = args.data.open_existing().await?;
    let links = make_links(&store, &args).await;
    store.close().await;
    let links = links?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&links)?);
    } else {
        for link in links {
            println!("{}\t{}\t{}", link.name, link.role, link.link);
        }
    }
    Ok(())
}

async fn make_links(store: &Arc<dyn Store>, args: &EnrolArgs) -> Result<Vec<Link>> {
    let congress = congress_of(&**store, args.congress.clone()).await?;
    let writer = Writer::open(Arc::clone(store), &congress, Arc::new(CongressRules)).await?;
    let people: Vec<Person> = writer.read(|log| read_all(log.rows(), &scopes::registry()));
    let mut codes = store.codes_of_people(&congress).await?;
    let mut chosen = Vec::new();
    for id in &args.person {
        let person = people.iter().find(|person| person.id.as_str() == id);
        chosen.push(person.with_context(|| format!("there is no person {id}"))?);
    }
    for role in &args.role {
        let person = pick(&people, *role, &codes);
        let person = person.with_context(|| format!("nobody has the role {}", name_of(*role)))?;
        *codes.entry(person.id.clone()).or_default() += 1;
        chosen.push(person);
    }
    let mut links = Vec::with_capacity(chosen.len());
    for person in chosen {
        links.push(make_link(&**store, &congress, person, args).await?);
    }
    Ok(links)
}

/// The first by id among those with the fewest codes.
fn pick<'p>(people: &'p [Person], role: RoleName, codes: &BTreeMap<PersonId, u32>) -> Option<&'p Person> {
    let fitting = people.iter().filter(|person| fits(person, role));
    fitting.min_by_key(|person| (codes.get(&person.id).copied().unwrap_or(0), &person.id))
}

fn fits(person: &Person, role: RoleName) -> bool {
    match role {
        RoleName::Delegate => person.kind == PersonKind::Official && person.roles.is_empty(),
        RoleName::Presidium => person.has(Role::Presidium),
        RoleName::Secretariat => person.has(Role::Secretariat),
        RoleName::Checkin => person.has(Role::Checkin),
        RoleName::Organiser => person.has(Role::Organiser),
        RoleName::Credentials => person.has(Role::Credentials),
    }
}

fn name_of(role: RoleName) -> String {
    role.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

async fn make_link(store: &dyn Store, congress: &str, person: &Person, args: &EnrolArgs) -> Result<Link> {
    let code = secret::new_code()?;
    let Some(code_hash) = secret::code_hash(&code) else { bail!("a new code is not a code") };
    let enrolment = NewEnrolment {
        congress: congress.to_owned(),
        code_hash,
        person: person.id.clone(),
        devices_max: args.devices,
        created_at: now(),
    };
    store.add_enrolment(&enrolment).await?;
    Ok(Link {
        person: person.id.clone(),
        name: person.full_name(),
        role: role_of(person),
        link: format!("{}/e#{code}", args.base_url.trim_end_matches('/')),
    })
}

/// The person's roles as they stand in JSON; without any, the kind of person.
fn role_of(person: &Person) -> String {
    let word = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    if person.roles.is_empty() {
        return word(serde_json::to_value(person.kind));
    }
    person.roles.iter().map(|role| word(serde_json::to_value(role))).collect::<Vec<_>>().join(",")
}
