//! The client machine in single situations, each of which was once wrong.
