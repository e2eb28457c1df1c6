//! One of everything a screen says about its device, and hears of it.

use momfood_protocol::engine::*;
use uuid::Uuid;

use super::{T, order_id};
use crate::{Golden, reply_of};

const PRINTER: Uuid = Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0011);
const JOB: Uuid = Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0012);

pub fn calls() -> Vec<AnyCall> {
    let id = order_id();
    vec![
        GetDevice {}.into(),
        SetDevice {
            full_screen: Some(true),
            start_at_boot: None,
        }
        .into(),
        AskToNotify {}.into(),
        RegisterPush {
            platform: PushPlatform::Apns,
            token: "740f4707bebcf74f".into(),
        }
        .into(),
        ShareOrder { id }.into(),
        GetSharing { id }.into(),
        StopSharing { id }.into(),
        GetShared {
            token: "4Qy7Jw2mT9kX1bVn0ZcRpA".into(),
        }
        .into(),
        GetProof { id }.into(),
        OpenStation {
            station: Some("grill".into()),
        }
        .into(),
        GetPrinting {}.into(),
        SavePrinter { printer: printer() }.into(),
        RemovePrinter { id: PRINTER }.into(),
        TestPrinter { id: PRINTER }.into(),
        PrintOrder { id }.into(),
        SettlePrint {
            job: JOB,
            again: true,
        }
        .into(),
        GetPace {}.into(),
        Locate {}.into(),
    ]
}

fn printer() -> Printer {
    Printer {
        id: PRINTER,
        name: "الشواية".into(),
        line: PrinterLine::Network {
            host: "192.0.2.7".into(),
            port: 9_100,
        },
        paper: Paper::Wide,
        lang: momfood_domain::text::Lang::Ar,
        stations: vec!["grill".into()],
        automatic: true,
        copies: 2,
    }
}

fn printing() -> Printing {
    let order = PrintJob {
        id: JOB,
        printer: PRINTER,
        order_id: Some(order_id()),
        number: Some("261121-0007".into()),
        state: PrintState::Unsure,
        copy: false,
        attempts: 1,
        at: T,
    };
    let test = PrintJob {
        order_id: None,
        number: None,
        state: PrintState::Printed,
        copy: true,
        ..order.clone()
    };
    let narrow = |line| Printer {
        line,
        paper: Paper::Narrow,
        stations: vec![],
        ..printer()
    };
    let states = [
        (printer(), PrinterHealth::Stalled, Some(T)),
        (
            narrow(PrinterLine::Serial {
                path: "/dev/ttyUSB0".into(),
                baud: 19_200,
            }),
            PrinterHealth::Unreachable,
            Some(T),
        ),
        (
            narrow(PrinterLine::File {
                path: "/dev/usb/lp0".into(),
            }),
            PrinterHealth::Unknown,
            None,
        ),
    ];
    Printing {
        printers: states
            .map(|(printer, health, since)| PrinterState {
                printer,
                health,
                since,
            })
            .into(),
        jobs: vec![order],
        done: vec![test],
        lost: false,
    }
}

fn desktop() -> Device {
    Device {
        kind: DeviceKind::Desktop,
        version: "0.1.0".into(),
        server: "https://momfood.example".into(),
        secrets: Secrets::File,
        full_screen: Some(true),
        start_at_boot: Some(false),
        awake: Some(true),
        windows: true,
        printing: true,
        notifications: Some(true),
    }
}

pub fn replies(golden: &mut Golden) {
    reply_of::<GetDevice>(golden, &Device::default());
    reply_of::<SetDevice>(golden, &desktop());
    let phone = Device {
        kind: DeviceKind::Phone,
        secrets: Secrets::Keychain,
        ..desktop()
    };
    reply_of::<AskToNotify>(golden, &phone);
    reply_of::<RegisterPush>(golden, &Done {});
    let link = ShareLink {
        url: "https://momfood.example/s/4Qy7Jw2mT9kX1bVn0ZcRpA".into(),
        until: T,
    };
    reply_of::<ShareOrder>(golden, &link);
    reply_of::<GetSharing>(golden, &Sharing { link: Some(link) });
    reply_of::<StopSharing>(golden, &Sharing::default());
    reply_of::<GetShared>(
        golden,
        &SharedView {
            order: super::shared_order(),
            stale: false,
        },
    );
    reply_of::<GetProof>(
        golden,
        &ProofPicture {
            kind: momfood_protocol::view::ProofKind::Photo,
            at: T,
            picture: Some("data:image/jpeg;base64,/9j/4AAQSkZJRg==".into()),
        },
    );
    reply_of::<OpenStation>(golden, &Done {});
    reply_of::<GetPrinting>(golden, &Printing::default());
    reply_of::<SavePrinter>(golden, &printing());
    reply_of::<RemovePrinter>(golden, &Printing::default());
    reply_of::<TestPrinter>(golden, &printing());
    reply_of::<PrintOrder>(golden, &printing());
    reply_of::<SettlePrint>(golden, &printing());
    reply_of::<GetPace>(golden, &pace());
    reply_of::<Locate>(golden, &super::position());
}

pub fn pace() -> Pace {
    Pace {
        reason: PaceReason::Close,
        seconds: 4,
        metres: 15,
        exact: true,
    }
}
