//! Two servers and one Redis: what one has counted the other knows; and when Redis goes away, both go on by themselves.

use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::Duration;

use http::Method;
use momfood_backend::limits::{Budget, Budgets, Class};
use momfood_backend::store::Engine;
use momfood_backend::testing::{Folder, TestApp};
use tokio::process::{Child, Command};

use crate::asking::word;

/// A Redis of this test's own, gone with it.
struct Redis {
    server: Child,
    address: SocketAddr,
    folder: Folder,
}

impl Redis {
    async fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let folder = Folder::new("redis");
        let server = Self::run(address, &folder);
        let redis = Self {
            server,
            address,
            folder,
        };
        redis.answers().await;
        redis
    }

    fn run(address: SocketAddr, folder: &Folder) -> Child {
        Command::new("redis-server")
            .args([
                "--port",
                &address.port().to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .arg("--dir")
            .arg(folder.path())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("redis-server: {error}; install the package `redis-server`"))
    }

    async fn answers(&self) {
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(self.address).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("Redis does not answer");
    }

    async fn kill(&mut self) {
        self.server.kill().await.unwrap();
    }

    async fn restart(&mut self) {
        self.server = Self::run(self.address, &self.folder);
        self.answers().await;
    }

    fn url(&self) -> String {
        format!("redis://{}/", self.address)
    }
}

/// A server that shares its budgets: three reads for each address, then one in ten seconds.
async fn server(redis: &Redis) -> TestApp {
    let url = redis.url();
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.redis_url = Some(url.into());
        config.limits = Budgets::none().with(Class::Reads, Some(Budget::a_minute(3, 6)));
    })
    .await;
    app.limits.join().await;
    app
}

async fn look(app: &TestApp, from: &str) -> String {
    word(
        &app.request(Method::GET, "/api/v1/restaurants")
            .from(from)
            .send()
            .await,
    )
}

#[tokio::test]
async fn two_servers_count_together() {
    let redis = Redis::start().await;
    let (one, two) = (server(&redis).await, server(&redis).await);
    assert_eq!(
        [
            look(&one, "6.6.6.6:1").await,
            look(&two, "6.6.6.6:1").await,
            look(&one, "6.6.6.6:1").await
        ],
        ["ok"; 3]
    );
    assert_eq!(
        [look(&one, "6.6.6.6:1").await, look(&two, "6.6.6.6:1").await],
        ["rate_limited"; 2]
    );
    assert_eq!(look(&two, "7.7.7.7:1").await, "ok");
    for app in [&one, &two] {
        app.clock.advance(Duration::from_secs(10));
    }
    assert_eq!(
        [look(&two, "6.6.6.6:1").await, look(&one, "6.6.6.6:1").await],
        ["ok", "rate_limited"]
    );
}

#[tokio::test]
async fn of_many_at_once_on_two_servers_no_more_get_through_than_may() {
    let redis = Redis::start().await;
    let (one, two) = (server(&redis).await, server(&redis).await);
    let asked = (0..40).map(|n| look(if n % 2 == 0 { &one } else { &two }, "6.6.6.6:1"));
    let answers = futures::future::join_all(asked).await;
    assert_eq!(
        answers.iter().filter(|answer| *answer == "ok").count(),
        3,
        "{answers:?}"
    );
}

#[tokio::test]
async fn nothing_in_redis_says_who_asked() {
    let redis = Redis::start().await;
    let app = server(&redis).await;
    look(&app, "6.6.6.6:1").await;
    let mut connection = redis::Client::open(redis.url())
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    let keys: Vec<String> = redis::cmd("KEYS")
        .arg("*")
        .query_async(&mut connection)
        .await
        .unwrap();
    assert_eq!(keys.len(), 1);
    assert!(
        keys[0].starts_with("momfood:limit:reads:") && !keys[0].contains("6.6"),
        "{keys:?}"
    );
    let left: i64 = redis::cmd("PTTL")
        .arg(&keys[0])
        .query_async(&mut connection)
        .await
        .unwrap();
    assert!((1..=10_000).contains(&left), "it does not stay: {left}");
}

#[tokio::test]
async fn without_redis_each_server_goes_on_by_itself_and_nobody_waits() {
    let mut redis = Redis::start().await;
    let (one, two) = (server(&redis).await, server(&redis).await);
    assert_eq!(look(&one, "6.6.6.6:1").await, "ok");
    redis.kill().await;
    // What each has counted itself still holds.
    assert_eq!(
        [
            look(&one, "6.6.6.6:1").await,
            look(&one, "6.6.6.6:1").await,
            look(&one, "6.6.6.6:1").await
        ],
        ["ok", "ok", "rate_limited"]
    );
    let begun = tokio::time::Instant::now();
    assert_eq!(
        [
            look(&two, "6.6.6.6:1").await,
            look(&two, "6.6.6.6:1").await,
            look(&two, "6.6.6.6:1").await
        ],
        ["ok"; 3]
    );
    assert_eq!(look(&two, "6.6.6.6:1").await, "rate_limited");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    // And when it is back, they count together again.
    redis.restart().await;
    for app in [&one, &two] {
        app.limits.join().await;
    }
    assert_eq!(
        [
            look(&one, "8.8.8.8:1").await,
            look(&two, "8.8.8.8:1").await,
            look(&one, "8.8.8.8:1").await,
            look(&two, "8.8.8.8:1").await
        ],
        ["ok", "ok", "ok", "rate_limited"]
    );
}

#[tokio::test]
async fn a_redis_that_says_nothing_keeps_nobody_waiting() {
    let redis = Redis::start().await;
    let app = server(&redis).await;
    let mut connection = redis::Client::open(redis.url())
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    let _: () = redis::cmd("CLIENT")
        .arg("PAUSE")
        .arg(3_000)
        .query_async(&mut connection)
        .await
        .unwrap();
    let begun = tokio::time::Instant::now();
    assert_eq!(
        [look(&app, "6.6.6.6:1").await, look(&app, "6.6.6.6:1").await],
        ["ok"; 2]
    );
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}
