//! How long a member waited for the first answer: a marker for the figures, which leads to nobody.

use chrono::{DateTime, Utc};

use domain::calendar::{BusinessCalendar, Holidays};
use store::{StoreError, Transaction, entity::first_answer::FirstAnswer};

use crate::{fresh, thread::Thread};

/// Adds the marker of a first answer at `now`, together with the answer. Past the holiday data nobody knows what business time
/// is: no figure is better than a wrong one.
pub fn first_answer(transaction: &mut Transaction<'_>, thread: &Thread, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (head, settings) = (&thread.consultation.head, &thread.settings);
    let calendar = BusinessCalendar { holidays: Holidays::shipped(), hours: settings.hours, closures: settings.closures.clone() };
    match calendar.business_time(head.opened_at, now) {
        Ok(time) => {
            let marker = FirstAnswer { minutes: time.num_minutes(), urgent: head.urgent };
            marker.put(transaction, head.tenant, fresh::ulid(), now)
        }
        Err(beyond) => {
            tracing::error!(alarm = "holidays", %beyond, "the waiting time of a first answer is not known");
            Ok(())
        }
    }
}
