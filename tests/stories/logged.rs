//! Everything that is logged in this process, from the first test on that asks for it.

use std::{
    io::Write,
    sync::{Arc, Mutex, OnceLock},
};

/// The log so far.
#[derive(Clone, Default)]
pub struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Logged {
    /// Starts to log, if nobody did.
    pub fn start() -> Self {
        static LOGGED: OnceLock<Logged> = OnceLock::new();
        let start = || {
            let logged = Self::default();
            let writer = logged.clone();
            let filter = "error,line_webhook=trace,outbox=trace,contact_portal=trace,roster_import=trace,retiree_purge=trace,kpi_report=trace,mail_feedback=trace,slot_booking=trace,nurse_console=trace,store=trace,line=trace,domain=trace,runtime=trace";
            // Without the time: its microseconds are six digits, as the numbers are that must not stand in a log.
            let subscriber = tracing_subscriber::fmt().json().without_time().with_env_filter(filter).with_writer(move || writer.clone());
            subscriber.try_init().unwrap();
            logged
        };
        LOGGED.get_or_init(start).clone()
    }

    /// Whether `text` was logged.
    pub fn has(&self, text: &str) -> bool {
        // Nobody waits for the search to write their line.
        let log = self.0.lock().unwrap().clone();
        holds(&log, text)
    }
}

/// Whether `needle` stands in `haystack`.
pub fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}
