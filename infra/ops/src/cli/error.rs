//! What the operator is told when a command does not succeed.

use std::{error::Error, fmt::Write, io, path::PathBuf};

use ops::OpsError;

/// Why a command did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The act itself.
    #[error(transparent)]
    Ops(#[from] OpsError),
    /// A file or standard input.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The local system's environment.
    #[error("{}: {why}; the local system writes it when it starts (`cargo local`)", path.display())]
    Local {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Options or variables that are not set.
    #[error("not known which installation is meant: set {0}, or speak to the local system with --local")]
    NotSet(String),
    /// A secret could not be read.
    #[error("the {what} could not be read: {error}")]
    Secret {
        /// What was asked for.
        what: &'static str,
        /// Why.
        error: io::Error,
    },
    /// Typed twice and not the same.
    #[error("the two entries differ")]
    SecretsDiffer,
}

impl CliError {
    /// 1 where the installation failed, 2 where the operator has to say something otherwise.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Ops(error) if error.is_ours() => 1,
            Self::Ops(_) | Self::File { .. } | Self::Local { .. } | Self::NotSet(_) | Self::Secret { .. } | Self::SecretsDiffer => 2,
        }
    }

    /// The error and what it came from, in one line but for lists.
    pub fn message(&self) -> String {
        let mut message = self.to_string();
        let mut source = self.source();
        while let Some(error) = source {
            let cause = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            if !message.contains(&cause) {
                // Writing to a String does not fail.
                let _ = write!(message, ": {cause}");
            }
            source = error.source();
        }
        message
    }
}

#[cfg(test)]
mod tests {
    use store::StoreError;

    use super::*;

    #[test]
    fn the_installation_s_failure_ends_with_1_and_the_operator_s_with_2() {
        let failed = CliError::Ops(StoreError::Unavailable { operation: "GetItem", why: "connection refused".to_owned() }.into());
        assert_eq!((failed.exit_code(), failed.message().as_str()), (1, "GetItem failed: connection refused"));
        let missing = CliError::Ops(OpsError::NoTenant("さくら".to_owned()));
        assert_eq!(missing.exit_code(), 2);
        let not_set_up = CliError::Ops(StoreError::NotSetUp { what: "the installation's secret", mend: "run `ops init`" }.into());
        assert_eq!(not_set_up.exit_code(), 2);
    }
}
