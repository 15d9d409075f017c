//! Messages on the wire. Their JSON is kept as it came, so that additions of a newer protocol pass through.
//!
//! Framing and signatures follow the [Jupyter messaging
//! protocol](https://jupyter-client.readthedocs.io/en/stable/messaging.html): identities, `<IDS|MSG>`, the HMAC-SHA256
//! of the four parts, header, parent header, metadata, content, buffers.

use bytes::Bytes;
use jupyter_zmq_client::RawMessage;
use ring::hmac;
use serde_json::{Value, json};
use zeromq::{SocketRecv, SocketSend, ZmqMessage};

#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The sender's identities on a router, which a reply is addressed to.
    pub ids: Vec<Bytes>,
    /// `msg_id`, `msg_type`, `session`, ...
    pub header: Value,
    /// The header of the request that the message belongs to.
    pub parent: Value,
    pub metadata: Value,
    /// The content, whose keys depend on the type.
    pub content: Value,
    pub buffers: Vec<Bytes>,
}

impl Message {
    /// Makes a request.
    pub fn request(kind: &str, content: Value) -> Self {
        Self {
            ids: Vec::new(),
            header: header(kind, "restudy"),
            parent: json!({}),
            metadata: json!({}),
            content,
            buffers: Vec::new(),
        }
    }

    /// Makes a message of another type that belongs to the request `self`, addressed to its sender.
    pub fn answer(&self, kind: &str, content: Value) -> Self {
        let session = self.header["session"].as_str().unwrap_or_default();
        Self {
            ids: self.ids.clone(),
            header: header(kind, session),
            parent: self.header.clone(),
            metadata: json!({}),
            content,
            buffers: Vec::new(),
        }
    }

    pub fn kind(&self) -> &str {
        self.header["msg_type"].as_str().unwrap_or_default()
    }

    pub fn id(&self) -> &str {
        self.header["msg_id"].as_str().unwrap_or_default()
    }

    /// The identifier of the request that the message belongs to.
    pub fn parent_id(&self) -> &str {
        self.parent["msg_id"].as_str().unwrap_or_default()
    }

    fn from_wire(parts: ZmqMessage, key: &Key) -> Result<Self, String> {
        let raw = RawMessage::from_multipart(parts, &key.0).map_err(|error| error.to_string())?;
        let json = |part: usize| serde_json::from_slice(&raw.jparts[part]).map_err(|error| error.to_string());
        let (header, parent, metadata, content) = (json(0)?, json(1)?, json(2)?, json(3)?);
        Ok(Self { header, parent, metadata, content, buffers: raw.jparts[4..].to_vec(), ids: raw.zmq_identities })
    }

    fn to_wire(&self, key: &Key) -> ZmqMessage {
        let parts =
            [&self.header, &self.parent, &self.metadata, &self.content].map(|part| part.to_string().into_bytes());
        let mut frames = self.ids.clone();
        frames.push(Bytes::from_static(b"<IDS|MSG>"));
        frames.push(key.sign(&parts).into());
        frames.extend(parts.map(Bytes::from));
        frames.extend(self.buffers.iter().cloned());
        ZmqMessage::try_from(frames).expect("there are frames")
    }
}

fn header(kind: &str, session: &str) -> Value {
    json!({
        "msg_id": uuid::Uuid::new_v4().to_string(), "session": session, "username": "restudy",
        "date": chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true), "msg_type": kind, "version": "5.3",
    })
}

/// Signs the messages of one kernel; without a key they are unsigned.
#[derive(Clone)]
pub struct Key(Option<hmac::Key>);

impl Key {
    /// Reads the key of a connection file; an empty key means unsigned messages.
    pub fn new(key: &str) -> Self {
        Self((!key.is_empty()).then(|| hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes())))
    }

    fn sign(&self, parts: &[Vec<u8>]) -> String {
        let Some(key) = &self.0 else { return String::new() };
        let mut context = hmac::Context::with_key(key);
        parts.iter().for_each(|part| context.update(part));
        context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

pub async fn send(socket: &mut impl SocketSend, key: &Key, message: &Message) -> Result<(), String> {
    socket.send(message.to_wire(key)).await.map_err(|error| error.to_string())
}

/// Receives a message; `None` once the socket is closed. Malformed and unsigned messages are skipped.
pub async fn receive(socket: &mut impl SocketRecv, key: &Key) -> Option<Message> {
    loop {
        match Message::from_wire(socket.recv().await.ok()?, key) {
            Ok(message) => return Some(message),
            Err(problem) => eprintln!("restudy-kernel: skipped a message: {problem}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_wire_and_a_forged_one_does_not() {
        let key = Key::new("secret");
        let mut message = Message::request("execute_request", json!({ "code": "1", "unknown": [1.5] }));
        message.header["subshell_id"] = json!("kept");
        message.ids = vec![Bytes::from_static(b"who")];
        message.buffers = vec![Bytes::from_static(&[0, 255])];
        assert_eq!(Message::from_wire(message.to_wire(&key), &key).unwrap(), message);
        assert!(Message::from_wire(message.to_wire(&Key::new("other")), &key).is_err());
        assert_eq!(Message::from_wire(message.to_wire(&Key::new("")), &Key::new("")).unwrap(), message);
        let answer = message.answer("execute_reply", json!({}));
        assert_eq!((answer.parent_id(), &answer.ids), (message.id(), &message.ids));
    }
}
