//! How to put the app on the home screen of this very phone.

use leptos::prelude::*;

use crate::platform::device::InstallWay;
use crate::state::t;

pub fn steps(way: InstallWay) -> AnyView {
    let words = &t().more;
    let steps: &[&str] = match way {
        InstallWay::Installed => return view! { <p>{words.installed}</p> }.into_any(),
        InstallWay::IosSafari => &words.install_ios,
        InstallWay::IosOther => &words.install_ios_other,
        InstallWay::Android => &words.install_android,
        InstallWay::Desktop => &words.install_desktop,
    };
    let rows = steps.iter().map(|step| view! { <li><span>{*step}</span></li> });
    view! {
        <p class="soft">{words.install_why}</p>
        <ol class="how">{rows.collect_view()}</ol>
    }
    .into_any()
}
