//! Where a congress is kept, as an operator writes it: `sqlite:PATH` or `postgres://…`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use thiserror::Error;

use super::archive::Archive;
use super::postgres::PostgresStore;
use super::sqlite::SqliteStore;
use super::{Result, Store};

#[derive(Clone)]
pub enum Location {
    /// A file; its folder is made when the file is.
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

/// The address itself is not repeated: it may hold a password.
#[derive(Debug, Error)]
pub enum BadLocation {
    #[error("a database is sqlite:PATH or postgres://USER@HOST/NAME")]
    Unknown,
    #[error("this is no address of a PostgreSQL database: postgres://USER@HOST/NAME")]
    Postgres,
}

impl FromStr for Location {
    type Err = BadLocation;

    fn from_str(text: &str) -> Result<Self, BadLocation> {
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", _)) => {
                let options = text.parse().map_err(|_| BadLocation::Postgres)?;
                Ok(Self::Postgres(Box::new(options)))
            }
            _ => Err(BadLocation::Unknown),
        }
    }
}

/// For messages: without user and password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(options) => {
                let name = options.get_database().unwrap_or("the user's own");
                let socket = options.get_socket().map(|path| path.display().to_string());
                let host = socket.unwrap_or_else(|| options.get_host().to_owned());
                write!(f, "the PostgreSQL database {name} at {host}")
            }
        }
    }
}

impl Location {
    /// Opens the database, makes it if need be, and brings its tables up to date.
    pub async fn open(&self) -> Result<Arc<dyn Store>> {
        Ok(match self {
            Self::Sqlite(path) => Arc::new(SqliteStore::open(path).await?),
            Self::Postgres(options) => Arc::new(PostgresStore::open((**options).clone()).await?),
        })
    }

    /// Opens the database to move what it holds.
    pub async fn open_archive(&self) -> Result<Arc<dyn Archive>> {
        Ok(match self {
            Self::Sqlite(path) => Arc::new(SqliteStore::open(path).await?),
            Self::Postgres(options) => Arc::new(PostgresStore::open((**options).clone()).await?),
        })
    }

    /// Whether anything of ours is there. Leaves nothing behind.
    pub async fn exists(&self) -> Result<bool> {
        match self {
            Self::Sqlite(path) => Ok(path.exists()),
            Self::Postgres(options) => super::postgres::has_tables(options).await,
        }
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_told_without_its_password() {
        for (text, told) in [
            ("sqlite:data/congress.sqlite", "data/congress.sqlite"),
            ("postgres://lan:bi-mat@db.local:5433/hoi", "the PostgreSQL database hoi at db.local"),
            ("postgres:///hoi?user=congress&host=/run/postgresql", "the PostgreSQL database hoi at /run/postgresql"),
            ("postgresql://lan:bi-mat@db.local/hoi", "the PostgreSQL database hoi at db.local"),
        ] {
            assert_eq!(text.parse::<Location>().unwrap().to_string(), told);
        }
    }

    #[test]
    fn what_is_no_location_is_not_repeated() {
        for text in ["congress.sqlite", "sqlite:", "mysql://lan:bi-mat@x/y", "postgres://lan:bi-mat@x:port/y"] {
            let Err(error) = text.parse::<Location>() else { panic!("{text} is no location") };
            assert!(error.to_string().contains("postgres://USER@HOST/NAME") && !error.to_string().contains("bi-mat"));
        }
    }
}
