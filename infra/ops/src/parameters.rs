//! Writing the parameters that functions read ([`store::Parameters`]).

use std::collections::BTreeSet;

use aws_sdk_ssm::{error::SdkError, operation::put_parameter::PutParameterError, types::ParameterType};
use domain::tenant::ChannelName;
use store::Parameters;

use crate::OpsError;

/// The installation's parameters in SSM, all of them `SecureString`s. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ParameterStore {
    ssm: aws_sdk_ssm::Client,
    path: String,
    kms_key: Option<String>,
}

impl ParameterStore {
    /// Parameters below `path`, such as `/hokenshitsu/prod`, sealed under `kms_key`, or under the account's key for parameters.
    pub fn new(ssm: aws_sdk_ssm::Client, path: impl Into<String>, kms_key: Option<String>) -> Self {
        Self { ssm, path: path.into(), kms_key }
    }

    /// Reads them; a new reader each time, because a reader remembers what was not there.
    pub(crate) fn reader(&self) -> Parameters {
        Parameters::new(self.ssm.clone(), &self.path)
    }

    /// The channels that there are, by name. A parameter beside them that is none is left out.
    pub(crate) async fn channels(&self) -> Result<Vec<ChannelName>, OpsError> {
        let path = format!("{}/line", self.path);
        let mut pages = self.ssm.get_parameters_by_path().path(&path).into_paginator().send();
        let mut names = BTreeSet::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| OpsError::ListParameters(Box::new(error)))?;
            let below = |name: &str| name.strip_prefix(&path)?.strip_prefix('/')?.parse().ok();
            names.extend(page.parameters().iter().filter_map(|parameter| below(parameter.name()?)));
        }
        Ok(names.into_iter().collect())
    }

    /// Writes a parameter whatever it was.
    pub(crate) async fn put(&self, name: String, value: String) -> Result<(), OpsError> {
        self.write(name, value, true).await.map_err(|error| OpsError::PutParameter(Box::new(error)))
    }

    /// Writes a parameter that must not be there yet; `false` where it is.
    pub(crate) async fn put_new(&self, name: String, value: String) -> Result<bool, OpsError> {
        match self.write(name, value, false).await {
            Ok(()) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(PutParameterError::is_parameter_already_exists) => Ok(false),
            Err(error) => Err(OpsError::PutParameter(Box::new(error))),
        }
    }

    async fn write(&self, name: String, value: String, overwrite: bool) -> Result<(), SdkError<PutParameterError>> {
        self.ssm
            .put_parameter()
            .name(name)
            .value(value)
            .r#type(ParameterType::SecureString)
            .set_key_id(self.kms_key.clone())
            .overwrite(overwrite)
            .send()
            .await
            .map(drop)
    }
}
