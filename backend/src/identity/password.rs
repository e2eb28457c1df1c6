//! Passwords: hashed with Argon2id, checked on threads of their own and never many at once. A flood of sign-ins
//! waits in a short line and is then sent away; the rest of the server does not notice it: where threads have a priority of
//! their own (Linux), hashing has a lower one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::{Semaphore, oneshot};

use super::error::Refusal;

/// Fewest characters of a password.
pub const SHORTEST: usize = 8;
/// Most characters of a password: more is an attack on the hashing, not a password.
pub const LONGEST: usize = 200;
/// Checks that may wait for their turn.
const LINE: usize = 64;

/// What is checked when the email has no account, so that the answer takes as long: a hash of nothing anybody
/// knows, with the parameters of real ones.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWF0LWFsbC4uLg$zqNAqsQmXGvJjBpCsBnDI1Ywl4ZYkl0MGTu/tXW5Y1c";

/// Whether a hash was made with other parameters than today's, and is to be made anew when its password is known.
pub fn is_outdated(hash: &str) -> bool {
    let today = NOBODY.split('$').take(4);
    !hash.split('$').take(4).eq(today)
}

type Job = Box<dyn FnOnce() + Send>;

/// Where passwords are hashed and checked: a few threads that live as long as this does. Each hash takes 19 MiB for a
/// moment; threads that come and go would each leave as much behind with the allocator.
pub struct Hashing {
    jobs: Sender<Job>,
    in_line: Arc<Semaphore>,
    done: AtomicU64,
}

impl Default for Hashing {
    /// A quarter of the processors at most, one at least: seventy sign-ins a second each are more than a city makes.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self::new((cores / 4).max(1), LINE)
    }
}

impl Hashing {
    /// `at_work` at once, `line` more waiting.
    pub fn new(at_work: usize, line: usize) -> Self {
        let (jobs, todo) = channel::<Job>();
        let todo = Arc::new(Mutex::new(todo));
        for _ in 0..at_work {
            let todo = Arc::clone(&todo);
            std::thread::spawn(move || work_off(&todo));
        }
        Self {
            jobs,
            in_line: Arc::new(Semaphore::new(at_work + line)),
            done: AtomicU64::new(0),
        }
    }

    /// How many passwords were hashed or checked so far: the same number whoever is asked about.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// The hash to keep, under a fresh `salt`.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, Refusal> {
        self.work(move || hash_now(&password, &salt)).await?
    }

    /// Whether `password` is the one of `hash`. Without a hash the answer is no, and takes as long.
    pub async fn is_right(&self, password: String, hash: Option<String>) -> Result<bool, Refusal> {
        self.work(move || {
            let known = hash.is_some();
            let text = hash.unwrap_or_else(|| NOBODY.to_owned());
            let hash = PasswordHash::new(&text).map_err(|error| Refusal::Broken(error.to_string()))?;
            let right = Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok();
            Ok(known && right)
        })
        .await?
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let place = Arc::clone(&self.in_line)
            .try_acquire_owned()
            .map_err(|_| Refusal::Busy)?;
        let (tell, told) = oneshot::channel();
        let gone = || Refusal::Broken("a hashing thread is gone".to_owned());
        let job = Box::new(move || {
            // The place is held by the work itself: a caller who goes away does not make room for another too early.
            let _place = place;
            // Whoever asked may have left.
            let _ = tell.send(work());
        });
        self.done.fetch_add(1, Ordering::Relaxed);
        self.jobs.send(job).map_err(|_| gone())?;
        told.await.map_err(|_| gone())
    }
}

/// Does one job after the other until there can be no more. A job that panics is not answered, and harms no other.
fn work_off(todo: &Mutex<Receiver<Job>>) {
    yield_to_all_else();
    loop {
        let next = todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // The hook has told of it; the answer's sender went with it.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

/// Lets the system run this thread when nothing else of the machine wants to run: whoever signs in waits for an answer
/// to a password that takes long anyway, an order does not wait for both.
fn yield_to_all_else() {
    // A thread has a niceness of its own on Linux only.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(10) {
        tracing::debug!(%error, "passwords are hashed with the priority of all else");
    }
}

/// The hash of `password`, on this thread.
pub(crate) fn hash_now(password: &str, salt: &[u8; 16]) -> Result<String, Refusal> {
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Refusal::Broken(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_is_right_and_nobody_has_none() {
        let hashing = Hashing::default();
        let hash = hashing.hash("correct horse".into(), [3; 16]).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "as costly as the one of nobody: {hash}"
        );
        let right = |password: &str, hash: Option<&str>| {
            hashing.is_right(password.to_owned(), hash.map(str::to_owned))
        };
        assert!(right("correct horse", Some(&hash)).await.unwrap());
        assert!(!right("correct horsf", Some(&hash)).await.unwrap());
        assert!(!right("correct horse", None).await.unwrap());
    }

    #[test]
    fn a_hash_of_other_parameters_is_outdated() {
        assert!(!is_outdated(&hash_now("correct horse", &[3; 16]).unwrap()));
        assert!(is_outdated("$argon2id$v=19$m=4096,t=2,p=1$c2FsdHNhbHQ$aGFzaA"));
        assert!(is_outdated("$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA"));
    }

    #[tokio::test]
    async fn a_flood_is_sent_away_instead_of_piling_up() {
        let hashing = Hashing::new(1, 2);
        let tries = (0..8).map(|_| hashing.is_right("guess".into(), None));
        let outcomes = futures::future::join_all(tries).await;
        let served = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(served, 3);
        assert!(
            outcomes
                .iter()
                .all(|outcome| matches!(outcome, Ok(false) | Err(Refusal::Busy)))
        );
    }
}
