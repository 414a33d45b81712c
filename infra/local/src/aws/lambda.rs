//! Lambda, as its event sources see it: a function's name and a payload in, a result out.

use std::{fmt, sync::Arc};

use futures::future::BoxFuture;
use serde_json::Value;

/// Invokes functions by name; cheap to clone.
#[derive(Clone)]
pub struct Lambda(Arc<Invoke>);

type Invoke = dyn Fn(String, Value) -> BoxFuture<'static, Result<Value, FunctionError>> + Send + Sync;

/// An invocation that failed; it can be tried again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// No function has this name.
    #[error("there is no function {0}")]
    Unknown(String),
    /// The function answered with an error.
    #[error("the function failed: {0}")]
    Failed(String),
}

impl Lambda {
    /// Functions that are invoked through `invoke`.
    pub fn new<F>(invoke: impl Fn(String, Value) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Value, FunctionError>> + Send + 'static,
    {
        Self(Arc::new(move |function, payload| Box::pin(invoke(function, payload))))
    }

    /// Runs `function`, named by its name or ARN, with `payload`.
    pub async fn invoke(&self, function: &str, payload: Value) -> Result<Value, FunctionError> {
        let name = function.rsplit(':').next().unwrap_or(function);
        (self.0)(name.to_owned(), payload).await
    }
}

impl fmt::Debug for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lambda")
    }
}
