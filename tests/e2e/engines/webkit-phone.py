#!/usr/bin/python3
# WebKit as WebKitWebDriver starts it, with a profile that outlives it. MiniBrowser forgets everything when it closes,
# and a phone does not. The arguments are the profile's folder and the names of WebKit's features to do without.
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402  the versions must be named before

PROFILE, LACKING = sys.argv[1], set(sys.argv[2:])
PHONE = (360, 740)


def main():
    data = WebKit2.WebsiteDataManager(base_data_directory=PROFILE, base_cache_directory=PROFILE + "/cache")
    cookies = data.get_cookie_manager()
    cookies.set_persistent_storage(PROFILE + "/cookies", WebKit2.CookiePersistentStorage.SQLITE)
    context = WebKit2.WebContext(website_data_manager=data)
    context.set_automation_allowed(True)
    context.connect("automation-started", lambda _, session: automate(context, session))
    Gtk.main()


def automate(context, session):
    about = WebKit2.ApplicationInfo()
    about.set_name("webkit-phone")
    about.set_version(1, 0, 0)
    session.set_application_info(about)
    view = open_window(context)
    session.connect("create-web-view", lambda _: view)


def open_window(context):
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    # What the page says of itself ends in the driver's log.
    view.get_settings().set_enable_write_console_messages_to_stdout(True)
    switch_off(view.get_settings(), LACKING)
    view.connect("close", lambda _: Gtk.main_quit())
    window = Gtk.Window()
    window.set_default_size(*PHONE)
    window.add(view)
    window.show_all()
    view.load_uri("about:blank")
    return view


def switch_off(settings, names):
    features = WebKit2.Settings.get_all_features()
    known = {features.get(at).get_identifier(): features.get(at) for at in range(features.get_length())}
    for name in names:
        settings.set_feature_enabled(known[name], False)


main()
