//! The laws of a congress: who may do what, what nobody else may see, and what no order of commands can break.

#[cfg(test)]
mod laws {
    mod carrying;
    mod court;

    mod effort;
    mod floor;
    mod foretelling;
    mod marks;
    mod presence;
    mod privacy;
    mod program;
    mod recall;
    mod redaction;
    mod refusals;
    mod rights;
}
