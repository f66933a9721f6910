//! `congress-server serve`.

use std::io::IsTerminal;
use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

use super::DataArgs;
use crate::app::{App, Config, CookieSecurity};
use crate::limits::OPEN_FILES_WANTED;
use crate::router::router;

/// Serve the app and its API until SIGTERM or Ctrl-C.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Folder of the built app. Without it only the API is served.
    #[arg(long, env = "CONGRESS_DIST", value_name = "DIST")]
    dist: Option<PathBuf>,
    /// Port to listen on.
    #[arg(long, env = "CONGRESS_PORT", default_value_t = 8080)]
    port: u16,
    /// Address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 for everyone in the network.
    #[arg(long, visible_alias = "host", env = "CONGRESS_LISTEN", default_value = "127.0.0.1", value_name = "ADDRESS")]
    listen: IpAddr,
    /// The address that people type, for example https://daihoi.example.vn. Decides whether cookies are `Secure`.
    #[arg(long, env = "CONGRESS_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Whether the device cookie may travel without TLS.
    #[arg(long, env = "CONGRESS_INSECURE_COOKIE", default_value = "auto")]
    insecure_cookie: InsecureCookie,
    /// A reverse proxy of ours stands before the server: believe its X-Forwarded-For and X-Forwarded-Proto.
    #[arg(long, env = "CONGRESS_BEHIND_PROXY")]
    behind_proxy: bool,
    /// What to log, for example `info` or `server=debug`.
    #[arg(long, env = "CONGRESS_LOG", default_value = "info", value_name = "FILTER")]
    log: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum InsecureCookie {
    /// By --public-url; without it, only for localhost, plain addresses and names that end in .local.
    Auto,
    /// Always: for trials without TLS.
    Yes,
    /// Never.
    No,
}

pub async fn serve(args: ServeArgs) -> Result<()> {
    let filter = EnvFilter::try_new(&args.log).with_context(|| format!("--log {} is no filter", args.log))?;
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    if let Some(dist) = args.dist.as_ref().filter(|dist| !dist.join("index.html").exists()) {
        bail!("{} holds no index.html: build the app first", dist.display());
    }
    allow_many_connections();
    let store = args.data.open().await?;
    let config = Config {
        dist: args.dist,
        public_url: args.public_url,
        cookie: match args.insecure_cookie {
            InsecureCookie::Auto => CookieSecurity::Auto,
            InsecureCookie::Yes => CookieSecurity::Insecure,
            InsecureCookie::No => CookieSecurity::Secure,
        },
        behind_proxy: args.behind_proxy,
    };
    let app = App::open(store, config).await?;
    let listener = crate::http::listen((args.listen, args.port).into());
    let listener = listener.with_context(|| format!("cannot listen on {} port {}", args.listen, args.port))?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let stopping = app.clone();
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping");
        stopping.stop();
    });
    crate::http::serve(app.clone(), router(app), listener).await.context("the listener failed")
}

/// The usual limit of 1,024 open files would turn phones away in a full hall.
fn allow_many_connections() {
    match rlimit::increase_nofile_limit(OPEN_FILES_WANTED) {
        Ok(files) if files < OPEN_FILES_WANTED => {
            tracing::warn!(files, "few open files are allowed: raise `ulimit -n`")
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the limit of open files is unknown"),
    }
}

/// Returns at SIGTERM or Ctrl-C.
async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
