//! The programme: one item at a time, and comments on what is over are late, not lost.

use congress::commands::{FinishItem, StartItem, SubmitComment};
use congress::entities::{AgendaItem, Anchor, CommentAtDesk, ItemStatus, OwnComment};
use congress::scopes;
use proptest::prelude::*;
use sync::ids::PersonId;

use super::court::{Court, ITEMS, attempts, comment, play};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn at_most_one_item_goes_on(attempts in attempts()) {
        let mut court = Court::new();
        for attempt in &attempts {
            play(&mut court, std::slice::from_ref(attempt));
            let items: Vec<AgendaItem> = court.all(&scopes::public());
            prop_assert_eq!(items.len(), ITEMS.len());
            prop_assert!(items.iter().filter(|item| item.status == ItemStatus::Now).count() <= 1);
            let over = |item: &AgendaItem| item.status == ItemStatus::Done;
            prop_assert!(items.iter().all(|item| item.ended_at.is_none() || over(item)));
        }
    }
}

#[test]
fn a_comment_on_what_is_over_comes_late_and_is_held_all_the_same() {
    for (item, word) in [("planned", "accepted"), ("now", "accepted"), ("done", "late"), ("dropped", "late")] {
        let mut court = Court::new();
        let anchor = Anchor::Item { item: item.to_owned() };
        let receipt = court.act("an", &SubmitComment { anchor, ..comment("an", "a", None) });
        assert_eq!(Court::word(&receipt), word, "{item}");
        let at_desk: CommentAtDesk = court.read(&scopes::presidium(), "a").unwrap();
        let own: OwnComment = court.read(&scopes::user(&PersonId::new("an")), "a").unwrap();
        assert_eq!((at_desk.late, own.late), (word == "late", word == "late"));
    }
}

#[test]
fn an_item_that_is_started_ends_the_one_that_went_on() {
    let mut court = Court::new();
    let item = |court: &Court, id: &str| court.read::<AgendaItem>(&scopes::public(), id).unwrap();
    let at = court.now;
    court.act("em", &StartItem { item: "planned".to_owned() });
    assert_eq!((item(&court, "now").status, item(&court, "now").ended_at), (ItemStatus::Done, Some(at)));
    assert_eq!((item(&court, "planned").status, item(&court, "planned").started_at), (ItemStatus::Now, Some(at)));
    court.act("hai", &FinishItem { item: "planned".to_owned() });
    assert_eq!(item(&court, "planned").status, ItemStatus::Done);
    court.act("hai", &StartItem { item: "planned".to_owned() });
    assert_eq!((item(&court, "planned").status, item(&court, "planned").ended_at), (ItemStatus::Now, None));
}
