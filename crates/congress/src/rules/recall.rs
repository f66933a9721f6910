//! Taking a document back (domain.md 8, thu hồi). Nothing of what people wrote about it is touched.

use sync::row::Change;
use sync::rules::Refusal;

use super::{Case, Ruling, redaction};
use crate::commands::RecallDocument;
use crate::entities::{Document, Entity, RecallCause, RecalledDocument, read};
use crate::scopes;

/// Of a document that is released; one that is not yet is on no device.
pub(super) fn recall(case: &Case, action: &RecallDocument) -> Ruling {
    case.may_lead()?;
    let reason = redaction::checked_reason(&action.reason)?;
    let known = read::<RecalledDocument>(case.rows, &scopes::delegates(), &action.document);
    if known.is_some_and(|known| known.version >= action.version) {
        return Ok(Vec::new().into());
    }
    let Some(document) = read::<Document>(case.rows, &scopes::delegates(), &action.document) else {
        return Err(Refusal::new("unknown-document"));
    };
    if document.version != action.version {
        return Err(Refusal::with("newer-version", document.version.to_string()));
    }
    let cause = RecallCause::Recalled { office: redaction::office(case), reason };
    let recalled = RecalledDocument::of(&document, case.now, cause);
    Ok(vec![Change::remove(scopes::delegates(), Document::KIND, &document.id), recalled.put(scopes::delegates())]
        .into())
}
