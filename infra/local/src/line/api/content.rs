//! Pictures and files that people sent.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

use super::{
    super::{StandIn, media, refusal::Refusal},
    Caller,
};

/// The bytes of a message that was sent to the caller's account; 404 where LINE has none, 410 once the person took it back,
/// 202 while it is being prepared.
pub async fn content(State(line): State<StandIn>, Caller(channel): Caller, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (kind, file) = {
        let mut state = line.lock();
        let media = state.journal.world().media(&id).filter(|media| media.channel == channel).ok_or_else(Refusal::not_found)?;
        if media.withdrawn {
            return Err(Refusal::new(StatusCode::GONE, "Gone"));
        }
        let found = (media.kind.clone(), state.contents.path(&id));
        if state.preparing > 0 {
            state.preparing -= 1;
            return Ok(StatusCode::ACCEPTED.into_response());
        }
        found
    };
    let bytes = tokio::fs::read(file).await.map_err(|_| Refusal::not_found())?;
    Ok(([(header::CONTENT_TYPE, media::content_type(&kind, &bytes))], bytes).into_response())
}
