//! One sort for every list: a sort compiled for each type of list costs the PWA about 3 kB a list.

/// Sorts by two numbers. What has the same numbers keeps its order.
pub fn sort_by<T>(items: &mut Vec<T>, key: impl Fn(&T) -> (i64, i64)) {
    let mut places: Vec<((i64, i64), usize)> = items.iter().enumerate().map(|(at, item)| (key(item), at)).collect();
    places.sort_unstable();
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(places.into_iter().filter_map(|(_, at)| taken[at].take()));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::sort_by;

    proptest! {
        #[test]
        fn sorting_is_that_of_the_standard_library(items: Vec<(i8, i8, u16)>) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by(&mut ours, |(one, two, _)| (i64::from(*one), i64::from(*two)));
            theirs.sort_by_key(|(one, two, _)| (*one, *two));
            prop_assert_eq!(ours, theirs);
        }
    }
}
