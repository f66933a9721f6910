//! Invitations and devices in a database. Compiled once for each engine, as a module of its store; see
//! `portable/log.rs`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use sqlx::{Executor, Row, Transaction};
use sync::ids::{PersonId, Timestamp};

use super::columns::{count, person, time};
use super::{Db, DbRow, EngineStore};
use crate::store::{
    AccessStore, Device, Enrolled, Enrolment, NewDevice, NewEnrolment, Report, Reported, Result, Revoked, Seen,
    StorageKeeping,
};

const ENROLMENT: &str = "SELECT e.congress, e.person, CAST(e.devices_max AS BIGINT) AS devices_max, e.revoked_at, \
     (SELECT COUNT(*) FROM devices d WHERE d.congress = e.congress AND d.enrolment = e.code_hash \
      AND d.revoked_at IS NULL) AS devices_used, \
     (SELECT COUNT(*) FROM devices d WHERE d.congress = e.congress AND d.enrolment = e.code_hash \
      AND d.revoked_at IS NULL AND d.device_id = $2) AS places_held, \
     (SELECT COUNT(*) FROM devices d WHERE d.congress = e.congress AND d.enrolment = e.code_hash \
      AND d.revoked_at IS NOT NULL AND d.device_id = $2) AS places_lost \
     FROM enrolments e WHERE e.code_hash = $1";

#[async_trait]
impl AccessStore for EngineStore {
    async fn add_enrolment(&self, enrolment: &NewEnrolment) -> Result<()> {
        sqlx::query(
            "INSERT INTO enrolments (congress, code_hash, person, devices_max, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&enrolment.congress)
        .bind(&enrolment.code_hash)
        .bind(enrolment.person.as_str())
        .bind(i64::from(enrolment.devices_max))
        .bind(enrolment.created_at.0)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn enrolment(&self, code_hash: &str, device_id: &str) -> Result<Option<Enrolment>> {
        enrolment(&self.readers, code_hash, device_id).await
    }

    async fn codes_of_people(&self, congress: &str) -> Result<BTreeMap<PersonId, u32>> {
        let rows = sqlx::query(
            "SELECT person, COUNT(*) AS codes FROM enrolments \
             WHERE congress = $1 AND revoked_at IS NULL GROUP BY person",
        )
        .bind(congress)
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| Ok((person(row, "person")?, u32::try_from(count(row, "codes")?).unwrap_or(u32::MAX))))
            .collect()
    }

    async fn enrol_device(&self, code_hash: &str, device: &NewDevice) -> Result<Enrolled> {
        let mut tx = self.begin().await?;
        // Locks the row of the code: two devices never take its last place together.
        sqlx::query("UPDATE enrolments SET devices_max = devices_max WHERE code_hash = $1")
            .bind(code_hash)
            .execute(&mut *tx)
            .await?;
        let Some(enrolment) = enrolment(&mut *tx, code_hash, &device.device_id).await? else {
            return Ok(Enrolled::Unknown);
        };
        if enrolment.revoked {
            return Ok(Enrolled::Revoked);
        }
        if !enrolment.has_place() {
            return Ok(Enrolled::UsedUp);
        }
        sqlx::query(
            "INSERT INTO devices \
             (congress, person, device_id, token_hash, enrolment, label, created_at, last_seen_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
             ON CONFLICT (congress, person, device_id) DO UPDATE SET token_hash = excluded.token_hash, \
             enrolment = excluded.enrolment, label = excluded.label, last_seen_at = excluded.last_seen_at, \
             revoked_at = NULL",
        )
        .bind(&enrolment.congress)
        .bind(enrolment.person.as_str())
        .bind(&device.device_id)
        .bind(&device.token_hash)
        .bind(code_hash)
        .bind(&device.label)
        .bind(device.at.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Enrolled::Done { congress: enrolment.congress, person: enrolment.person })
    }

    async fn device_by_token(&self, congress: &str, token_hash: &str) -> Result<Option<Device>> {
        let row = sqlx::query(
            "SELECT device_id, person, label, created_at, last_seen_at FROM devices \
             WHERE congress = $1 AND token_hash = $2 AND revoked_at IS NULL",
        )
        .bind(congress)
        .bind(token_hash)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(device).transpose()
    }

    async fn devices(&self, congress: &str, person: Option<&PersonId>) -> Result<Vec<Device>> {
        let rows = sqlx::query(
            "SELECT device_id, person, label, created_at, last_seen_at FROM devices \
             WHERE congress = $1 AND revoked_at IS NULL AND (person = $2 OR CAST($2 AS TEXT) IS NULL) \
             ORDER BY person, created_at, device_id",
        )
        .bind(congress)
        .bind(person.map(|person| person.as_str()))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(device).collect()
    }

    async fn revoke_device(&self, congress: &str, person: &PersonId, device_id: &str, at: Timestamp) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = mark_revoked(&mut tx, congress, person, device_id, at).await?;
        note_revocation(&mut tx, congress).await?;
        tx.commit().await?;
        self.tell(congress);
        Ok(done > 0)
    }

    async fn revoke_person(&self, congress: &str, person: &PersonId, at: Timestamp) -> Result<Revoked> {
        let mut tx = self.begin().await?;
        // The codes first: from here on no device comes in by one of them.
        let codes = sqlx::query(
            "UPDATE enrolments SET revoked_at = $3 WHERE congress = $1 AND person = $2 AND revoked_at IS NULL",
        )
        .bind(congress)
        .bind(person.as_str())
        .bind(at.0)
        .execute(&mut *tx)
        .await?;
        // Device by device in the order of `touch_devices`, so that neither waits for the other in a circle.
        let held = sqlx::query(
            "SELECT device_id FROM devices WHERE congress = $1 AND person = $2 AND revoked_at IS NULL \
             ORDER BY device_id",
        )
        .bind(congress)
        .bind(person.as_str())
        .fetch_all(&mut *tx)
        .await?;
        let mut devices = 0;
        for row in held {
            let device_id: String = row.try_get("device_id")?;
            devices += mark_revoked(&mut tx, congress, person, &device_id, at).await?;
        }
        note_revocation(&mut tx, congress).await?;
        tx.commit().await?;
        self.tell(congress);
        Ok(Revoked { codes: codes.rows_affected(), devices })
    }

    async fn touch_devices(&self, seen: &[Seen]) -> Result<()> {
        let mut tx = self.begin().await?;
        for one in seen {
            sqlx::query(
                "UPDATE devices SET last_seen_at = $4 \
                 WHERE congress = $1 AND person = $2 AND device_id = $3 AND last_seen_at < $4",
            )
            .bind(&one.congress)
            .bind(one.person.as_str())
            .bind(&one.device_id)
            .bind(one.at.0)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    async fn keep_reports(&self, reported: &[Reported]) -> Result<()> {
        let mut tx = self.begin().await?;
        for Reported { congress, person, device_id, report } in reported {
            // Only for a device that is there, so that one strange report never stands in the way of the others.
            sqlx::query(
                "INSERT INTO device_reports (congress, person, device_id, at, waiting, oldest_at, build, storage, held) \
                 SELECT congress, person, device_id, $4, $5, $6, $7, $8, $9 FROM devices \
                 WHERE congress = $1 AND person = $2 AND device_id = $3 \
                 ON CONFLICT (congress, person, device_id) DO UPDATE SET at = excluded.at, \
                 waiting = excluded.waiting, oldest_at = excluded.oldest_at, build = excluded.build, \
                 storage = excluded.storage, held = excluded.held WHERE device_reports.at < excluded.at",
            )
            .bind(congress)
            .bind(person.as_str())
            .bind(device_id)
            .bind(report.at.0)
            .bind(i64::from(report.waiting))
            .bind(report.oldest_at.map(|at| at.0))
            .bind(&report.build)
            .bind(report.storage.word())
            .bind(&report.held)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    async fn devices_with_reports(&self, congress: &str) -> Result<Vec<(Device, Option<Report>)>> {
        let rows = sqlx::query(
            "SELECT d.device_id, d.person, d.label, d.created_at, d.last_seen_at, \
             r.at, r.waiting, r.oldest_at, r.build, r.storage, r.held FROM devices d \
             LEFT JOIN device_reports r \
             ON r.congress = d.congress AND r.person = d.person AND r.device_id = d.device_id \
             WHERE d.congress = $1 AND d.revoked_at IS NULL ORDER BY d.person, d.created_at, d.device_id",
        )
        .bind(congress)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| Ok((device(row)?, report(row)?))).collect()
    }
}

async fn enrolment<'e>(
    executor: impl Executor<'e, Database = Db>,
    code_hash: &str,
    device_id: &str,
) -> Result<Option<Enrolment>> {
    let row = sqlx::query(ENROLMENT).bind(code_hash).bind(device_id).fetch_optional(executor).await?;
    row.map(|row| {
        let narrow = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        Ok(Enrolment {
            congress: row.try_get("congress")?,
            person: person(&row, "person")?,
            devices_max: narrow(count(&row, "devices_max")?),
            devices_used: narrow(count(&row, "devices_used")?),
            holds_place: count(&row, "places_held")? > 0,
            sent_away: count(&row, "places_lost")? > 0,
            revoked: row.try_get::<Option<i64>, _>("revoked_at")?.is_some(),
        })
    })
    .transpose()
}

/// Returns how many there were.
async fn mark_revoked(
    tx: &mut Transaction<'static, Db>,
    congress: &str,
    person: &PersonId,
    device_id: &str,
    at: Timestamp,
) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE devices SET revoked_at = $4 \
         WHERE congress = $1 AND person = $2 AND device_id = $3 AND revoked_at IS NULL",
    )
    .bind(congress)
    .bind(person.as_str())
    .bind(device_id)
    .bind(at.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

async fn note_revocation(tx: &mut Transaction<'static, Db>, congress: &str) -> Result<()> {
    sqlx::query("UPDATE congress SET access_rev = access_rev + 1 WHERE id = $1")
        .bind(congress)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn device(row: &DbRow) -> Result<Device> {
    Ok(Device {
        device_id: row.try_get("device_id")?,
        person: person(row, "person")?,
        label: row.try_get("label")?,
        created_at: time(row, "created_at")?,
        last_seen_at: time(row, "last_seen_at")?,
    })
}

/// Nothing for a device that has not reported.
fn report(row: &DbRow) -> Result<Option<Report>> {
    let Some(at) = row.try_get::<Option<i64>, _>("at")? else { return Ok(None) };
    Ok(Some(Report {
        at: Timestamp(at),
        waiting: u32::try_from(count(row, "waiting")?).unwrap_or(u32::MAX),
        oldest_at: row.try_get::<Option<i64>, _>("oldest_at")?.map(Timestamp),
        build: row.try_get("build")?,
        storage: StorageKeeping::of_word(row.try_get("storage")?),
        held: row.try_get("held")?,
    }))
}
