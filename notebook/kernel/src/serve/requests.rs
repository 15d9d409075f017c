//! Requests that the proxy handles without evcxr: replies, refusals, interrupts, the shutdown.

use serde_json::json;

use super::{Proxy, front};
use crate::{
    child::{INTERRUPT, signal as signal_process},
    client::Channel,
    wire::Message,
};

impl Proxy {
    /// Handles a control request; returns whether the kernel shuts down.
    pub(super) async fn control(&mut self, message: &Message) -> bool {
        match message.kind() {
            "shutdown_request" => {
                let restart = message.content["restart"].clone();
                if let Some(backend) = &mut self.backend {
                    backend.end(message).await;
                }
                self.front
                    .reply(
                        Channel::Control,
                        &message.answer("shutdown_reply", json!({ "status": "ok", "restart": restart })),
                    )
                    .await;
                return true;
            }
            "interrupt_request" => {
                // The first interrupt ends a sweep safely and keeps the variables; the second one is evcxr's, which
                // ends the process.
                let repeated = self.current.as_mut().is_some_and(|cell| std::mem::replace(&mut cell.interrupts, true));
                if self.current.is_some()
                    && (repeated || !signal_process(&self.place.path().join("child.pid"), INTERRUPT))
                {
                    self.pass(Channel::Control, message).await;
                }
                self.front.reply(Channel::Control, &message.answer("interrupt_reply", json!({ "status": "ok" }))).await;
            }
            "kernel_info_request" => {
                self.front.reply(Channel::Control, &message.answer("kernel_info_reply", front::kernel_info())).await;
            }
            _ => self.pass(Channel::Control, message).await,
        }
        false
    }

    /// Handles a shell request: answers it, or queues it for evcxr.
    pub(super) async fn request(&mut self, message: Message) {
        let (kind, content) = match message.kind() {
            "kernel_info_request" => ("kernel_info_reply", front::kernel_info()),
            "is_complete_request" => ("is_complete_reply", json!({ "status": "complete" })),
            "history_request" => ("history_reply", json!({ "status": "ok", "history": [] })),
            "comm_info_request" => ("comm_info_reply", json!({ "status": "ok", "comms": {} })),
            _ => return self.waiting.push_back(message),
        };
        self.answer(&message, kind, content).await;
    }

    /// Aborts the cells that were queued before a cell failed.
    pub(super) async fn abort(&mut self) {
        for request in std::mem::take(&mut self.waiting) {
            if request.kind() == "execute_request" {
                self.answer(&request, "execute_reply", json!({ "status": "aborted" })).await;
            } else {
                self.waiting.push_back(request);
            }
        }
    }

    /// Replies to a request that cannot be executed.
    pub(super) async fn refuse(&mut self, request: &Message, problem: &str) {
        let traceback: Vec<_> = problem.lines().collect();
        let content = json!({ "ename": "kernel", "evalue": traceback.first(), "traceback": traceback });
        if request.kind() == "execute_request" {
            self.front.publish(&request.answer("error", content.clone())).await;
        }
        let mut reply = content;
        reply["status"] = json!("error");
        self.answer(request, &request.kind().replace("_request", "_reply"), reply).await;
    }

    /// Answers a request completely: busy, reply, idle.
    pub(super) async fn answer(&mut self, request: &Message, kind: &str, content: serde_json::Value) {
        self.front.publish(&request.answer("status", json!({ "execution_state": "busy" }))).await;
        self.front.reply(Channel::Shell, &request.answer(kind, content)).await;
        self.front.publish(&request.answer("status", json!({ "execution_state": "idle" }))).await;
    }

    /// Passes a message on to evcxr unchanged.
    pub(super) async fn pass(&mut self, channel: Channel, message: &Message) {
        if let Some(backend) = &mut self.backend {
            let _ = backend.client.send(channel, &Message { ids: Vec::new(), ..message.clone() }).await;
        }
    }
}
