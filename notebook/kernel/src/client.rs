//! The client of a kernel: its sockets, each read by a task into one queue.

use std::{net::IpAddr, path::Path, time::Duration};

use jupyter_protocol::ConnectionInfo;
use jupyter_zmq_client::{peek_ports, peer_identity_for_session};
use serde_json::json;
use tokio::sync::mpsc::UnboundedSender;
use zeromq::{DealerSendHalf, DealerSocket, Socket, SocketOptions, SocketRecv, SubSocket};

use crate::wire::{Key, Message, receive, send};

/// The socket of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Shell,
    /// Replies to urgent requests.
    Control,
    /// Requests for input.
    Stdin,
    /// Published messages.
    Iopub,
}

pub struct Client {
    key: Key,
    shell: DealerSendHalf,
    control: DealerSendHalf,
    stdin: DealerSendHalf,
}

/// Makes a connection file for a kernel on free ports of the loopback interface.
pub async fn connection() -> Result<ConnectionInfo, String> {
    let address: IpAddr = [127, 0, 0, 1].into();
    let ports = peek_ports(address, 5).await.map_err(|error| format!("no free ports: {error}"))?;
    let [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports[..] else {
        return Err("no five free ports".into());
    };
    Ok(ConnectionInfo {
        ip: address.to_string(),
        transport: jupyter_protocol::connection_info::Transport::TCP,
        shell_port,
        iopub_port,
        stdin_port,
        control_port,
        hb_port,
        key: uuid::Uuid::new_v4().to_string(),
        signature_scheme: "hmac-sha256".into(),
        kernel_name: None,
    })
}

/// Writes a connection file that only this user can read: it contains the key.
pub fn write(info: &ConnectionInfo, file: &Path) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("cannot write {}: {error}", file.display());
    let text = serde_json::to_string(info).map_err(|error| error.to_string())?;
    let mut options = std::fs::File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(file).map_err(fault)?;
    std::io::Write::write_all(&mut open, text.as_bytes()).map_err(fault)
}

impl Client {
    /// Connects once; the kernel must have bound its ports. Arriving messages go into `queue`, converted by `wrap`.
    pub async fn connect<T: Send + 'static>(
        info: &ConnectionInfo,
        queue: &UnboundedSender<T>,
        wrap: fn(Channel, Message) -> T,
    ) -> Result<Self, String> {
        let key = Key::new(&info.key);
        let session = uuid::Uuid::new_v4().to_string();
        let identity = peer_identity_for_session(&session).map_err(|error| error.to_string())?;
        let dealer = |url: String| {
            let mut options = SocketOptions::default();
            options.peer_identity(identity.clone());
            async move {
                let mut socket = DealerSocket::with_options(options);
                socket.connect(&url).await.map_err(|error| error.to_string())?;
                Ok::<_, String>(socket.split())
            }
        };
        let (shell, from_shell) = dealer(info.shell_url()).await?;
        let (control, from_control) = dealer(info.control_url()).await?;
        let (stdin, from_stdin) = dealer(info.stdin_url()).await?;
        let mut iopub = SubSocket::new();
        iopub.subscribe("").await.map_err(|error| error.to_string())?;
        iopub.connect(&info.iopub_url()).await.map_err(|error| error.to_string())?;
        let listen = |channel| (channel, key.clone(), queue.clone(), wrap);
        spawn(from_shell, listen(Channel::Shell));
        spawn(from_control, listen(Channel::Control));
        spawn(from_stdin, listen(Channel::Stdin));
        spawn(iopub, listen(Channel::Iopub));
        Ok(Self { key, shell, control, stdin })
    }

    /// Connects as soon as the kernel has bound its ports.
    pub async fn connect_patiently<T: Send + 'static>(
        info: &ConnectionInfo,
        queue: &UnboundedSender<T>,
        wrap: fn(Channel, Message) -> T,
    ) -> Self {
        loop {
            if let Ok(client) = Self::connect(info, queue, wrap).await {
                return client;
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    pub async fn send(&mut self, channel: Channel, message: &Message) -> Result<(), String> {
        match channel {
            Channel::Shell => send(&mut self.shell, &self.key, message).await,
            Channel::Control => send(&mut self.control, &self.key, message).await,
            Channel::Stdin => send(&mut self.stdin, &self.key, message).await,
            Channel::Iopub => Ok(()),
        }
    }

    /// Sends a `kernel_info_request`, whose reply shows that the kernel listens. Returns the identifier of the request.
    pub async fn greet(&mut self) -> Result<String, String> {
        let request = Message::request("kernel_info_request", json!({}));
        self.send(Channel::Shell, &request).await?;
        Ok(request.id().into())
    }
}

type Listener<T> = (Channel, Key, UnboundedSender<T>, fn(Channel, Message) -> T);

fn spawn<T: Send + 'static>(mut socket: impl SocketRecv + Send + 'static, (channel, key, queue, wrap): Listener<T>) {
    tokio::spawn(async move {
        while let Some(message) = receive(&mut socket, &key).await {
            if queue.send(wrap(channel, message)).is_err() {
                break;
            }
        }
    });
}
