//! What leads people to an order who are not looking at it: where a push service finds the app, links for others, and the
//! picture that shows that an order was handed over.

use std::rc::Rc;

use momfood_protocol::device::ShareLink;
use momfood_protocol::engine::{
    Done, GetProof, GetShared, GetSharing, ProofPicture, PushPlatform, RegisterPush, ShareOrder, SharedView,
    Sharing, StopSharing,
};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::rest::{PushToken, SharedOrder};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bytes::picture_of;
use crate::core::Core;
use crate::http::{Access, Spec};
use crate::port::Method;
use crate::session::signed_in;

/// Where the push token is kept: it is the device's, whoever signs in.
const KEPT: &str = "push";

/// Where a push service finds the app, and who of the server's sessions has said so.
#[derive(Default)]
pub(crate) struct Push {
    token: Option<Token>,
    /// The session for which the server knows it.
    told: Option<(u32, Token)>,
    telling: bool,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Token {
    platform: PushPlatform,
    token: String,
}

/// The last shared order that was looked at, by its link.
pub(crate) type Looked = Option<(String, SharedOrder)>;

/// Takes up what was kept.
pub(crate) fn resume(core: &Core) {
    let token = core.kept::<Token>(KEPT);
    core.state.borrow_mut().push.token = token;
}

/// `RegisterPush`.
pub(crate) fn register(core: &Rc<Core>, call: RegisterPush) -> Done {
    let RegisterPush { platform, token } = call;
    let token = Token { platform, token };
    core.keep(KEPT, Some(&token));
    core.state.borrow_mut().push.token = Some(token);
    hand_in(core);
    Done {}
}

/// Says to the server where the app is found, if somebody is signed in for whom it does not know yet. What gets no
/// answer is said again when the line is live again.
pub(crate) fn hand_in(core: &Rc<Core>) {
    let Ok(generation) = signed_in(core) else { return };
    let token = {
        let push = &mut core.state.borrow_mut().push;
        let Some(token) = push.token.clone() else { return };
        let known = push.told.as_ref() == Some(&(generation, token.clone()));
        if known || push.telling {
            return;
        }
        push.telling = true;
        token
    };
    let task = Rc::clone(core);
    core.spawn(async move {
        let body = PushToken {
            platform: token.platform,
            token: token.token.clone(),
        };
        let answer = task
            .server::<Value>(Spec::send(Method::Put, "push/token", &body))
            .await;
        let newer = {
            let push = &mut task.state.borrow_mut().push;
            push.telling = false;
            let newer = push.token.as_ref() != Some(&token);
            // What the server will not take is not said again and again.
            if answer.is_ok() || answer.is_err_and(|failure| !failure.code.is_temporary()) {
                push.told = Some((generation, token));
            }
            newer
        };
        let another = signed_in(&task).is_ok_and(|now| now != generation);
        if newer || another {
            hand_in(&task);
        }
    });
}

/// `ShareOrder`.
pub(crate) async fn share(core: &Rc<Core>, call: ShareOrder) -> Result<ShareLink, Failure> {
    signed_in(core)?;
    let path = format!("orders/{}/share", call.id);
    core.server(Spec::send(Method::Post, path, &Value::Null)).await
}

/// `GetSharing`.
pub(crate) async fn sharing(core: &Rc<Core>, call: GetSharing) -> Result<Sharing, Failure> {
    signed_in(core)?;
    let link = core
        .server(Spec::get(format!("orders/{}/share", call.id)))
        .await?;
    Ok(Sharing { link })
}

/// `StopSharing`.
pub(crate) async fn stop(core: &Rc<Core>, call: StopSharing) -> Result<Sharing, Failure> {
    signed_in(core)?;
    let path = format!("orders/{}/share", call.id);
    core.server::<Value>(Spec::send(Method::Delete, path, &Value::Null))
        .await?;
    Ok(Sharing::default())
}

/// `GetShared`. Without an answer, the last one is shown, with its own time.
pub(crate) async fn shared(core: &Rc<Core>, call: GetShared) -> Result<SharedView, Failure> {
    let GetShared { token } = call;
    let fits = (1..=64).contains(&token.len())
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !fits {
        return Err(core.failure(ErrorCode::NotFound));
    }
    let spec = Spec::get(format!("shared/{token}")).access(Access::Anyone);
    match core.server::<SharedOrder>(spec).await {
        Ok(order) => {
            core.server_said(order.as_of);
            core.state.borrow_mut().looked = Some((token, order.clone()));
            Ok(SharedView { order, stale: false })
        }
        Err(failure) => {
            let looked = &mut core.state.borrow_mut().looked;
            let Some((_, order)) = looked.as_ref().filter(|(of, _)| *of == token) else {
                return Err(failure);
            };
            if !failure.code.is_temporary() {
                // It is over, or no longer shared: nothing of it is shown again.
                *looked = None;
                return Err(failure);
            }
            let order = order.clone();
            Ok(SharedView { order, stale: true })
        }
    }
}

/// `GetProof`.
pub(crate) async fn proof(core: &Rc<Core>, call: GetProof) -> Result<ProofPicture, Failure> {
    let order = core.order(call.id).await?;
    let proof = order.delivery.and_then(|delivery| delivery.proof);
    let proof = proof.ok_or_else(|| core.failure(ErrorCode::NotFound))?;
    let picture = match &proof.sha256 {
        Some(sha256) => {
            let bytes = core.request(Spec::get(format!("blobs/{sha256}"))).await?;
            Some(picture_of(&bytes).ok_or_else(|| core.failure(ErrorCode::Protocol))?)
        }
        None => None,
    };
    Ok(ProofPicture {
        kind: proof.kind,
        at: proof.at,
        picture,
    })
}
