//! The laws of the search: what is found is what a plain search finds, in its order, however words are spelled.

#[cfg(test)]
mod search {
    mod plain;
    mod spelled;

    mod laws;
    mod order;
}
