//! The nurse's interviews, before and after they were held (row C8), and those of companies in their charge: what awaits approval (row C5), and what others hold.

use std::collections::BTreeMap;

use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{
    id::{NurseId, TenantId},
    interview::{
        request_form::RequestForm,
        state::{CORRIGIBLE, Interview},
    },
    personal::PersonName,
    phrase::Phrase,
    tenant::Tenant,
    time,
};
use store::{
    Key, StoreError, Wanted,
    entity::{audit::Outcome, hours::NurseHours, interview::StoredInterview, nurse::Nurse, roster as rows, tenant},
};

use crate::{
    Asking,
    page::{self, Place, Told},
    queue, read, request_form,
};

/// So many are listed, the earliest first.
const LISTED: i32 = 90;
/// An interview with what stands elsewhere.
pub struct Shown {
    /// The interview as it is now.
    pub interview: Interview,
    /// The company.
    pub tenant: String,
    /// The employee's name by the roster.
    pub employee: Option<PersonName>,
    /// Who holds it, where that is somebody else.
    pub holder: Option<PersonName>,
    /// What the company submitted.
    pub form: RequestForm,
}

/// What the page shows.
pub struct Seen {
    /// Those of companies in the nurse's charge that await approval.
    pub awaiting: Vec<Shown>,
    /// The nurse's own that are not over, the earliest first.
    pub own: Vec<Shown>,
    /// Those of companies in the nurse's charge that others will hold, the earliest first.
    pub others: Vec<Shown>,
    /// The nurse's own whose record can be corrected, the one recorded last first.
    pub recorded: Vec<Shown>,
}

/// The nurse's interviews.
pub async fn show(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let told = read::parameter(asking, "sent").map(|sent| match sent.as_str() {
        "called-off" => Told::Done(Phrase::DeskCalledOff),
        "corrected" => Told::Done(Phrase::DeskCorrected),
        _ => Told::Done(Phrase::DeskDone),
    });
    page(asking, told.as_ref(), StatusCode::OK).await
}

/// The page, with a word on what happened.
pub async fn page(asking: Asking<'_>, told: Option<&Told>, status: StatusCode) -> Result<Response<Body>, Error> {
    let (nurse, _) = queue::nurse_and_settings(asking.app, asking.nurse).await?;
    let Some(id) = nurse.and_then(|nurse: Nurse| nurse.id.parse::<NurseId>().ok()) else { return asking.no_staff().await };
    let seen = Box::pin(seen(asking, id)).await?;
    asking.audit(if status == StatusCode::OK { Outcome::Done } else { Outcome::Refused }).await?;
    let desk = asking.desk();
    let main = page::interviews(&desk, &seen, told, asking.app.clock.now());
    desk.frame(Phrase::DeskInterviews, Place::Interviews, &[], &main, |page| web::answer::page(status, page))
}

async fn seen(asking: Asking<'_>, nurse: NurseId) -> Result<Seen, Error> {
    let (app, now) = (asking.app, asking.app.clock.now());
    let last = time::jst_date(now).checked_add_days(chrono::Days::new(domain::interview::hours::DAYS_AHEAD)).unwrap_or_default();
    let store = &app.store;
    let (keys, recorded, tenants, hours) = tokio::try_join!(
        store.interviews_of_nurse(nurse, last, LISTED),
        store.interviews_recorded(nurse, now - CORRIGIBLE),
        tenants(asking),
        store.hours()
    )?;
    let own: Vec<Interview> = read_all(asking, &keys).await?.into_iter().filter(is_confirmed).collect();
    // The index knows instants only; the very one says the record.
    let is_corrigible = |interview: &Interview| matches!(interview, Interview::Ended(ended) if now < ended.corrigible_until());
    let recorded: Vec<Interview> = read_all(asking, &recorded).await?.into_iter().filter(is_corrigible).collect();
    let (mut awaiting, mut others) = (Vec::new(), Vec::new());
    for tenant in tenants.values().filter(|tenant| tenant.in_charge == Some(nurse)) {
        for interview in app.store.interviews(tenant.id).await?.into_iter().map(|interview| interview.seen_at(now)) {
            let slot = interview.head().slot;
            match interview {
                Interview::AwaitingApproval(_) => awaiting.push(interview),
                Interview::Confirmed(_) if slot.nurse() != nurse && now < slot.start() => others.push(interview),
                Interview::Confirmed(_) | Interview::Ended(_) => {}
            }
        }
    }
    awaiting.sort_by_key(|interview| interview.head().slot);
    others.sort_by_key(|interview| interview.head().slot);
    let names = Names { tenants, hours, nurse };
    Ok(Seen {
        own: with_names(asking, own, &names).await?,
        awaiting: with_names(asking, awaiting, &names).await?,
        others: with_names(asking, others, &names).await?,
        recorded: with_names(asking, recorded, &names).await?,
    })
}

const fn is_confirmed(interview: &Interview) -> bool {
    matches!(interview, Interview::Confirmed(_))
}

/// The interviews at these keys as they are now; one that was erased meanwhile is left out.
pub async fn read_all(asking: Asking<'_>, keys: &[Key]) -> Result<Vec<Interview>, StoreError> {
    let mut interviews = Vec::with_capacity(keys.len());
    for some in keys.chunks(100) {
        let fetched = asking.app.store.fetch(&Wanted { items: some.to_vec(), data_keys: Vec::new() }).await?;
        for item in some.iter().filter_map(|key| fetched.item(key).cloned()) {
            interviews.push(StoredInterview::from_item(item)?.seen_at(asking.app.clock.now()));
        }
    }
    Ok(interviews)
}

/// What interviews are shown with.
struct Names {
    tenants: BTreeMap<TenantId, Tenant>,
    hours: Vec<NurseHours>,
    /// Who looks.
    nurse: NurseId,
}

async fn tenants(asking: Asking<'_>) -> Result<BTreeMap<TenantId, Tenant>, StoreError> {
    let mut tenants = BTreeMap::new();
    for some in asking.app.store.tenants().await?.chunks(100) {
        let keys: Vec<Key> = some.iter().map(|id| Key::tenant(*id)).collect();
        let fetched = asking.app.store.fetch(&Wanted { items: keys.clone(), data_keys: Vec::new() }).await?;
        for item in keys.iter().filter_map(|key| fetched.item(key)) {
            let tenant = tenant::from_item(item.clone())?;
            tenants.insert(tenant.id, tenant);
        }
    }
    Ok(tenants)
}

async fn with_names(asking: Asking<'_>, interviews: Vec<Interview>, names: &Names) -> Result<Vec<Shown>, Error> {
    let installation = asking.app.parameters.installation().await?;
    let mut shown = Vec::with_capacity(interviews.len());
    for some in interviews.chunks(100) {
        let key = |interview: &Interview| {
            let head = interview.head();
            Key::roster_row(head.tenant(), &installation.number(head.tenant(), &head.number))
        };
        let forms = request_form::of(asking, some).await?;
        let mut keys: Vec<Key> = some.iter().map(key).collect();
        keys.sort();
        keys.dedup();
        let fetched = asking.app.store.fetch(&Wanted { items: keys, data_keys: Vec::new() }).await?;
        for (interview, form) in some.iter().zip(forms) {
            let row = fetched.item(&key(interview)).cloned().map(rows::from_item).transpose()?.map(|stored| stored.row);
            let of = |employment| row.as_ref()?.employments.iter().find(|there| there.id == employment).map(|there| there.name.clone());
            let holder = interview.head().slot.nurse();
            let holder = names.hours.iter().find(|there| there.nurse == holder && holder != names.nurse);
            shown.push(Shown {
                employee: of(interview.head().employment),
                holder: holder.map(|there| there.name.clone()),
                tenant: names.tenants.get(&interview.head().tenant()).map(|tenant| tenant.name.clone()).unwrap_or_default(),
                interview: interview.clone(),
                form,
            });
        }
    }
    Ok(shown)
}
