//! The laws that devices and server agree by, each over thousands of random cases. The congress has its own laws;
//! whole devices with faults are simulated in `tests/hall.rs` of the root package.

#[cfg(test)]
mod laws {
    mod strategies;

    mod corpus;
    mod ledger;
    mod log;
    mod rows;
    mod wire;

    mod notebook;

    mod calm;
    mod client;
    mod client_ids;
    mod clock;
    mod epochs;
    mod overtaken;
    mod parked;
    mod revoked;
    mod states;
    mod stores;
}
