//! What happens in a run, in words: for the story that is told of it. Nothing follows from these.

use anyhow::Result;
use momfood_client::sync::Answer;
use momfood_domain::id::OrderId;
use momfood_protocol::error::Failure;
use momfood_protocol::feed::StreamEvent;

use super::Life;
use crate::wire::Question;

pub(super) fn name((device, life): Life) -> String {
    format!("device {device}.{life}")
}

/// An id, as far as eyes need it.
pub fn short(id: OrderId) -> String {
    id.0.simple().to_string()[..8].to_owned()
}

pub(super) fn brief_question(question: &Question) -> String {
    match question {
        Question::Sync(request) => {
            let scopes: Vec<String> = request
                .scopes
                .iter()
                .map(|(scope, cursor)| format!("{}@{}", &scope[..scope.len().min(16)], cursor.seq))
                .collect();
            let mids: Vec<i64> = request.mutations.iter().map(|sent| sent.mid).collect();
            format!("sync, hands in {mids:?}, reads {scopes:?}, gap {:?}", request.gap)
        }
        Question::Snapshot(scope, _) => format!("snapshot of {scope}"),
        Question::HasBlob(_) => "has blob".to_owned(),
        Question::PutBlob { offset, .. } => format!("blob from {offset}"),
        Question::Presence(_) => "presence".to_owned(),
    }
}

pub(super) fn brief(answer: &Result<Answer, Failure>) -> String {
    match answer {
        Err(failure) => format!("{:?}", failure.code),
        Ok(Answer::Sync(answer)) => {
            let results: Vec<String> = answer
                .results
                .iter()
                .map(|result| {
                    let code = result.code.map(|code| format!("({code:?})")).unwrap_or_default();
                    format!("{}:{:?}{code}", result.mid, result.status)
                })
                .collect();
            let pages: Vec<String> = answer
                .scopes
                .values()
                .map(|page| {
                    format!(
                        "{}→{}/{}{}{}",
                        page.from,
                        page.to,
                        page.head,
                        if page.reset { " reset" } else { "" },
                        if page.revoked { " revoked" } else { "" }
                    )
                })
                .collect();
            format!(
                "results {results:?}, pages {pages:?}, expects {}, lastMids {:?}",
                answer.expected_mid,
                answer.last_mids.values().collect::<Vec<_>>()
            )
        }
        Ok(Answer::Snapshot(snapshot)) => format!("snapshot at {}", snapshot.seq),
        Ok(Answer::Blob(state)) => format!("blob {}/{}", state.offset, state.length),
        Ok(Answer::Noted) => "noted".to_owned(),
    }
}

pub(super) fn brief_event(event: &StreamEvent) -> String {
    match event {
        StreamEvent::Heads(heads) => format!("heads {:?}", heads.heads.values().collect::<Vec<_>>()),
        StreamEvent::Delta(delta) => format!("delta {}→{}", delta.from, delta.to),
        StreamEvent::Head(head) => format!("head {}", head.head),
        StreamEvent::Position(_) => "position".to_owned(),
        StreamEvent::Resync => "resync".to_owned(),
    }
}
