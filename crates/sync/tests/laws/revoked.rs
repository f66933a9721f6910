//! A device whose enrolment was revoked: what the server gave leaves it, what was written stays, and nobody is left
//! waiting for an answer.

use sync::client::{Event, Failure, Standing, writing};
use sync::ids::CommandId;
use sync::json::Json;

use super::notebook::{PERSON, Phone, desk, settled};

#[test]
fn a_revoked_device_takes_nothing_that_was_still_on_its_way() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.tell(Event::Nudge);
    let (call, request) = phone.sent.pop_front().unwrap();
    let answer = desk.serve(PERSON, &request, phone.now);
    phone.write("note", "a");
    phone.fail(&mut desk, false, Failure::Revoked);
    assert_eq!(phone.client.status().standing, Standing::Revoked);
    phone.tell(Event::Answered { call, answer });
    assert_eq!(phone.client.status().standing, Standing::Revoked);
    assert!(phone.client.base().rows.is_empty() && phone.cache.rows.is_empty());
    assert_eq!(phone.client.entries().count(), 1, "what was written stays");
}

#[test]
fn a_revoked_device_says_so_to_whoever_waits_for_an_answer() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    let call_now = |phone: &mut Phone, ticket| {
        let written = writing(CommandId::from_u128(u128::from(ticket)), "note", 1, phone.now, Json::of(&ticket));
        phone.tell(Event::CallNow { ticket, writing: written });
    };
    call_now(&mut phone, 1);
    call_now(&mut phone, 2);
    phone.fail(&mut desk, false, Failure::Revoked);
    assert_eq!(phone.done, [Err(Failure::Revoked), Err(Failure::Revoked)]);
    call_now(&mut phone, 3);
    assert_eq!(phone.done.len(), 3);
    assert!(phone.sent.is_empty());
}

/// The refusal was on its way while its owner opened the invitation again.
#[test]
fn a_refusal_from_before_a_new_enrolment_does_not_count() {
    let mut desk = desk();
    let mut phone = settled(&mut desk);
    phone.write("note", "a");
    phone.tell(Event::Nudge);
    phone.fail(&mut desk, false, Failure::Revoked);
    assert_eq!(phone.client.status().standing, Standing::Enrolled);
    phone.wait(2_000);
    phone.settle(&mut desk);
    assert_eq!(phone.client.status().waiting, 0);
}
