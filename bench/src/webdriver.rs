//! A browser or an app, spoken to through its WebDriver by plain HTTP.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::http::{Ask, Connection};

/// A session; what it drives is closed when it is dropped.
pub struct Session {
    connection: Connection,
    name: String,
    /// What it was given of what it asked for.
    pub capabilities: Value,
}

/// Waits until the driver at `address` answers.
pub fn wait_for_driver(address: SocketAddr, what: &str) -> Result<()> {
    let began = Instant::now();
    while Connection::new(address).send(&Ask::get("/status")).is_err() {
        if began.elapsed() > Duration::from_secs(20) {
            bail!("{what} does not answer");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Sends a WebDriver command; the `value` of its answer.
fn command(connection: &mut Connection, ask: &Ask<'_>) -> Result<Value> {
    let answer = connection.send(ask)?;
    let mut body: Value = serde_json::from_slice(&answer.body)?;
    if !answer.is_success() {
        let message = body["value"]["message"].as_str().unwrap_or("?");
        bail!("the browser: {}", message.lines().next().unwrap_or_default());
    }
    Ok(body["value"].take())
}

impl Session {
    /// Begins one with what `wanted` says always matches.
    pub fn begin(address: SocketAddr, wanted: &Value) -> Result<Self> {
        let body = json!({ "capabilities": { "alwaysMatch": wanted } });
        let mut connection = Connection::new(address);
        let mut answer = command(&mut connection, &Ask::post("/session", &body)?)?;
        let name = answer["sessionId"]
            .as_str()
            .context("a session without a name")?
            .to_owned();
        Ok(Self {
            connection,
            name,
            capabilities: answer["capabilities"].take(),
        })
    }

    /// Sends a command of the session.
    pub fn post(&mut self, what: &str, body: &Value) -> Result<Value> {
        let ask = Ask::post(format!("/session/{}/{what}", self.name), body)?;
        command(&mut self.connection, &ask)
    }

    /// What `script` returns.
    pub fn ask(&mut self, script: &str) -> Result<Value> {
        self.post("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What `script` returns as soon as it is neither null nor false.
    pub fn wait_for(&mut self, what: &str, script: &str, patience: Duration) -> Result<Value> {
        let began = Instant::now();
        loop {
            // While one page gives way to another there may be nobody to ask.
            match self.ask(script) {
                Ok(Value::Null | Value::Bool(false)) | Err(_) if began.elapsed() < patience => {}
                Ok(Value::Null | Value::Bool(false)) => bail!("{what} did not come within {patience:?}"),
                other => return other,
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self
            .connection
            .send(&Ask::delete(format!("/session/{}", self.name)));
    }
}
