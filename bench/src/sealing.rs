//! What keeping an order's address sealed costs: a database of this process, made as the server makes it, and the very
//! calls that placing and reading an order make.

use std::time::Instant;

use anyhow::{Context, Result};
use momfood_backend::clock::Clock;
use momfood_backend::sealed::sources::FileKeys;
use momfood_backend::sealed::{self, Field, Opener};
use momfood_backend::store::{Open, StoreError};
use momfood_domain::id::UserId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::folder::Folder;
use crate::report::{Report, Table};
use crate::stats::Samples;

/// Orders sealed for the figure.
const ORDERS: u128 = 5_000;
/// The column an order's address is in.
const FIELD: Field = Field::new("orders", "delivery_address");

/// Sealing and opening the address of an order.
pub fn run(report: &mut Report) -> Result<()> {
    let folder = Folder::new("sealing")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("a runtime")?;
    let seen = runtime.block_on(measure(&folder))?;
    let mut table = Table::new(
        "Sealing an order's address, in this process, SQLite",
        ["", "number", "mean µs", "p50 µs", "p99 µs"],
    );
    for (name, samples) in [
        ("sealed, a customer who has a key", &seen.again),
        ("sealed, with a new customer's key", &seen.first),
        ("opened, the key read with it", &seen.opened),
    ] {
        let summary = samples.summary();
        table.row(vec![
            name.into(),
            summary.count.into(),
            (samples.mean().as_secs_f64() * 1e6).into(),
            (summary.p50 * 1e3).into(),
            (summary.p99 * 1e3).into(),
        ]);
    }
    report.table(table);
    Ok(())
}

#[derive(Default)]
struct Seen {
    again: Samples,
    first: Samples,
    opened: Samples,
}

async fn measure(folder: &Folder) -> Result<Seen> {
    let clock = Clock::system();
    let url = format!("sqlite:{}", folder.path().join("sealing.db").display());
    let open = Open {
        url: &url,
        readers: 1,
        connections: 1,
    };
    let db = open.connect().await.context("a database")?;
    db.migrate().await.context("its schema")?;
    let keys = FileKeys::at(folder.path().join("master.keys"));
    sealed::start(&db, &keys, &clock).await?;
    let seen = db.write(async move |mut tx| {
        let mut seen = Seen::default();
        let address = address();
        let mut sealed = Vec::new();
        for order in 0..ORDERS {
            // Twice each: the first makes the person's key.
            for samples in [&mut seen.first, &mut seen.again] {
                let began = Instant::now();
                let text =
                    sealed::seal_json(&mut tx, person(order), FIELD, &order.to_be_bytes(), &address).await?;
                samples.add(began.elapsed());
                sealed.push((order, text));
            }
        }
        for (order, text) in &sealed {
            let began = Instant::now();
            let opener = Opener::of(&mut tx, [person(*order)]).await?;
            let opened = opener.open(person(*order), FIELD, &order.to_be_bytes(), text)?;
            let read = opened.json::<Value>();
            seen.opened.add(began.elapsed());
            debug_assert_eq!(read.as_ref(), Some(&address));
        }
        Ok::<_, StoreError>(seen)
    });
    let seen = seen.await?;
    db.close().await;
    Ok(seen)
}

fn person(number: u128) -> UserId {
    UserId(Uuid::from_u128(number + 1))
}

fn address() -> Value {
    json!({
        "label": "المنزل",
        "point": { "lat": 24.774_265, "lon": 46.738_586 },
        "shortAddress": "RAHA3443",
        "line": "شارع العليا، مبنى 12، شقة 7",
        "landmark": "خلف البوابة الزرقاء",
        "note": "اتصل عند الوصول",
    })
}
