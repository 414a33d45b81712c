//! The talk, told by examples.
