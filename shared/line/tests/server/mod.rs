//! A server for tests: enough HTTP/1.1 to read a request with a length and to answer, keep silent or hang up.
#![allow(dead_code, reason = "not every test file uses everything")]

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use line::{ChannelCredentials, ChannelSecret, Client};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use url::Url;

pub const TOKEN: &str = "/oauth2/v3/token";

pub fn channel() -> ChannelCredentials {
    ChannelCredentials { channel_id: "1234567890".into(), secret: ChannelSecret::new("se&cret") }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Answers, and waits for the next request unless `close`.
    Answer { status: u16, headers: String, body: String, close: bool },
    /// Promises a body that never comes.
    HeadOnly,
    /// Sends these bytes and hangs up.
    Raw(&'static str),
    /// Never answers.
    Silence,
    /// Hangs up.
    Close,
}

impl Reply {
    pub fn json(status: u16, body: &str) -> Self {
        Self::Answer { status, headers: String::new(), body: body.to_owned(), close: false }
    }

    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.extend([name, ": ", value, "\r\n"]);
        }
        self
    }

    /// Closes the connection without having announced it.
    pub fn then_close(mut self) -> Self {
        if let Self::Answer { close, .. } = &mut self {
            *close = true;
        }
        self
    }
}

/// The token endpoint's answer; `count` numbers the tokens.
pub fn token_answer(count: usize) -> Reply {
    Reply::json(200, &format!(r#"{{"token_type":"Bearer","access_token":"token-{count}","expires_in":900}}"#))
}

pub fn said(status: u16, message: &str) -> Reply {
    Reply::json(status, &format!(r#"{{"message":"{message}"}}"#))
}

/// A server that issues tokens and answers everything else with `answer`.
pub async fn answering(answer: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |request, count| if request.path == TOKEN { token_answer(count) } else { answer() }).await
}

type Behaviour = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

/// Runs until the test's runtime ends.
pub struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// `behaviour` gets each request, and how many of its path there were with it.
    pub async fn start(behaviour: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), seen: Arc::default(), connections: Arc::default() };
        let (seen, connections, behaviour): (_, _, Arc<Behaviour>) = (server.seen.clone(), server.connections.clone(), Arc::new(behaviour));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(BufReader::new(stream), seen.clone(), behaviour.clone()));
            }
        });
        server
    }

    pub fn address(&self) -> Url {
        format!("http://127.0.0.1:{}", self.port).parse().unwrap()
    }

    /// A client of this server, for both of LINE's hosts.
    pub fn client(&self) -> Client {
        Client::new(&self.address(), &self.address()).unwrap()
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn count(&self, path: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|request| request.path == path).count()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: BufReader<TcpStream>, seen: Arc<Mutex<Vec<Seen>>>, behaviour: Arc<Behaviour>) {
    while let Some(request) = read(&mut stream).await {
        let count = {
            let mut seen = seen.lock().unwrap();
            seen.push(request.clone());
            seen.iter().filter(|known| known.path == request.path).count()
        };
        let (text, close) = match behaviour(&request, count) {
            Reply::Answer { status, headers, body, close } => {
                (format!("HTTP/1.1 {status} Whatever\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()), close)
            }
            Reply::HeadOnly => ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_owned(), false),
            Reply::Raw(text) => (text.to_owned(), true),
            Reply::Silence => (String::new(), false),
            Reply::Close => return,
        };
        if stream.get_mut().write_all(text.as_bytes()).await.is_err() || close {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Seen> {
    let first = line(stream).await?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = line(stream).await?;
        let Some((name, value)) = line.split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Seen { method, path, headers, body: String::from_utf8(body).unwrap() })
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end().to_owned())
}
