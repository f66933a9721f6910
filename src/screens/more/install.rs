//! How to put the app on the home screen of this very phone.

use crate::parts::blocks::write_paragraph;
use crate::parts::html::Html;
use crate::platform::device::InstallWay;
use crate::state::t;

pub fn write(html: &mut Html, way: InstallWay) {
    let words = t().more();
    let steps: &[&str] = match way {
        InstallWay::Installed => return write_paragraph(html, "", words.installed),
        InstallWay::IosSafari => &words.install_ios,
        InstallWay::IosOther => &words.install_ios_other,
        InstallWay::Android => &words.install_android,
        InstallWay::Desktop => &words.install_desktop,
    };
    write_paragraph(html, "soft", words.install_why);
    html.markup("<ol class=\"how\">");
    for step in steps {
        html.markup("<li>").span("", step).markup("</li>");
    }
    html.markup("</ol>");
}
