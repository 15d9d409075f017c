//! The sockets that the front end connects to.

use std::path::Path;

use jupyter_protocol::ConnectionInfo;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;
use zeromq::{PubSocket, RepSocket, RouterSendHalf, RouterSocket, Socket, SocketRecv, SocketSend};

use super::Input;
use crate::{
    client::Channel,
    wire::{Key, Message, receive, send},
};

pub struct Front {
    key: Key,
    iopub: PubSocket,
    shell: RouterSendHalf,
    control: RouterSendHalf,
    stdin: RouterSendHalf,
}

impl Front {
    /// Binds the ports of the connection file, and reads arriving messages into the queue.
    pub async fn bind(file: &Path, queue: &UnboundedSender<Input>) -> Result<Self, String> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        let info: ConnectionInfo = serde_json::from_str(&text)
            .map_err(|error| format!("{} is not a connection file: {error}", file.display()))?;
        let key = Key::new(&info.key);
        let router = |url: String| async move {
            let mut socket = RouterSocket::new();
            socket.bind(&url).await.map_err(|error| format!("cannot bind {url}: {error}"))?;
            Ok::<_, String>(socket.split())
        };
        let (shell, from_shell) = router(info.shell_url()).await?;
        let (control, from_control) = router(info.control_url()).await?;
        let (stdin, from_stdin) = router(info.stdin_url()).await?;
        let mut iopub = PubSocket::new();
        iopub.bind(&info.iopub_url()).await.map_err(|error| format!("cannot bind {}: {error}", info.iopub_url()))?;
        let mut heartbeat = RepSocket::new();
        heartbeat.bind(&info.hb_url()).await.map_err(|error| format!("cannot bind {}: {error}", info.hb_url()))?;
        tokio::spawn(async move {
            while let Ok(beat) = heartbeat.recv().await {
                if heartbeat.send(beat).await.is_err() {
                    break;
                }
            }
        });
        for (channel, mut socket) in
            [(Channel::Shell, from_shell), (Channel::Control, from_control), (Channel::Stdin, from_stdin)]
        {
            let (key, queue) = (key.clone(), queue.clone());
            tokio::spawn(async move {
                while let Some(message) = receive(&mut socket, &key).await {
                    if queue.send(Input::Front(channel, message)).is_err() {
                        break;
                    }
                }
            });
        }
        Ok(Self { key, iopub, shell, control, stdin })
    }

    /// Publishes a message; without subscribers it is dropped.
    pub async fn publish(&mut self, message: &Message) {
        // Subscribers select by the first frame.
        let topic = format!("kernel.{}", message.kind());
        let message = Message { ids: vec![topic.into()], ..message.clone() };
        let _ = send(&mut self.iopub, &self.key, &message).await;
    }

    /// Replies to a request; a front end that has disconnected is no error.
    pub async fn reply(&mut self, channel: Channel, message: &Message) {
        let socket = match channel {
            Channel::Control => &mut self.control,
            Channel::Stdin => &mut self.stdin,
            Channel::Shell | Channel::Iopub => &mut self.shell,
        };
        let _ = send(socket, &self.key, message).await;
    }
}

/// The content of `kernel_info_reply`.
pub fn kernel_info() -> Value {
    json!({
        "status": "ok", "protocol_version": "5.3",
        "implementation": "restudy", "implementation_version": env!("CARGO_PKG_VERSION"),
        "language_info": {
            "name": "rust", "version": "", "mimetype": "text/rust", "file_extension": ".rs",
            "pygments_lexer": "rust", "codemirror_mode": "rust",
        },
        "banner": "Rust (restudy), on evcxr",
        "help_links": [{ "text": "Rust standard library", "url": "https://doc.rust-lang.org/stable/std/" }],
    })
}
